"""The result cache: explicit keys, plain bytes, one computation per key at a time.

Flask-Caching is its interface, over process memory, a folder or Redis. Its `memoize` is not used:
it makes keys from `repr`, and lets concurrent requests compute the same value. If Redis is down,
results are computed and not shared.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_app_context
from flask_caching import Cache

from app.metrics import CACHE
from app.settings import SettingError, Settings
from app.storage.codec import CodecError, pack, unpack
from app.storage.folder_lock import folder_lock
from app.storage.redis_client import RedisClient
from app.storage.singleflight import SingleFlight

log = logging.getLogger(__name__)
EXTENSION = "saddlescape-results"
LOCKS = 64  # lock files shared by the workers of one server


class Results:
    """The result cache of one app; concurrent requests for a key share one computation.

    backend: the Flask-Caching backend, storing bytes.
    """

    def __init__(self, server: Flask, settings: Settings) -> None:
        """Install the cache on `server`; raises SettingError for an unusable folder or Redis."""
        self._locks = Path(settings.cache_dir) / "locks" if settings.cache_dir else None
        if self._locks:
            try:
                self._locks.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                reason = f"no folder can be made there ({error.strerror})"
                raise SettingError("CACHE_DIR", settings.cache_dir, reason) from None
        cache = Cache(with_jinja2_ext=False)
        cache.init_app(server, config_of(settings))
        self.backend: Any = server.extensions["cache"][cache]
        self._flights = SingleFlight[Any]()
        server.extensions[EXTENSION] = self

    def get(self, key: str, compute: Callable[[], Any], kept: bool = True) -> Any:
        """Return the value of `key`, a full description of what `compute` computes.

        kept: whether a new value is stored. Then its arrays are read-only, and it is read back from
        its bytes, so that a hit cannot differ from a miss. An exception of `compute` is raised to
        every waiting caller and is not cached.
        """
        name = hashlib.sha256(key.encode()).hexdigest()
        if (found := self._lookup(name)) is not None:
            CACHE.labels("hit").inc()
            return found
        make = (lambda: self._compute(name, compute)) if kept else lambda: self._pass(compute)
        value, joined = self._flights.do(name, make)
        if joined:
            CACHE.labels("joined").inc()
        return value

    def _pass(self, compute: Callable[[], Any]) -> Any:
        CACHE.labels("passed").inc()
        return compute()

    def _compute(self, name: str, compute: Callable[[], Any]) -> Any:
        with self._lock(name):
            if (found := self._lookup(name)) is not None:
                CACHE.labels("joined").inc()  # another worker stored it after the first lookup
                return found
            CACHE.labels("miss").inc()
            data = pack(compute())
            self.backend.set(name, data)
            return unpack(data)

    def _lookup(self, name: str) -> Any:
        data = self.backend.get(name)
        if not isinstance(data, bytes):
            return None
        try:
            return unpack(data)
        except CodecError as error:
            log.warning("A cached result is ignored: %s", error)
            return None

    def _lock(self, name: str) -> AbstractContextManager[object]:
        """Return a lock that keeps the server's other workers from computing `name` as well."""
        if self._locks is None:
            return nullcontext()
        return folder_lock(self._locks / f"{int(name[:8], 16) % LOCKS}", wait=True)


def config_of(settings: Settings) -> dict[str, Any]:
    """Return Flask-Caching's configuration: Redis, else a folder, else process memory."""
    common = {
        "CACHE_DEFAULT_TIMEOUT": settings.cache_days * 86_400,
        "CACHE_THRESHOLD": settings.cache_entries,
    }
    if settings.cache_redis_url:
        return common | {
            "CACHE_TYPE": "app.storage.backends.RedisBackend",
            "SADDLESCAPE_REDIS": RedisClient(settings),
        }
    if settings.cache_dir:
        folder = Path(settings.cache_dir) / "results"
        return common | {
            "CACHE_TYPE": "app.storage.backends.FolderBackend",
            "CACHE_DIR": str(folder),
        }
    return common | {"CACHE_TYPE": "SimpleCache"}


def results() -> Results | None:
    """Return the result cache of the current app; None outside an app, as in a script."""
    return current_app.extensions.get(EXTENSION) if has_app_context() else None


def backend_of(server: Flask) -> Any:
    """Return the backend of an app's result cache."""
    return server.extensions[EXTENSION].backend
