"""Which sweeps are requested, and the lease of the one process that computes each.

In a folder, shared by the workers of one machine, a lease is a lock file; it ends with its
process. In Redis, shared by machines, it is a redis-py Lock that its owner renews.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from app.settings import Settings
from app.storage.backends import RedisBackend
from app.storage.folder_lock import folder_lock
from app.storage.redis_client import PREFIX, RedisClient
from simulation.storage import FolderStore, Store, user_folder

LEASE = 10  # seconds for which a lease in Redis lasts when its owner is gone
DAY = 86_400


class Leases(Protocol):
    """The requested sweeps and their leases, by name."""

    def request(self, name: str) -> None:
        """Ask for the sweep to be computed."""

    def withdraw(self, name: str) -> None:
        """Take the request back."""

    def requested(self, name: str) -> bool:
        """Return whether the sweep is requested."""

    def acquire(self, name: str) -> Any:
        """Return a context: True for the one process that is to compute it, False for others."""


class FolderLeases:
    """Leases in a folder that the processes of one machine share."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._marks = folder, FolderStore(folder)
        self._here: set[str] = set()  # where the folder cannot be written to

    def request(self, name: str) -> None:
        """Ask for the sweep to be computed."""
        self._here.add(name)
        self._marks.set(f"{name}.wanted", b"")

    def withdraw(self, name: str) -> None:
        """Take the request back."""
        self._here.discard(name)
        self._marks.drop(f"{name}.wanted")

    def requested(self, name: str) -> bool:
        """Return whether the sweep is requested."""
        if os.access(self._folder, os.W_OK):
            return self._marks.get(f"{name}.wanted") is not None
        return name in self._here

    @contextmanager
    def acquire(self, name: str) -> Iterator[bool]:
        """Yield True to the one process that holds the lock file."""
        with folder_lock(self._folder / f"{name}.lock", wait=False) as held:
            yield held


class RedisLeases:
    """Leases in a Redis that several machines share; without an answer, this process's own."""

    def __init__(
        self, redis: RedisClient, seconds: int, lease: float = LEASE, renewal: float = LEASE / 3
    ) -> None:
        """Keep requests for `seconds`, leases for `lease` s, renewed each `renewal` s."""
        self._redis, self._seconds, self._lease, self._renewal = redis, seconds, lease, renewal
        self._here: set[str] = set()  # requests of this process, for when Redis is lost on the way

    def request(self, name: str) -> None:
        """Ask for the sweep to be computed."""
        self._here.add(name)
        self._redis.call(self._redis.raw.set, _mark(name), b"1", ex=self._seconds, default=None)

    def withdraw(self, name: str) -> None:
        """Take the request back."""
        self._here.discard(name)
        self._redis.call(self._redis.raw.delete, _mark(name), default=None)

    def requested(self, name: str) -> bool:
        """Return whether the sweep is requested."""
        return bool(
            self._redis.call(self._redis.raw.exists, _mark(name), default=name in self._here)
        )

    @contextmanager
    def acquire(self, name: str) -> Iterator[bool]:
        """Yield True to the one process that holds the lease, renewed until the context ends."""
        lock = self._redis.raw.lock(
            f"{PREFIX}{name}.claim", timeout=self._lease, blocking=False, thread_local=False
        )
        if not self._redis.call(lock.acquire, default=True):
            yield False
            return
        over = threading.Event()
        renewal = threading.Thread(
            target=self._renew, args=(lock, over), name=f"lease {name}", daemon=True
        )
        renewal.start()
        try:
            yield True
        finally:
            over.set()
            self._redis.call(_if_owned, lock.release, default=False)

    def _renew(self, lock: Any, over: threading.Event) -> None:
        """Renew the lease until `over`; stops where another process has it by now."""
        while not over.wait(self._renewal):
            if not self._redis.call(_if_owned, lock.reacquire, default=True):
                return


def _if_owned(action: Any) -> bool:
    """Do what only the owner of a lock may do; return whether this process is the owner."""
    from redis.exceptions import LockError  # noqa: PLC0415 - only where Redis is used

    try:
        action()
    except LockError:
        return False
    return True


def _mark(name: str) -> str:
    return f"{PREFIX}{name}.wanted"


def leases_of(settings: Settings, backend: Any) -> tuple[Store, Leases]:
    """Return where tiles and leases lie: Redis, else the cache folder, else the user's cache.

    backend: that of the app's results; its Redis client serves both.
    """
    seconds = settings.cache_days * DAY
    if isinstance(backend, RedisBackend):
        return backend, RedisLeases(backend.redis, seconds)
    folder = Path(settings.cache_dir) / "sweeps" if settings.cache_dir else user_folder()
    prepare(folder, seconds)
    return FolderStore(folder), FolderLeases(folder)


def prepare(folder: Path, seconds: float) -> None:
    """Make the folder; drop the files that were not written to for so many seconds."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if time.time() - file.stat().st_mtime > seconds:
                file.unlink(missing_ok=True)
    except OSError:
        return
