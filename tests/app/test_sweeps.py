"""Shared sweeps: one computation, resumed, cancelled, on threads and on a real Dask cluster."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.edits import apply
from app.state import read, write
from app.sweep_jobs import jobs as module
from app.sweep_jobs.jobs import Sweeps, name_of
from app.sweep_jobs.leases import FolderLeases
from simulation.cluster import NoCluster, cluster, task_size
from simulation.parameters import ParameterError
from simulation.phase_map import PhaseMap
from simulation.run import Cancelled
from simulation.store import FolderStore, MemoryStore
from simulation.sweep import Sweep, format_sweep, parse_sweep
from simulation.sweep_run import Progress, run_sweep
from simulation.tiles import tiles

SMALL = parse_sweep(
    "landscape=quadratic&N=64&T=4000&run=0.9&x=beta:0:0.99:16:near-one&y=eta:0.01:0.3:12:log"
)
# Nothing escapes here: every path takes its 10⁶ steps, so a tile takes seconds.
LONG = parse_sweep(
    "landscape=quadratic&N=512&T=1000000&R=100&run=0.9&x=beta:0:0.5:16&y=eta:1e-7:1e-6:12:log"
)


class Counting(FolderStore):
    """A folder that counts the tiles put into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.put = 0

    def set(self, key: str, value: bytes) -> None:
        self.put += key.startswith("tile-")
        super().set(key, value)


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Waits for an event of another thread or process; fails where it never comes."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.02)


def shared(folder: Path, scheduler: str = "", threads: int = 1) -> tuple[Sweeps, Counting]:
    store = Counting(folder)
    return Sweeps(store, FolderLeases(folder), scheduler, threads), store


@pytest.fixture(scope="module")
def expected() -> bytes:
    with ThreadPoolExecutor(1) as pool:
        return run_sweep(SMALL, pool, MemoryStore()).tobytes()


def test_two_processes_make_one_computation(tmp_path: Path, expected: bytes) -> None:
    one, first = shared(tmp_path)
    two, second = shared(tmp_path)  # as another worker of the server sees the same folder
    assert one.status(SMALL).state == "idle"
    one.start(SMALL)
    two.start(SMALL)
    until(lambda: all(s.status(SMALL).state == "done" for s in (one, two)))
    assert first.put + second.put == len(tiles(SMALL))
    assert one.measured(SMALL).tobytes() == two.measured(SMALL).tobytes() == expected


def test_a_restarted_server_goes_on_and_computes_no_tile_again(
    tmp_path: Path, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, first = shared(tmp_path)
    enough = threading.Event()
    original = FolderStore.set

    def stopping(self: FolderStore, key: str, value: bytes) -> None:
        original(self, key, value)
        if key.startswith("tile-") and first.put >= 3:
            enough.set()
            raise Cancelled  # here the process ends, in the middle of the sweep

    monkeypatch.setattr(FolderStore, "set", stopping)
    before.start(SMALL)
    assert enough.wait(60)
    until(lambda: not before._job(SMALL).thread.is_alive())
    monkeypatch.setattr(FolderStore, "set", original)
    there = first.put
    after, second = shared(tmp_path)
    status = after.status(SMALL)  # nobody presses anything: the page is only looked at
    assert status.state in ("running", "waiting")
    assert status.done > 0
    until(lambda: after.status(SMALL).state == "done")
    assert second.put == len(tiles(SMALL)) - there
    assert after.measured(SMALL).tobytes() == expected


def test_cancel_stops_the_workers_within_a_second_and_keeps_what_is_finished(
    tmp_path: Path,
) -> None:
    one, store = shared(tmp_path, threads=2)
    two, _ = shared(tmp_path)
    one.start(LONG)
    until(lambda: one.status(LONG).state == "running" and _computing())
    finished = store.put
    began = time.monotonic()
    two.cancel(LONG)  # in another process than the one that computes
    until(lambda: not _computing())
    assert time.monotonic() - began < 1
    assert store.put - finished <= 2  # no worker has begun another tile
    assert one.status(LONG).state == two.status(LONG).state == "idle"
    assert one.status(LONG).done == 32 * store.put


def _computing() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("sweep")]


def test_a_sweep_over_the_budget_is_refused_before_it_starts(tmp_path: Path) -> None:
    one, _ = shared(tmp_path)
    heavy = LONG.replace(paths=4096, steps=3_000_000)
    with pytest.raises(ParameterError, match="times the budget; lower"):
        one.start(heavy)
    assert one.status(heavy).state == "idle"


def test_a_fault_is_told_and_start_tries_again(
    tmp_path: Path, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = shared(tmp_path)

    def broken(*_: object, **__: object) -> PhaseMap:
        raise RuntimeError("no memory left")

    with monkeypatch.context() as patch:
        patch.setattr(module, "run_sweep", broken)
        one.start(SMALL)
        until(lambda: one.status(SMALL).state == "failed")
    assert "no memory left" in one.status(SMALL).note
    one.start(SMALL)
    until(lambda: one.status(SMALL).state == "done")
    assert one.measured(SMALL).tobytes() == expected


def test_a_scheduler_that_is_not_there_is_one_sentence_and_the_local_pool(
    tmp_path: Path, expected: bytes
) -> None:
    one, _ = shared(tmp_path, "tcp://127.0.0.1:1")
    one.start(SMALL)
    until(lambda: one.status(SMALL).state == "done")
    assert "The sweep runs on this machine." in one.status(SMALL).note
    assert one.measured(SMALL).tobytes() == expected


def test_the_axes_and_a_cell_travel_in_the_address() -> None:
    state, repairs = read("landscape=quadratic&run=0,0.9&x=beta:0:0.9:8&y=sd.out:0.1:1:4&cellN=32")
    assert not repairs
    assert state.sweep.experiment.paths == 32
    opened = apply(state, {"open": [2, 3]})
    assert opened.experiment == state.sweep.cell(2, 3)
    again, repairs = read(write(opened))
    assert not repairs
    assert again.sweep == state.sweep
    for given in ([9, 0], [0, -1], ["0", 0], None, [1]):
        with pytest.raises(ParameterError, match="4 rows and 8 columns"):
            apply(state, {"open": given})
    usual, repairs = read("x=beta:0:2:9&y=what:1:2")
    assert [repair.key for repair in repairs] == ["x", "y"]
    assert (usual.view.x, usual.view.y) == (None, None)
    swapped = apply(state, {"x-key": "sd.out"})
    assert (swapped.axis("x"), swapped.axis("y")) == (state.axis("y"), state.axis("x"))


# A real scheduler and two worker processes.


def _started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _said(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stderr is not None
    found = next(match[1] for line in process.stderr if (match := re.search(pattern, line)))
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return found


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    scheduler = _started(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"
    )
    address = _said(scheduler, r"(tcp://127\.0\.0\.1:\d+)")
    workers = [
        _started("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                 "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(tmp_path / name))
        for name in "ab"
    ]  # fmt: skip
    for worker in workers:
        _said(worker, r"(Registered to)")
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait(10)


def _on(address: str, sweep: Sweep, **more: object) -> PhaseMap:
    with cluster(address) as (submit, at_once):
        return run_sweep(sweep, submit, MemoryStore(), at_once=at_once, **more)  # type: ignore[arg-type]


def test_a_dask_cluster_gives_the_same_bytes_with_a_worker_killed_half_way(
    dask: tuple[str, list[subprocess.Popen[str]]], expected: bytes
) -> None:
    address, workers = dask
    assert _on(address, SMALL).tobytes() == expected
    told: list[Progress] = []

    def kill_one(_tile: object, _cells: object, progress: Progress) -> None:
        told.append(progress)
        if len(told) == 3:
            os.kill(workers[0].pid, signal.SIGKILL)

    fresh = SMALL.replace(seed=5)  # the scheduler has not seen these tiles
    measured = _on(address, fresh, on_tile=kill_one)
    with ThreadPoolExecutor(1) as pool:
        assert measured.tobytes() == run_sweep(fresh, pool, MemoryStore()).tobytes()
    assert told[-1].done == told[-1].cells


def test_cancel_leaves_the_clusters_workers_idle_within_a_second(
    dask: tuple[str, list[subprocess.Popen[str]]],
) -> None:
    distributed = pytest.importorskip("distributed")
    address, workers = dask
    stop = threading.Event()
    finished: list[Progress] = []
    with distributed.Client(address, set_as_default=False) as client:

        def busy() -> int:
            return sum(client.run(_busy).values())

        run = threading.Thread(target=_cancelled, args=(address, stop, finished))
        run.start()
        until(lambda: busy() == len(workers))
        before = len(finished)
        began = time.monotonic()
        stop.set()
        until(lambda: not busy())
        assert time.monotonic() - began < 1
        run.join(30)
        assert len(finished) - before <= len(workers)  # no worker has begun another tile
    assert not run.is_alive()


def _cancelled(address: str, stop: threading.Event, finished: list[Progress]) -> None:
    with pytest.raises(Cancelled):
        _on(address, LONG, cancel=stop, on_tile=lambda *said: finished.append(said[2]))


def _busy(dask_worker: object) -> int:
    """Threads of the worker that are in a tile, whatever the worker says of the task."""
    return len(dask_worker.active_threads)  # type: ignore[attr-defined]


def test_tasks_are_smaller_where_a_thread_would_get_less_than_two() -> None:
    assert [task_size(sent, 2) for sent in (1, 7, 8, 15, 16, 72)] == [1, 1, 2, 3, 4, 4]
    assert task_size(72, 32) == 1
    for sent in range(1, 100):
        for threads in range(1, 40):
            size = task_size(sent, threads)
            assert size == 1 or sent // size >= 2 * threads


def test_a_scheduler_without_workers_is_said_so() -> None:
    with pytest.raises(NoCluster, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1\."):
        cluster("tcp://127.0.0.1:1", patience=1).__enter__()


def test_names_follow_what_a_sweep_means() -> None:
    assert name_of(SMALL) == name_of(parse_sweep("seed=0&" + format_sweep(SMALL)))
    assert name_of(SMALL) != name_of(SMALL.replace(seed=1))
    assert np.isnan(PhaseMap.empty(SMALL).median).all()
