"""The Redis client: short time-outs, no retries, and one shared circuit breaker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from app.metrics import CACHE_FAULTS
from app.settings import SettingError, Settings
from app.storage.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)
PREFIX = "saddlescape:"  # prefix of every key in Redis
T = TypeVar("T")


class RedisClient:
    """A client whose calls return a default if Redis is down or does not answer in time."""

    def __init__(self, settings: Settings) -> None:
        """Create a client for `settings.cache_redis_url`; connects on the first call.

        Raises SettingError if the URL is invalid or the package redis is missing.
        """
        url, timeout = settings.cache_redis_url, settings.cache_timeout_ms / 1000
        try:
            import redis  # noqa: PLC0415 - only where Redis is used
            from redis.backoff import NoBackoff  # noqa: PLC0415
            from redis.retry import Retry  # noqa: PLC0415

            self.raw: Any = redis.Redis.from_url(
                url,
                socket_timeout=timeout,
                socket_connect_timeout=timeout,
                retry=Retry(NoBackoff(), 0),
            )
        except ImportError:
            needs = "it needs the package redis (pip install 'saddlescape[server]')"
            raise SettingError("CACHE_REDIS_URL", url, needs) from None
        except (ValueError, TypeError) as error:
            raise SettingError("CACHE_REDIS_URL", url, str(error)) from None
        self._faults = (redis.RedisError, OSError)
        self.breaker = CircuitBreaker(settings.cache_pause_s)

    def call(self, function: Callable[..., T], *args: Any, default: T, **options: Any) -> T:
        """Return function(*args, **options), or `default` if Redis is unavailable."""
        if not self.breaker.allows():
            return default
        try:
            answer = function(*args, **options)
        except self._faults as fault:
            self.breaker.failed()
            CACHE_FAULTS.inc()
            log.warning("Redis does not answer (%s); going on without it", type(fault).__name__)
            return default
        self.breaker.succeeded()
        return answer
