"""Sweeps shared through a real Redis: one process computes, another takes over when it dies."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.settings import Settings
from app.storage.redis_client import RedisClient
from app.sweep_jobs.jobs import name_of
from app.sweep_jobs.leases import DAY, RedisLeases
from simulation.storage import MemoryStore
from simulation.sweeps.grid import format_sweep, parse_sweep
from simulation.sweeps.runner import run_sweep
from simulation.sweeps.tiles import tiles
from tests.deploy.redis_server import RedisServer, installed, running_redis
from tests.deploy.sweeping import LEASE, sharing
from tests.deploy.web_server import ROOT
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(not installed(), reason="redis-server is not installed")

# Nothing escapes: every tile takes its whole time.
SWEEP = parse_sweep(
    "landscape=quadratic&N=256&T=10000&R=100&run=0.9&x=beta:0:0.5:16&y=eta:1e-7:1e-6:16:log"
)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


def other_process(url: str) -> subprocess.Popen[str]:
    """Another process that computes the sweep: a line out and a line in for each tile."""
    command = [sys.executable, "-m", "tests.deploy.sweeping", url, format_sweep(SWEEP)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)  # fmt: skip


def test_of_two_processes_one_computes_and_the_other_takes_over_when_it_dies(
    redis: RedisServer,
) -> None:
    ours, store, _ = sharing(redis.url)
    theirs = other_process(redis.url)
    assert theirs.stdout is not None
    assert theirs.stdin is not None
    try:
        for _ in range(3):
            theirs.stdout.readline()
            assert ours.status(SWEEP).state == "running"  # looked at here, computed there
            theirs.stdin.write("\n")
            theirs.stdin.flush()
        theirs.stdout.readline()  # the fourth is put, and it waits
        assert store.put == 0
    finally:
        theirs.kill()
        theirs.wait()
    already = len(redis.client().keys("saddlescape:tile-*"))
    assert already == 4 < len(tiles(SWEEP))
    (claim,) = redis.client().keys("saddlescape:*.claim")
    assert 0 < redis.client().ttl(claim) <= LEASE  # it said no good-bye: the claim is still there
    redis.client().delete(claim)  # as when its lease ends
    wait_for(lambda: ours.status(SWEEP).state == "done")
    assert store.put == len(tiles(SWEEP)) - already
    with ThreadPoolExecutor(1) as pool:
        alone = run_sweep(SWEEP, pool, MemoryStore())
    assert ours.measured(SWEEP).tobytes() == alone.tobytes()
    wait_for(lambda: not redis.client().keys("saddlescape:*.claim"))
    assert not redis.client().keys("saddlescape:*.wanted")


def test_cancelled_anywhere_it_stops_in_the_process_that_computes(redis: RedisServer) -> None:
    ours, store, shared = sharing(redis.url)
    theirs = other_process(redis.url)
    assert theirs.stdout is not None
    assert theirs.stdin is not None
    try:
        theirs.stdout.readline()
        ours.cancel(SWEEP)
        theirs.stdin.close()  # it goes on without waiting
        wait_for(lambda: not redis.client().keys("saddlescape:*.claim"))
        stopped = len(redis.client().keys("saddlescape:tile-*"))
        assert stopped < len(tiles(SWEEP))
        assert ours.status(SWEEP).state == "idle"
        with shared.acquire(name_of(SWEEP)) as mine:
            assert mine
        assert store.put == 0
    finally:
        theirs.kill()
        theirs.wait()


KEY = "saddlescape:sweep.claim"


def renewing() -> bool:
    return any(thread.name == "lease sweep" for thread in threading.enumerate())


def leases(redis: RedisServer) -> RedisLeases:
    """Leases of one process, renewed as soon as can be."""
    client = RedisClient(Settings(cache_redis_url=redis.url, cache_timeout_ms=1000))
    return RedisLeases(client, DAY, LEASE, renewal=0.01)


def test_a_lease_is_one_processes_and_is_renewed_until_it_ends(redis: RedisServer) -> None:
    client = redis.client()
    with leases(redis).acquire("sweep") as mine:
        assert mine
        with leases(redis).acquire("sweep") as also:
            assert not also
        held = client.get(KEY)  # who was refused has not ended it
        assert held
        client.expire(KEY, LEASE // 2)
        wait_for(lambda: client.ttl(KEY) > LEASE // 2)
        assert client.get(KEY) == held
    assert not client.exists(KEY)


def test_a_lease_that_has_passed_to_another_is_neither_renewed_nor_ended(
    redis: RedisServer,
) -> None:
    client = redis.client()
    with leases(redis).acquire("sweep") as mine:
        assert mine
        client.set(KEY, b"another", ex=LEASE // 2)  # it ran out, and another process took it
        wait_for(lambda: not renewing())
        assert 0 < client.ttl(KEY) <= LEASE // 2
    assert client.get(KEY) == b"another"


def test_a_lease_survives_a_redis_that_is_lost_on_the_way(redis: RedisServer) -> None:
    one = leases(redis)
    one.request("sweep")
    with one.acquire("sweep") as mine:
        assert mine
        redis.kill()
        assert one.requested("sweep")
    one.withdraw("sweep")
    assert not one.requested("sweep")
    with one.acquire("sweep") as mine:  # nobody to ask: this process computes on its own
        assert mine


def test_without_redis_a_process_computes_on_its_own(redis: RedisServer) -> None:
    small = SWEEP.replace(steps=100, paths=4)
    redis.kill()
    ours, _, _ = sharing(redis.url)
    ours.start(small)
    wait_for(lambda: ours.status(small).state == "done")
