"""`python -m tests.deploy.sweeping URL QUERY`: a process that computes a sweep.

After each tile it writes a line, how many it has put into the Redis at URL, and reads a line
before it goes on. It ends with the sweep.
"""

from __future__ import annotations

import sys
import threading

from app.settings import Settings
from app.storage.backends import RedisBackend
from app.storage.redis_client import RedisClient
from app.sweep_jobs.jobs import Sweeps
from app.sweep_jobs.leases import DAY, RedisLeases
from simulation.storage import Store
from simulation.sweeps.grid import parse_sweep

LEASE = 1000  # seconds: no claim runs out on a slow machine


class Telling:
    """A Store that counts the tiles put into it; says the count and waits for a line."""

    def __init__(self, inner: Store, say: bool = False) -> None:
        self._inner, self._say, self.put = inner, say, 0

    def get(self, key: str) -> bytes | None:
        return self._inner.get(key)

    def set(self, key: str, value: bytes) -> None:
        self._inner.set(key, value)
        self.put += 1
        if self._say:
            print(self.put, flush=True)
            sys.stdin.readline()


def sharing(url: str, say: bool = False) -> tuple[Sweeps, Telling, RedisLeases]:
    """The sweeps of one process on a shared Redis, its store and its leases."""
    redis = RedisClient(Settings(cache_redis_url=url, cache_timeout_ms=1000))
    leases = RedisLeases(redis, DAY, LEASE)
    store = Telling(RedisBackend(redis, DAY), say)
    return Sweeps(store, leases, threads=1), store, leases


def main() -> None:
    url, query = sys.argv[1:]
    sweeps, _, _ = sharing(url, say=True)
    sweep = parse_sweep(query)
    sweeps.start(sweep)
    while sweeps.status(sweep).state != "done":
        threading.Event().wait(0.05)


if __name__ == "__main__":
    main()
