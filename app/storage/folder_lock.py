"""Locks between the processes of one machine, as files in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

POLL = 0.01  # seconds between two attempts of a waiting process


@contextmanager
def folder_lock(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock file `path`; yield whether this process holds it.

    wait: block until the lock is free; else yield False if another process or thread holds it. The
    operating system releases the lock of a process that ends. In a folder that is not writable
    nothing is shared, and every process gets True.
    """
    lock = FileLock(path, poll_interval=POLL)
    try:
        lock.acquire(blocking=wait)
        held = True
    except Timeout:
        held = False
    except OSError:
        held = True
    try:
        yield held
    finally:
        if lock.is_locked:
            lock.release()
