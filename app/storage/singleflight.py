"""Single flight: what several ask for at the same moment is made once.

DESIGN.md section 10.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """What is being made now, by key, in this process."""

    def __init__(self) -> None:
        self._flights: dict[str, Future[T]] = {}
        self._lock = threading.Lock()

    def do(self, key: str, make: Callable[[], T]) -> tuple[T, bool]:
        """What `make` makes, and whether somebody else was at it already.

        What `make` raises is raised to all who wait for it.
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
