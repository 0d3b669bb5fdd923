"""Serve the page and the naive page side by side."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = ("ours", "naive")


@contextmanager
def served(name: str, delay: float) -> Iterator[str]:
    """The address of a page served with `delay` ms added to each answer."""
    command = [sys.executable, "-m", "benchmarks.page.serve", name, str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        finally:
            server.terminate()
