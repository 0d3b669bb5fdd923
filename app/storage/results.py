"""Results kept between requests: explicit keys, plain bytes, each computed once at a time.

Flask-Caching holds them (in the process, a folder or Redis); its `memoize` is not used, for it
makes keys from `repr` and lets a crowd compute the same thing at once. A shared cache that is down
or hung is a slow day, not an outage (DESIGN.md section 10).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_app_context
from flask_caching import Cache

from app.metrics import CACHE
from app.settings import Settings
from app.storage.backends import PlainBytes
from app.storage.codec import CodecError, pack, unpack
from app.storage.singleflight import SingleFlight

try:
    import fcntl
except ImportError:  # Windows: one process serves
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)
EXTENSION = "saddlescape-results"
LOCKS = 64  # lock files shared by the workers of one server


class Results:
    """The results of one app: looked up, else computed once, whoever asks at the same moment."""

    def __init__(self, server: Flask, settings: Settings) -> None:
        cache = Cache(with_jinja2_ext=False)
        cache.init_app(server, config_of(settings))
        self._backend = server.extensions["cache"][cache]
        self._flights = SingleFlight[Any]()
        self._folder = Path(settings.cache_dir) / "locks" if settings.cache_dir else None
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
        server.extensions[EXTENSION] = self

    def get(self, key: str, compute: Callable[[], Any]) -> Any:
        """The value of `key`, a full description of what `compute` computes; read-only arrays.

        A value is always read back from its bytes: a hit cannot differ from a miss. What
        `compute` raises is raised to all who wait for it, and is not kept.
        """
        name = hashlib.sha256(key.encode()).hexdigest()
        if (found := self._look(name)) is not None:
            CACHE.labels("hit").inc()
            return found
        value, joined = self._flights.do(name, lambda: self._compute(name, compute))
        if joined:
            CACHE.labels("joined").inc()
        return value

    def _compute(self, name: str, compute: Callable[[], Any]) -> Any:
        with self._alone(name):
            if (found := self._look(name)) is not None:
                CACHE.labels("joined").inc()  # somebody was at it since the first look
                return found
            CACHE.labels("miss").inc()
            data = pack(compute())
            self._backend.set(name, data)
            return unpack(data)

    def _look(self, name: str) -> Any:
        data = self._backend.get(name)
        if not isinstance(data, bytes):
            return None
        try:
            return unpack(data)
        except CodecError as error:
            log.warning("A cached result is passed over: %s", error)
            return None

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Holds the others of this server's workers back from `name`.

        The lock is the kernel's: it goes with a worker that dies.
        """
        if self._folder is None or fcntl is None:
            yield
            return
        with open(self._folder / f"{int(name[:8], 16) % LOCKS}", "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def config_of(settings: Settings) -> dict[str, Any]:
    """Flask-Caching's configuration: Redis, a folder or the process, in this order."""
    common = {
        "CACHE_DEFAULT_TIMEOUT": settings.cache_days * 86_400,
        "CACHE_KEY_PREFIX": "saddlescape:",
        "CACHE_SERIALIZER": PlainBytes,
        "CACHE_THRESHOLD": settings.cache_entries,
    }
    if settings.cache_redis_url:
        return common | {
            "CACHE_TYPE": "app.storage.backends.PatientRedis",
            "CACHE_REDIS_URL": settings.cache_redis_url,
            "CACHE_TIMEOUT_MS": settings.cache_timeout_ms,
            "CACHE_PAUSE_S": settings.cache_pause_s,
        }
    if settings.cache_dir:
        folder = Path(settings.cache_dir) / "results"
        folder.parent.mkdir(parents=True, exist_ok=True)
        return common | {"CACHE_TYPE": "app.storage.backends.Folder", "CACHE_DIR": str(folder)}
    return common | {"CACHE_TYPE": "SimpleCache"}


def results() -> Results | None:
    """The results of the app at hand; None outside an app (a script, a test of the engine)."""
    return current_app.extensions.get(EXTENSION) if has_app_context() else None
