"""A circuit breaker for a service that may be down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

try:
    import fcntl
except ImportError:  # Windows: one process serves
    fcntl = None  # type: ignore[assignment]


class CircuitBreaker:
    """Lets a failed service alone for `pause` seconds, then lets one caller try it."""

    def __init__(self, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = pause, clock
        self._lock = threading.Lock()
        self._open_until = 0.0

    def allows(self) -> bool:
        """Whether to call now; after a pause only the first who asks may, until it succeeds."""
        with self._lock:
            now = self._clock()
            if now < self._open_until:
                return False
            if self._open_until:
                self._open_until = now + self._pause  # the others wait for this one's news
            return True

    def failed(self) -> None:
        """The call failed."""
        with self._lock:
            self._open_until = self._clock() + self._pause

    def succeeded(self) -> None:
        """The call succeeded: everybody may call."""
        if self._open_until:
            with self._lock:
                self._open_until = 0.0
