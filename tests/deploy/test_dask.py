"""Sweeps on a real Dask scheduler with two worker processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulation.runs.simulate import Cancelled
from simulation.storage import MemoryStore
from simulation.sweeps.dask_backend import dask_cluster
from simulation.sweeps.grid import Sweep, parse_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import Progress, run_sweep
from tests.simulation.sweeping import SMALL, computed
from tests.waiting import PATIENCE, wait_for

distributed = pytest.importorskip("distributed", reason="the extra `dask_cluster` is not installed")

# Nothing escapes: in each of the four tiles every path takes its three million steps.
ONLY_LONG = parse_sweep(
    "landscape=quadratic&N=512&T=3000000&R=100&run=0.9&x=beta:0:0.5:16&y=eta:1e-7:1e-6:2:log"
)


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


def _on(address: str, sweep: Sweep, **more: object) -> ResultMap:
    with dask_cluster(address) as (submit, at_once):
        return run_sweep(sweep, submit, MemoryStore(), at_once=at_once, **more)  # type: ignore[arg-type]


def test_a_dask_cluster_gives_the_same_bytes_with_a_worker_killed_half_way(
    dask: tuple[str, list[subprocess.Popen[str]]],
) -> None:
    address, workers = dask
    assert _on(address, SMALL).tobytes() == computed(SMALL).tobytes()
    told: list[Progress] = []

    def kill_one(_tile: object, _cells: object, progress: Progress) -> None:
        told.append(progress)
        if len(told) == 3:
            os.kill(workers[0].pid, signal.SIGKILL)

    fresh = SMALL.replace(seed=5)  # the scheduler has not seen these tiles
    measured = _on(address, fresh, on_tile=kill_one)
    assert measured.tobytes() == computed(fresh).tobytes()
    assert told[-1].done == told[-1].cells


def test_cancel_stops_the_clusters_workers_inside_their_tiles(
    dask: tuple[str, list[subprocess.Popen[str]]],
) -> None:
    address, workers = dask
    stop = threading.Event()
    finished: list[Progress] = []
    with distributed.Client(address, set_as_default=False) as client:

        def busy() -> int:
            return sum(client.run(_busy).values())

        run = threading.Thread(target=_cancelled, args=(address, stop, finished))
        run.start()
        wait_for(lambda: busy() == len(workers))
        stop.set()
        wait_for(lambda: not busy())
        run.join(PATIENCE)
    assert not run.is_alive()
    assert not finished  # both stopped inside their tiles and began no other


def _cancelled(address: str, stop: threading.Event, finished: list[Progress]) -> None:
    with pytest.raises(Cancelled):
        _on(address, ONLY_LONG, cancel=stop, on_tile=lambda *said: finished.append(said[2]))


def _busy(dask_worker: object) -> int:
    """Threads of the worker that are in a tile, whatever the worker says of the task."""
    return len(dask_worker.active_threads)  # type: ignore[attr-defined]
