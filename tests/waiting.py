"""Waiting for events of other threads and processes, on a machine of any speed."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable

PATIENCE = 300  # seconds after which a test that waits fails instead of hanging

Process = subprocess.Popen[bytes]


def wait_for(happened: Callable[[], object], process: Process | None = None) -> None:
    """Return once it has happened; raise TimeoutError after PATIENCE or when `process` ends."""
    tick = threading.Event()
    for _ in range(PATIENCE * 20):
        if happened():
            return
        if process and process.poll() is not None:
            break
        tick.wait(0.05)
    raise TimeoutError("it did not come to pass")
