"""Single flight: concurrent calls for one key share one computation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """The computations under way in this process, by key."""

    def __init__(self) -> None:
        self._flights: dict[str, Future[T]] = {}
        self._lock = threading.Lock()

    def do(self, key: str, make: Callable[[], T]) -> tuple[T, bool]:
        """Return (value, joined); joined is True if another caller was already computing this key.

        An exception of `make` is raised to every waiting caller.
        """
        with self._lock:
            flight, new = self._flights.get(key), Future[T]()
            if flight is None:
                self._flights[key] = new
        if flight is not None:
            return flight.result(), True
        try:
            new.set_result(make())
        except BaseException as error:
            new.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._flights[key]
        return new.result(), False
