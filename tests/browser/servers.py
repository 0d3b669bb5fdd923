"""Run the page's server in a process of its own, on a free port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start_server(**environment: str) -> tuple[subprocess.Popen[str], str]:
    """Start a server; return its process and the address that it prints when it is ready."""
    quiet = {"PYTHONUNBUFFERED": "1", "LOG_LEVEL": "error"}
    server = subprocess.Popen(
        [sys.executable, "-m", "app", "--port", "0"],
        cwd=ROOT,
        env=os.environ | quiet | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://\S+/", line):
            return server, found[0]
    server.wait(10)
    raise RuntimeError(f"the server ended with code {server.returncode} before it was ready")


def stop_server(server: subprocess.Popen[str]) -> None:
    server.terminate()
    server.wait(10)


@contextmanager
def running_server(**environment: str) -> Iterator[str]:
    """Yield the address of a server that runs as long as the block."""
    server, address = start_server(**environment)
    try:
        yield address
    finally:
        stop_server(server)
