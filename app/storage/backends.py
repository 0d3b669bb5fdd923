"""Flask-Caching backends that store plain bytes, never pickles: a folder and Redis."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from flask_caching.backends.base import BaseCache

from app.storage.redis_client import PREFIX, RedisClient
from simulation.storage import FolderStore

PRUNE_EVERY = 16  # results stored between two prunings of the folder


class FolderBackend(BaseCache):
    """Results in a folder shared by the workers of one server; the oldest are dropped.

    cachelib's FileSystemCache keeps its file count in another file and, once full, reads all files
    for each new one, which takes several ms. Here the files are counted once per PRUNE_EVERY new
    ones.
    """

    def __init__(self, folder: Path, entries: int, default_timeout: int) -> None:
        super().__init__(default_timeout=default_timeout)
        self._store, self._entries, self._stored = FolderStore(folder), entries, 0

    @classmethod
    def factory(
        cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]
    ) -> FolderBackend:
        """Return a backend from Flask-Caching's configuration."""
        return cls(
            Path(config["CACHE_DIR"]), config["CACHE_THRESHOLD"], config["CACHE_DEFAULT_TIMEOUT"]
        )

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a key; None if there are none or they have expired."""
        path = self._store.folder / key
        return self._store.get(key) if _written(path) > self._oldest() else None

    def set(self, key: str, value: bytes, timeout: Any = None) -> bool:
        """Store bytes; no error if the folder is not writable."""
        self._store.set(key, value)
        now = time.time_ns()  # finer than the file system's clock: orders files written together
        with suppress(OSError):
            os.utime(self._store.folder / key, ns=(now, now))
        self._stored += 1
        if self._stored % PRUNE_EVERY == 0:
            self._prune()
        return True

    def _oldest(self) -> float:
        return time.time() - self.default_timeout

    def _prune(self) -> None:
        ages = sorted((_written(path), path) for path in self._files())
        kept = [path for _, path in ages if not path.name.startswith(".")][-self._entries :]
        for written, path in ages:
            unfinished = path.name.startswith(".") and written > self._oldest()
            if not unfinished and path not in kept:
                self._store.drop(path.name)

    def _files(self) -> Iterator[Path]:
        with suppress(OSError):
            yield from (path for path in self._store.folder.iterdir() if path.is_file())


def _written(path: Path) -> float:
    """Return a file's modification time in seconds; 0 if there is no file."""
    try:
        return path.stat().st_mtime_ns / 1e9
    except OSError:
        return 0.0


class RedisBackend(BaseCache):
    """Bytes in a Redis shared by servers; also a Store of the engine, for the tiles of sweeps."""

    def __init__(self, redis: RedisClient, default_timeout: int) -> None:
        super().__init__(default_timeout=default_timeout)
        self.redis = redis

    @classmethod
    def factory(
        cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]
    ) -> RedisBackend:
        """Return a backend from Flask-Caching's configuration."""
        return cls(config["SADDLESCAPE_REDIS"], config["CACHE_DEFAULT_TIMEOUT"])

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a key; None if there are none or Redis is unavailable."""
        found: bytes | None = self.redis.call(self.redis.raw.get, PREFIX + key, default=None)
        return found

    def set(self, key: str, value: bytes, timeout: Any = None) -> bool:
        """Store bytes; return whether Redis stored them."""
        seconds = self.default_timeout
        return bool(
            self.redis.call(self.redis.raw.set, PREFIX + key, value, ex=seconds, default=False)
        )
