"""A gunicorn worker that leaves a new connection to whoever has fewer.

gunicorn's own workers race for connections. When a class opens one link, whoever wakes first takes
all of them, keeps them alive, and serves the class on one core beside idle ones.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Callable
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SLOT = struct.Struct("=id")  # connections; when last said, s
SLOTS = mmap.PAGESIZE // SLOT.size
STALE = 3.0  # s after which a worker that says nothing counts no more; they speak once a second
RECHECK = 0.02  # s between two looks of a worker that leaves connections to others


class ConnectionCounts:
    """How many connections each worker has, in memory that a parent and its forks share."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._memory, self._clock = mmap.mmap(-1, mmap.PAGESIZE), clock

    def record(self, worker: int, connections: int) -> None:
        """Worker number `worker` has so many."""
        at = worker % SLOTS * SLOT.size
        SLOT.pack_into(self._memory, at, connections, self._clock())

    def remove(self, worker: int) -> None:
        """Worker number `worker` is gone."""
        SLOT.pack_into(self._memory, worker % SLOTS * SLOT.size, 0, 0.0)

    def fewest(self) -> int | None:
        """The fewest connections of a worker that has spoken lately; None where none has."""
        since = self._clock() - STALE
        said = SLOT.iter_unpack(self._memory[: SLOTS * SLOT.size])
        return min((count for count, when in said if when > since), default=None)


connection_counts = ConnectionCounts()  # made in the parent, before it forks


class BalancedWorker(ThreadWorker):  # type: ignore[misc]
    """Accepts a connection only while no other worker has fewer."""

    def notify(self) -> None:
        """Called once in each turn of the worker's loop: says its count, looks at the others'."""
        super().notify()
        connection_counts.record(self.age, self.nr_conns)
        fewest = connection_counts.fewest()
        ahead = fewest is not None and self.nr_conns > fewest
        self.worker_connections = 0 if ahead else self.cfg.worker_connections

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One turn; short while it does not accept, for the others' counts may change."""
        super().wait_for_and_dispatch_events(min(timeout, RECHECK) if not self._accepting
                                             else timeout)  # fmt: skip


def register_all(server: Any) -> None:
    """gunicorn's when_ready: those about to start count already, with no connection."""
    for number in range(server.cfg.workers):
        connection_counts.record(server.worker_age + 1 + number, 0)


def register(server: Any, worker: Any) -> None:
    """gunicorn's pre_fork: the same for one that takes another's place."""
    connection_counts.record(worker.age, 0)
