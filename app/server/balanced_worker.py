"""A gunicorn worker class that balances open connections between the workers.

gunicorn's own workers race for new connections. When a class opens one link, a single worker can
accept all of them, keep them alive, and serve the class on one core while the others are idle.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Callable
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SLOT = struct.Struct("=id")  # connections; time of the record, s
SLOTS = mmap.PAGESIZE // SLOT.size
STALE = 3.0  # s after which a record counts no more; workers write one a second
RECHECK = 0.02  # s between two reads of a worker that does not accept


class ConnectionCounts:
    """The open connections of each worker, in memory shared by a parent and its forks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._memory, self._clock = mmap.mmap(-1, mmap.PAGESIZE), clock

    def record(self, worker: int, connections: int) -> None:
        """Record the connections of worker number `worker`."""
        at = worker % SLOTS * SLOT.size
        SLOT.pack_into(self._memory, at, connections, self._clock())

    def remove(self, worker: int) -> None:
        """Remove worker number `worker`."""
        SLOT.pack_into(self._memory, worker % SLOTS * SLOT.size, 0, 0.0)

    def fewest(self) -> int | None:
        """Return the fewest connections among recent records; None where there is none."""
        since = self._clock() - STALE
        records = SLOT.iter_unpack(self._memory[: SLOTS * SLOT.size])
        return min((count for count, when in records if when > since), default=None)


connection_counts = ConnectionCounts()  # made in the parent, before it forks


class BalancedWorker(ThreadWorker):  # type: ignore[misc]
    """Accept connections only while no other worker has fewer."""

    def notify(self) -> None:
        """Record the worker's count and compare it with the others'; called in each turn."""
        super().notify()
        connection_counts.record(self.age, self.nr_conns)
        fewest = connection_counts.fewest()
        ahead = fewest is not None and self.nr_conns > fewest
        self.worker_connections = 0 if ahead else self.cfg.worker_connections

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Run one turn; a short one while not accepting, for the others' counts may change."""
        super().wait_for_and_dispatch_events(min(timeout, RECHECK) if not self._accepting
                                             else timeout)  # fmt: skip


def register_all(server: Any) -> None:
    """gunicorn's when_ready: register the workers about to start, with no connection."""
    for number in range(server.cfg.workers):
        connection_counts.record(server.worker_age + 1 + number, 0)


def register(server: Any, worker: Any) -> None:
    """gunicorn's pre_fork: register a worker that replaces another."""
    connection_counts.record(worker.age, 0)
