"""Requests of sweeps, and the lease of the one process that computes each.

In a folder, shared by the workers of one machine, a lease is a lock file, released when its process
ends. In Redis, shared by machines, it is a redis-py Lock that its owner renews.
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

LEASE = 10  # seconds until a lease in Redis expires unless it is renewed
DAY = 86_400


class Leases(Protocol):
    """The requested sweeps and their leases, by name."""

    def request(self, name: str) -> None:
        """Request that the sweep be computed."""

    def withdraw(self, name: str) -> None:
        """Withdraw the request."""

    def requested(self, name: str) -> bool:
        """Return whether the sweep is requested."""

    def acquire(self, name: str) -> Any:
        """Return a context manager; its value is True in one process only, the one to compute."""


class FolderLeases:
    """Leases in a folder shared by the processes of one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._marks = folder, FolderStore(folder)
        self._here: set[str] = set()  # requests of this process, used if the folder is not writable

    def request(self, name: str) -> None:
        """Request that the sweep be computed."""
        self._here.add(name)
        self._marks.set(f"{name}.wanted", b"")

    def withdraw(self, name: str) -> None:
        """Withdraw the request."""
        self._here.discard(name)
        self._marks.drop(f"{name}.wanted")

    def requested(self, name: str) -> bool:
        """Return whether the sweep is requested."""
        if os.access(self._folder, os.W_OK):
            return self._marks.get(f"{name}.wanted") is not None
        return name in self._here

    @contextmanager
    def acquire(self, name: str) -> Iterator[bool]:
        """Yield True in the one process that holds the lock file, else False."""
        with folder_lock(self._folder / f"{name}.lock", wait=False) as held:
            yield held


class RedisLeases:
    """Leases in a Redis shared by machines; per process while Redis is unavailable."""

    def __init__(
        self, redis: RedisClient, seconds: int, lease: float = LEASE, renewal: float = LEASE / 3
    ) -> None:
        """Keep requests for `seconds` s and leases for `lease` s, renewed every `renewal` s."""
        self._redis, self._seconds, self._lease, self._renewal = redis, seconds, lease, renewal
        self._here: set[str] = set()  # requests of this process, used while Redis is unavailable

    def request(self, name: str) -> None:
        """Request that the sweep be computed."""
        self._here.add(name)
        self._redis.call(self._redis.raw.set, _mark(name), b"1", ex=self._seconds, default=None)

    def withdraw(self, name: str) -> None:
        """Withdraw the request."""
        self._here.discard(name)
        self._redis.call(self._redis.raw.delete, _mark(name), default=None)

    def requested(self, name: str) -> bool:
        """Return whether the sweep is requested."""
        return bool(
            self._redis.call(self._redis.raw.exists, _mark(name), default=name in self._here)
        )

    @contextmanager
    def acquire(self, name: str) -> Iterator[bool]:
        """Yield True in the process that holds the lease, renewing it, else False."""
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
        """Renew the lease until `over` is set; return early if another process holds it."""
        while not over.wait(self._renewal):
            if not self._redis.call(_if_owned, lock.reacquire, default=True):
                return


def _if_owned(action: Any) -> bool:
    """Call `action`, which only a lock's owner may; return whether this process is the owner."""
    from redis.exceptions import LockError  # noqa: PLC0415 - only where Redis is used

    try:
        action()
    except LockError:
        return False
    return True


def _mark(name: str) -> str:
    return f"{PREFIX}{name}.wanted"


def leases_of(settings: Settings, backend: Any) -> tuple[Store, Leases]:
    """Return the store of tiles and the leases.

    Both are in Redis, else in the cache folder, else in the user's cache folder. backend: the
    backend of the app's results; its Redis client serves both.
    """
    seconds = settings.cache_days * DAY
    if isinstance(backend, RedisBackend):
        return backend, RedisLeases(backend.redis, seconds)
    folder = Path(settings.cache_dir) / "sweeps" if settings.cache_dir else user_folder()
    prepare(folder, seconds)
    return FolderStore(folder), FolderLeases(folder)


def prepare(folder: Path, seconds: float) -> None:
    """Create the folder; delete files older than `seconds`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if time.time() - file.stat().st_mtime > seconds:
                file.unlink(missing_ok=True)
    except OSError:
        return
