"""Flask-Caching backends that store plain bytes: a folder and Redis."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from cachelib.serializers import BaseSerializer
from flask import Flask
from flask_caching.backends.filesystemcache import FileSystemCache
from flask_caching.backends.rediscache import RedisCache

from app.metrics import CACHE_FAULTS
from app.storage.circuit_breaker import CircuitBreaker

try:
    import fcntl
except ImportError:  # Windows: one process serves
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)


SWEEP = 16  # new results between two looks at how many there are


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
        cache.breaker = CircuitBreaker(config["CACHE_PAUSE_S"])
        cache.faults = (redis.RedisError, OSError)
        return cache

    breaker: CircuitBreaker
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
