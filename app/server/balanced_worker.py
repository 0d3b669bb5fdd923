"""A gunicorn worker class that balances open connections between the workers.

gunicorn's own workers race for new connections: when many clients connect at once, one worker can
accept all of them and, with keep-alive, serve them on one core while the other workers are idle.
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
STALE = 3.0  # seconds after which a record expires; workers write one a second
RECHECK = 0.02  # seconds between two checks of a worker that does not accept


class ConnectionCounts:
    """The open connections of each worker, in memory shared by a parent process and its forks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._memory, self._clock = mmap.mmap(-1, mmap.PAGESIZE), clock

    def record(self, worker: int, connections: int) -> None:
        """Record the connections of worker number `worker`."""
        at = worker % SLOTS * SLOT.size
        SLOT.pack_into(self._memory, at, connections, self._clock())

    def remove(self, worker: int) -> None:
        """Remove the record of worker number `worker`."""
        SLOT.pack_into(self._memory, worker % SLOTS * SLOT.size, 0, 0.0)

    def fewest(self) -> int | None:
        """Return the fewest connections among unexpired records; None if there are none."""
        since = self._clock() - STALE
        records = SLOT.iter_unpack(self._memory[: SLOTS * SLOT.size])
        return min((count for count, when in records if when > since), default=None)


connection_counts = ConnectionCounts()  # made in the parent, before it forks


class BalancedWorker(ThreadWorker):  # type: ignore[misc]
    """A worker that accepts connections only while no other worker has fewer."""

    def notify(self) -> None:
        """Record the worker's count and compare it with the others'; called once per loop."""
        super().notify()
        connection_counts.record(self.age, self.nr_conns)
        fewest = connection_counts.fewest()
        ahead = fewest is not None and self.nr_conns > fewest
        self.worker_connections = 0 if ahead else self.cfg.worker_connections

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Run one loop iteration, with a short timeout while not accepting."""
        super().wait_for_and_dispatch_events(min(timeout, RECHECK) if not self._accepting
                                             else timeout)  # fmt: skip


def register_all(server: Any) -> None:
    """gunicorn's `when_ready` hook: register the initial workers, with no connections."""
    for number in range(server.cfg.workers):
        connection_counts.record(server.worker_age + 1 + number, 0)


def register(server: Any, worker: Any) -> None:
    """gunicorn's `pre_fork` hook: register a replacement worker."""
    connection_counts.record(worker.age, 0)
