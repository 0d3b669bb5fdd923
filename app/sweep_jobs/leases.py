"""Who computes which sweep: what is wanted, and one process at a time at each (see jobs.py).

In a folder, shared by the workers of one machine, a claim is a lock on a file, which ends with its
process. In Redis, shared by machines, it is a key that its owner renews.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from app.settings import Settings
from app.storage.circuit_breaker import CircuitBreaker
from simulation.store import FolderStore, Store, user_folder

LEASE = 10  # seconds for which a claim in Redis holds when its owner is gone
DAY = 86_400
# Redis does a script as one step: a claim that has passed to another process is left alone.
RENEW = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('expire', KEYS[1], ARGV[2])"
RELEASE = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1])"


class Leases(Protocol):
    """What is wanted, and who is at it."""

    def request(self, name: str) -> None:
        """Somebody wants it."""

    def withdraw(self, name: str) -> None:
        """Nobody wants it any more."""

    def requested(self, name: str) -> bool:
        """Whether somebody wants it."""

    def acquire(self, name: str) -> Any:
        """A context: True for the one process that is to compute it, False for the others."""


class FolderLeases:
    """Claims in a folder that the processes of one machine share."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._marks = folder, FolderStore(folder)
        self._here: dict[str, bytes] = {}  # where the folder cannot be written to

    def request(self, name: str) -> None:
        """Somebody wants it."""
        self._here[name] = b""
        self._marks.set(f"{name}.wanted", b"")

    def withdraw(self, name: str) -> None:
        """Nobody wants it any more."""
        self._here.pop(name, None)
        self._marks.drop(f"{name}.wanted")

    def requested(self, name: str) -> bool:
        """Whether somebody wants it."""
        if os.access(self._folder, os.W_OK):
            return self._marks.get(f"{name}.wanted") is not None
        return name in self._here

    @contextmanager
    def acquire(self, name: str) -> Iterator[bool]:
        """True for the one process that holds the lock."""
        try:
            file = (self._folder / f"{name}.lock").open("w")
        except OSError:
            yield True
            return
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True


class RedisLeases:
    """Claims and tiles in a Redis that several machines share; without it, this process's own."""

    def __init__(
        self,
        client: Any,
        faults: tuple[type[Exception], ...],
        settings: Settings,
        lease: int = LEASE,
    ) -> None:
        self._client, self._faults, self._lease = client, faults, lease
        self._breaker = CircuitBreaker(settings.cache_pause_s)
        self._seconds = settings.cache_days * DAY
        self._here: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        answer = self._ask(lambda: (self._client.get(_key(key)),))
        return self._here.get(key) if answer is None else answer[0]

    def set(self, key: str, value: bytes) -> None:
        """Keeps the bytes."""
        self._ask(lambda: self._client.set(_key(key), value, ex=self._seconds))
        if key.endswith(".wanted"):  # goes on where Redis is lost on the way
            self._here[key] = value

    def request(self, name: str) -> None:
        """Somebody wants it."""
        self.set(f"{name}.wanted", b"1")

    def withdraw(self, name: str) -> None:
        """Nobody wants it any more."""
        self._here.pop(f"{name}.wanted", None)
        self._ask(lambda: self._client.delete(_key(f"{name}.wanted")))

    def requested(self, name: str) -> bool:
        """Whether somebody wants it."""
        return self.get(f"{name}.wanted") is not None

    @contextmanager
    def acquire(self, name: str) -> Iterator[bool]:
        """True for the one process that set the key, which renews it until the context ends."""
        key, token, over = _key(f"{name}.claim"), secrets.token_bytes(8), threading.Event()
        answer = self._ask(lambda: (self._client.set(key, token, nx=True, ex=self._lease),))
        if answer is not None and not answer[0]:
            yield False
            return

        def renew() -> None:
            while not over.wait(self._lease / 3):
                self._ask(lambda: self._client.eval(RENEW, 1, key, token, self._lease))

        threading.Thread(target=renew, daemon=True).start()
        try:
            yield True
        finally:
            over.set()
            self._ask(lambda: self._client.eval(RELEASE, 1, key, token))

    def _ask(self, call: Any) -> Any:
        """The answer, or None where Redis does not answer."""
        if not self._breaker.allows():
            return None
        try:
            answer = call()
        except self._faults:
            self._breaker.failed()
            return None
        self._breaker.succeeded()
        return answer


def _key(name: str) -> str:
    return f"saddlescape:{name}"


def redis_leases(settings: Settings, lease: int = LEASE) -> RedisLeases:
    """Claims in the Redis that the settings name."""
    import redis  # noqa: PLC0415 - only where Redis is used

    timeout = settings.cache_timeout_ms / 1000
    client = redis.Redis.from_url(
        settings.cache_redis_url, socket_timeout=timeout, socket_connect_timeout=timeout
    )
    return RedisLeases(client, (redis.RedisError, OSError), settings, lease)


def leases_of(settings: Settings) -> tuple[Store, Leases]:
    """Where tiles and claims lie: Redis, else the cache folder, else the user's own cache."""
    if settings.cache_redis_url:
        shared = redis_leases(settings)
        return shared, shared
    folder = Path(settings.cache_dir) / "sweeps" if settings.cache_dir else user_folder()
    prepare(folder, settings.cache_days * DAY)
    return FolderStore(folder), FolderLeases(folder)


def prepare(folder: Path, seconds: float) -> None:
    """Makes the folder and drops what has not been touched for so long."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if time.time() - file.stat().st_mtime > seconds:
                file.unlink(missing_ok=True)
    except OSError:
        return
