"""A circuit breaker for a service that may be unavailable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Open for `pause` seconds after a failure, then half-open for one trial call."""

    def __init__(self, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = pause, clock
        self._lock = threading.Lock()
        self._open_until = 0.0

    def allows(self) -> bool:
        """Return whether to call now; after the pause, True for the first caller only."""
        with self._lock:
            now = self._clock()
            if now < self._open_until:
                return False
            if self._open_until:
                self._open_until = now + self._pause  # the others wait for the trial call
            return True

    def failed(self) -> None:
        """Open the breaker after a failed call."""
        with self._lock:
            self._open_until = self._clock() + self._pause

    def succeeded(self) -> None:
        """Close the breaker after a successful call."""
        if self._open_until:
            with self._lock:
                self._open_until = 0.0
