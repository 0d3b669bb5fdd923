"""The production server: ready when warm, counts together, loses no worker, stops soon."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.deploy.redis_server import installed, running_redis
from tests.deploy.web_server import Server, running_gunicorn
from tests.waiting import PATIENCE, wait_for

RUN = "/api/v1/run?T=1000&seed="
READERS = 2
CLOCK = 0.02  # seconds: two ticks of the clock that counts a process's CPU time


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_gunicorn(tmp_path_factory.mktemp("gunicorn") / "log") as started:
        yield started


def test_workers_count_together(server: Server) -> None:
    before = server.counter("saddlescape_requests")
    for _ in range(20):
        assert server.get("/healthz")[0] == 200
    assert server.counter("saddlescape_requests") >= before + 20


def test_a_crowd_on_one_link_runs_the_engine_once(server: Server) -> None:
    before = server.counter("saddlescape_engine_runs")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(server.get, [f"/api/v1/run?T=400000&seed={2**31}"] * 16))
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    assert server.counter("saddlescape_engine_runs") == before + 1


def test_a_crowd_is_shared_out_among_the_workers(server: Server) -> None:
    """Forty readers who keep their connections: no worker has many more than another."""
    wait_for(lambda: len(server.workers()) == 2)
    with ExitStack() as stack:
        for _ in range(40):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_for(lambda: sum(connections(worker) for worker in server.workers()) >= 40)
        counts = [connections(worker) for worker in server.workers()]
        assert max(counts) - min(counts) <= 4


def connections(worker: psutil.Process) -> int:
    """The readers that a worker is connected with."""
    return sum(c.status == psutil.CONN_ESTABLISHED for c in worker.net_connections("tcp"))


def test_logs_are_json_without_addresses_or_queries(server: Server) -> None:
    before = len(server.log.read_text())  # another test kills a worker, which is an error
    server.get("/live?q=seed%3D4711&edits=nonsense")
    wait_for(lambda: '"/live"' in server.log.read_text()[before:])
    lines = [json.loads(line) for line in server.log.read_text()[before:].splitlines()]
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    requests = [line for line in lines if line["logger"] == "saddlescape.request"]
    assert requests
    assert not [line for line in requests if "127.0.0.1" in str(line) or "4711" in str(line)]
    assert not [line for line in lines if line["level"] == "error"]


def test_a_large_body_is_refused_unread(server: Server) -> None:
    before = server.memory()
    assert send(server, 20_000_000) == 413
    assert server.memory() - before < 20_000_000
    assert server.get("/healthz")[0] == 200


def send(server: Server, length: int) -> int:
    """Posts `length` bytes as far as they are taken; the status that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as sock:
        head = f"POST /_dash-update-component HTTP/1.1\r\nHost: x\r\nContent-Length: {length}"
        sock.sendall(f"{head}\r\nContent-Type: application/json\r\n\r\n".encode())
        answer = b""
        try:
            for _ in range(length // 100_000):
                sock.sendall(b"x" * 100_000)
        except OSError:
            pass  # the server has hung up, having answered
        try:
            while b"\r\n" not in answer and (part := sock.recv(4096)):
                answer += part
        except ConnectionResetError:
            pass
        return int(answer.split(b" ", 2)[1]) if answer else 0


def test_a_killed_worker_is_replaced(server: Server) -> None:
    old = {worker.pid for worker in server.workers()}
    os.kill(min(old), signal.SIGKILL)
    wait_for(lambda: len(server.workers()) == 2 and {w.pid for w in server.workers()} != old)
    wait_for(lambda: server.get("/healthz")[0] == 200)


def test_a_fresh_worker_works_no_more_than_an_old_one(tmp_path: Path) -> None:
    """Kernels are warm before the workers are forked: its first answer takes the CPU of any."""
    with running_gunicorn(tmp_path / "log", {"WEB_WORKERS": "1"}) as server:
        for start in range(2):
            wait_for(lambda: server.get("/healthz")[0] == 200)
            (worker,) = server.workers()
            took = []
            for i in range(11):
                before = sum(worker.cpu_times()[:2])
                assert server.get(f"{RUN}{start * 100 + i}")[0] == 200
                took.append(sum(worker.cpu_times()[:2]) - before)
            assert took[0] <= 3 * statistics.mean(took[1:]) + CLOCK
            worker.kill()
            wait_for(lambda old=worker: [w for w in server.workers() if w.pid != old.pid] != [])  # type: ignore[misc]


def test_stops_soon_and_leaves_nothing(tmp_path: Path) -> None:
    with running_gunicorn(tmp_path / "log", {"TMPDIR": str(tmp_path)}) as server:
        children = psutil.Process(server.process.pid).children(recursive=True)
        with socket.create_connection(("127.0.0.1", server.port)):  # an idle reader
            assert server.get("/healthz")[0] == 200
            assert server.stop() == 0
        left = psutil.wait_procs(children, timeout=60)[1]  # the reaper may come a little later
        assert not left
    assert "SIGKILL" not in (tmp_path / "log").read_text()  # none had to be killed for its reader
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


@pytest.mark.slow
@pytest.mark.skipif(not installed(), reason="redis-server is not installed")
def test_redis_may_hang_die_and_return_under_load(tmp_path: Path) -> None:
    """No request fails, and while Redis hangs each worker waits for it once in a pause."""
    faults = "saddlescape_cache_faults"
    with running_redis() as redis, ExitStack() as stack:
        environment = {"CACHE_REDIS_URL": redis.url, "CACHE_PAUSE_S": "1"}
        server = stack.enter_context(running_gunicorn(tmp_path / "log", environment))
        with Readers(server) as readers:
            readers.wait_for_more(20)
            assert redis.client().dbsize() > 0
            before, began = server.counter(faults), time.monotonic()
            redis.signal(signal.SIGSTOP)
            readers.wait_for_more(60)
            waits = server.counter(faults) - before
            assert 1 <= waits <= 2 * (time.monotonic() - began + 1) + READERS
            redis.signal(signal.SIGCONT)
            readers.wait_for_more(20)
            redis.kill()
            readers.wait_for_more(60)
            redis.start()
            wait_for(lambda: redis.client().dbsize() > 0)
        assert server.counter(faults) > before + waits
    assert '"error"' not in (tmp_path / "log").read_text()


class Readers:
    """READERS threads that ask for another run each time."""

    def __init__(self, server: Server) -> None:
        self._server, self._answers = server, itertools.count(1)
        self._done, self._seeds = threading.Event(), itertools.count(1000)
        self.answered = 0

    def wait_for_more(self, answers: int) -> None:
        """Return after so many more answers."""
        enough = self.answered + answers
        wait_for(lambda: self.answered >= enough or any(r.done() for r in self._reading))

    def _read(self) -> None:
        while not self._done.is_set():
            assert self._server.get(f"{RUN}{next(self._seeds)}")[0] == 200
            self.answered = next(self._answers)

    def __enter__(self) -> Readers:
        self._pool = ThreadPoolExecutor(READERS)
        self._reading = [self._pool.submit(self._read) for _ in range(READERS)]
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._pool.shutdown()
        for reading in self._reading:
            reading.result()  # raises what failed
