"""Results kept between requests: explicit keys, plain bytes, each computed once at a time.

Flask-Caching holds them (in the process, a folder or Redis); its `memoize` is not used, for it
makes keys from `repr` and lets a crowd compute the same thing at once. A shared cache that is down
or hung is a slow day, not an outage (DESIGN.md section 10).
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cachelib.serializers import BaseSerializer
from flask import Flask, current_app, has_app_context
from flask_caching import Cache
from flask_caching.backends.filesystemcache import FileSystemCache
from flask_caching.backends.rediscache import RedisCache

from app.codec import CodecError, pack, unpack
from app.flights import Flights
from app.metrics import CACHE, CACHE_FAULTS
from app.settings import Settings

try:
    import fcntl
except ImportError:  # Windows: one process serves
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)
EXTENSION = "saddlescape-results"
SWEEP = 16  # new results between two looks at how many there are
LOCKS = 64  # lock files shared by the workers of one server


class PlainBytes(BaseSerializer):
    """Values are bytes and are stored as they are. Nothing is ever unpickled."""

    def dumps(self, value: bytes | int, protocol: int = 0) -> bytes:
        """The stored form of a value."""
        return value if isinstance(value, bytes) else b""

    def loads(self, bvalue: bytes | None) -> bytes | None:
        """The value of a stored form."""
        return bvalue

    def dump(self, value: bytes | int, f: IO[bytes], protocol: int = 0) -> None:
        """Writes the stored form to a file."""
        f.write(value if isinstance(value, bytes) else b"")

    def load(self, f: IO[bytes]) -> bytes | None:
        """Reads a stored form from a file."""
        return f.read()


class Breaker:
    """Lets a failed service alone for `pause` seconds, then lets one caller try it."""

    def __init__(self, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = pause, clock
        self._lock = threading.Lock()
        self._closed_until = 0.0

    def allows(self) -> bool:
        """Whether to call now; after a pause only the first who asks may, until it succeeds."""
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                return False
            if self._closed_until:
                self._closed_until = now + self._pause  # the others wait for this one's news
            return True

    def failed(self) -> None:
        """The call failed."""
        with self._lock:
            self._closed_until = self._clock() + self._pause

    def succeeded(self) -> None:
        """The call succeeded: everybody may call."""
        if self._closed_until:
            with self._lock:
                self._closed_until = 0.0


class Folder(FileSystemCache):
    """Results in a folder that the workers of one server share; the oldest go.

    cachelib counts its files in one more file and, once full, reads all of them for each new one:
    several ms. Here the folder is looked through after every SWEEP new results.
    """

    serializer = PlainBytes()  # type: ignore[assignment]
    _stored = 0

    def _update_count(self, delta: int | None = None, value: int | None = None) -> None:
        """Nothing: files are counted where they lie."""

    def _prune(self) -> None:
        self._stored += 1
        if self._stored % SWEEP == 0:
            ages = sorted((written(path), path) for path in self._list_dir())
            for _, path in ages[: max(0, len(ages) - self._threshold)]:
                Path(path).unlink(missing_ok=True)


def written(path: str) -> float:
    """When a file was written; 0 where it is gone."""
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0


class PatientRedis(RedisCache):
    """Redis that answers soon or not at all: short time-outs, no retries, a breaker."""

    serializer = PlainBytes()  # type: ignore[assignment]

    @classmethod
    def factory(
        cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]
    ) -> PatientRedis:
        """Made by Flask-Caching from CACHE_REDIS_URL and the two SADDLESCAPE settings."""
        import redis  # noqa: PLC0415 - only where Redis is used
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        timeout = config["CACHE_TIMEOUT_MS"] / 1000
        client = redis.Redis.from_url(
            config["CACHE_REDIS_URL"],
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
        )
        cache = cls(client, key_prefix=config["CACHE_KEY_PREFIX"], **kwargs)
        cache.breaker = Breaker(config["CACHE_PAUSE_S"])
        cache.faults = (redis.RedisError, OSError)
        return cache

    breaker: Breaker
    faults: tuple[type[Exception], ...]

    def get(self, key: str) -> Any:
        """The stored bytes, or None where there are none or Redis does not answer."""
        return self._guarded(super().get, key)

    def set(self, key: str, value: Any, timeout: Any = None) -> Any:
        """Stores bytes; None where Redis does not answer."""
        return self._guarded(super().set, key, value, timeout)

    def _guarded(self, call: Callable[..., Any], *args: Any) -> Any:
        if not self.breaker.allows():
            return None
        try:
            answer = call(*args)
        except self.faults as fault:
            self.breaker.failed()
            CACHE_FAULTS.inc()
            log.warning("Redis does not answer (%s); going on without it", type(fault).__name__)
            return None
        self.breaker.succeeded()
        return answer


class Results:
    """The results of one app: looked up, else computed once, whoever asks at the same moment."""

    def __init__(self, server: Flask, settings: Settings) -> None:
        cache = Cache(with_jinja2_ext=False)
        cache.init_app(server, config_of(settings))
        self._backend = server.extensions["cache"][cache]
        self._flights = Flights[Any]()
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
        value, joined = self._flights.once(name, lambda: self._compute(name, compute))
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
            "CACHE_TYPE": "app.cache.PatientRedis",
            "CACHE_REDIS_URL": settings.cache_redis_url,
            "CACHE_TIMEOUT_MS": settings.cache_timeout_ms,
            "CACHE_PAUSE_S": settings.cache_pause_s,
        }
    if settings.cache_dir:
        folder = Path(settings.cache_dir) / "results"
        folder.parent.mkdir(parents=True, exist_ok=True)
        return common | {"CACHE_TYPE": "app.cache.Folder", "CACHE_DIR": str(folder)}
    return common | {"CACHE_TYPE": "SimpleCache"}


def results() -> Results | None:
    """The results of the app at hand; None outside an app (a script, a test of the engine)."""
    return current_app.extensions.get(EXTENSION) if has_app_context() else None
