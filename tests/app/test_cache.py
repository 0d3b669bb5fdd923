"""The cache: computed once, exact, and a page that goes on when it fails."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from app.metrics import CACHE_FAULTS
from app.settings import Settings
from app.storage.backends import PRUNE_EVERY
from app.storage.circuit_breaker import CircuitBreaker
from app.storage.results import Results
from tests.deploy.redis_server import RedisServer, installed, running_redis
from tests.waiting import PATIENCE, wait_for

KEY = "a canonical experiment"
REDIS = pytest.param("redis", marks=pytest.mark.deploy)
BACKENDS = ("process", "folder", REDIS)


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    if not installed():
        pytest.skip("redis-server is not installed")
    with running_redis() as server:
        yield server


@pytest.fixture(params=BACKENDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        server.client().flushall()
        return Settings(cache_redis_url=server.url, cache_dir=str(tmp_path))
    return Settings(cache_dir=str(tmp_path) if request.param == "folder" else "")


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.done = 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> np.ndarray:
        self.done += 1
        self.gate.wait()
        return np.random.default_rng(self.done).standard_normal(1000)


def test_a_hit_is_the_miss_bit_for_bit(settings: Settings) -> None:
    work = Work()
    first, again = Results(Flask("a"), settings), Results(Flask("b"), settings)
    value = first.get(KEY, work)
    assert first.get(KEY, work).tobytes() == value.tobytes()
    if settings.cache_dir:  # shared with another worker
        assert again.get(KEY, work).tobytes() == value.tobytes()
    assert work.done == 1


def test_a_folder_keeps_the_newest(tmp_path: Path) -> None:
    results = Results(Flask("a"), Settings(cache_dir=str(tmp_path), cache_entries=5))
    for i in range(100):
        results.get(str(i), lambda i=i: i)
        files = [f for f in (tmp_path / "results").iterdir() if f.is_file()]
        assert len(files) <= 5 + PRUNE_EVERY
    work = Work()
    assert [results.get(str(i), work) for i in range(95, 100)] == list(range(95, 100))
    assert work.done == 0
    results.get("0", work)
    assert work.done == 1


def test_long_keys_that_look_alike_do_not_collide(settings: Settings) -> None:
    results = Results(Flask("a"), settings)
    keys = ["0.1," * 2000 + last for last in ("1", "1.0", "2")]
    assert [results.get(key, lambda key=key: key[-3:]) for key in keys] == [k[-3:] for k in keys]


def test_a_crowd_computes_once(settings: Settings) -> None:
    work, results = Work(), Results(Flask("a"), settings)
    work.gate.clear()
    ready = threading.Barrier(17)

    def one() -> bytes:
        ready.wait()
        return results.get(KEY, work).tobytes()

    with ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(one) for _ in range(16)]
        ready.wait()
        work.gate.set()
        assert len({answer.result() for answer in answers}) == 1
    assert work.done == 1


def test_who_looked_too_early_does_not_compute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another may store the result between one's look and one's turn."""
    work, results = Work(), Results(Flask("a"), settings)
    results.get(KEY, work)
    lookup, early = results._lookup, iter([0])
    monkeypatch.setattr(results, "_lookup", lambda name: lookup(name) if next(early, 1) else None)
    results.get(KEY, work)
    assert next(early, 1) == 1  # it did look too early
    assert work.done == 1


def test_a_fault_reaches_all_who_wait_and_is_not_kept(settings: Settings) -> None:
    results = Results(Flask("a"), settings)
    started, go = threading.Event(), threading.Event()

    def fail() -> None:
        started.set()
        go.wait()
        raise ZeroDivisionError

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(results.get, KEY, fail)
        started.wait()
        second = pool.submit(results.get, KEY, fail)
        go.set()
        for answer in (first, second):
            with pytest.raises(ZeroDivisionError):
                answer.result()
    assert results.get(KEY, lambda: 7) == 7


CHILD = """
import sys, numpy as np
from flask import Flask
from app.storage.results import Results
from app.settings import Settings
def work():
    print("computed", flush=True)
    sys.stdin.readline()
    return 1.5
sys.stdout.write(f"got {Results(Flask('a'), Settings(cache_dir=sys.argv[1])).get('k', work)}\\n")
"""


@pytest.mark.long
def test_workers_of_one_server_compute_once_and_survive_a_death(tmp_path: Path) -> None:
    def child() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    with child() as one, child() as two, child() as three:
        children = [one, two, three]
        holder = _first_to_say(children, "computed")
        holder.kill()  # its lock goes with it, and another takes over
        holder.wait()
        others = [p for p in children if p is not holder]
        heir = _first_to_say(others, "computed")
        out, _ = heir.communicate("\n", timeout=PATIENCE)
        assert out == "got 1.5\n"
        (waiter,) = [p for p in others if p is not heir]
        assert waiter.communicate("\n", timeout=PATIENCE)[0] == "got 1.5\n"  # without computing


def _first_to_say(children: list[subprocess.Popen[str]], word: str) -> subprocess.Popen[str]:
    import selectors  # noqa: PLC0415

    with selectors.DefaultSelector() as selector:
        for child in children:
            assert child.stdout
            selector.register(child.stdout, selectors.EVENT_READ, child)
        key, _ = selector.select(timeout=PATIENCE)[0]
        assert key.data.stdout.readline() == word + "\n"
        return key.data


WITHOUT_FCNTL = """
import sys
sys.modules["fcntl"] = None  # as on Windows: importing it raises ImportError
from flask import Flask
from app.server import create_app
from app.settings import Settings
from app.storage.results import Results
from app.sweep_jobs.leases import FolderLeases
from pathlib import Path
settings = Settings(cache_dir=sys.argv[1])
create_app(settings)
assert Results(Flask("a"), settings).get("k", lambda: 1.5) == 1.5
one, other = (FolderLeases(Path(sys.argv[1]) / "sweeps") for _ in range(2))
with one.acquire("s") as held, other.acquire("s") as also:
    print(held, also)
"""


@pytest.mark.long
def test_the_app_starts_where_there_is_no_fcntl(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_FCNTL, str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("True False\n", 0), done.stderr


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return exec, ("import pathlib; pathlib.Path('exploded').touch()",)


def plant(settings: Settings, server: RedisServer | None, data: bytes) -> int:
    """Writes `data` over every stored result; says how many there were."""
    if settings.cache_redis_url and server:
        client = server.client()
        keys = list(client.scan_iter("saddlescape:*"))
        for key in keys:
            client.set(key, data)
        return len(keys)
    files = [f for f in (Path(settings.cache_dir) / "results").iterdir() if f.is_file()]
    for file in files:
        file.write_bytes(data)
    return len(files)


@pytest.mark.parametrize("settings", ["folder", REDIS], indirect=True)
@pytest.mark.parametrize("prefix", [b"", b"!", b"#"])
def test_a_planted_pickle_does_not_run(
    settings: Settings, prefix: bytes, request: pytest.FixtureRequest,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    work, results = Work(), Results(Flask("a"), settings)
    results.get(KEY, work)
    server = request.getfixturevalue("redis_server") if settings.cache_redis_url else None
    assert plant(settings, server, prefix + pickle.dumps(Bomb())) >= 1
    assert isinstance(results.get(KEY, work), np.ndarray)
    assert work.done == 2
    assert not Path("exploded").exists()


@pytest.mark.deploy
@pytest.mark.skipif(not installed(), reason="redis-server is not installed")
def test_redis_may_die_hang_and_return() -> None:
    """While Redis is hung or dead one request in each pause waits for it; then it is used again."""
    clock = [0.0]
    with running_redis() as server:
        results = Results(Flask("a"), Settings(cache_redis_url=server.url))
        results.backend.redis.breaker = CircuitBreaker(1, lambda: clock[0])

        def used_again() -> bool:
            clock[0] += 1
            results.get(f"used at {clock[0]}", lambda: 1)
            return bool(server.client().dbsize())

        def one_waits(what: str) -> None:
            for _ in range(2):
                clock[0] += 1
                before = faults()
                keys = [f"{what} {clock[0]} {i}" for i in range(50)]
                assert [results.get(key, lambda key=key: key) for key in keys] == keys
                assert faults() - before == 1

        wait_for(used_again)
        server.signal(signal.SIGSTOP)
        one_waits("hung")
        server.signal(signal.SIGCONT)
        server.kill()
        one_waits("dead")
        server.start()
        wait_for(used_again)


def faults() -> float:
    return CACHE_FAULTS._value.get()
