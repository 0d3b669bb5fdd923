"""Shared sweeps: one computation, resumed, cancelled; on a cluster: tests/deploy/test_dask.py."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.state.edits import apply
from app.state.page_state import read, write
from app.sweep_jobs import jobs as module
from app.sweep_jobs.jobs import Sweeps, name_of
from app.sweep_jobs.leases import FolderLeases
from simulation.model.parameters import ParameterError
from simulation.runs.simulate import Cancelled
from simulation.storage import FolderStore, MemoryStore
from simulation.sweeps.dask_backend import NoCluster, dask_cluster, task_size
from simulation.sweeps.grid import format_sweep, parse_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import run_sweep
from simulation.sweeps.tiles import tiles
from tests.simulation.sweeping import LONG
from tests.waiting import PATIENCE, wait_for

SMALL = parse_sweep(
    "landscape=quadratic&N=64&T=4000&run=0.9&x=beta:0:0.99:16:near-one&y=eta:0.01:0.3:12:log"
)


class Counting(FolderStore):
    """A folder that counts the tiles put into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.put = 0

    def set(self, key: str, value: bytes) -> None:
        self.put += key.startswith("tile-")
        super().set(key, value)


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
    wait_for(lambda: all(s.status(SMALL).state == "done" for s in (one, two)))
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
    assert enough.wait(PATIENCE)
    wait_for(lambda: not before._job(SMALL).thread.is_alive())
    monkeypatch.setattr(FolderStore, "set", original)
    there = first.put
    after, second = shared(tmp_path)
    status = after.status(SMALL)  # nobody presses anything: the page is only looked at
    assert status.state in ("running", "waiting")
    assert status.done > 0
    wait_for(lambda: after.status(SMALL).state == "done")
    assert second.put == len(tiles(SMALL)) - there
    assert after.measured(SMALL).tobytes() == expected


@pytest.mark.long
def test_cancel_stops_workers_inside_their_tiles_and_keeps_what_is_finished(
    tmp_path: Path,
) -> None:
    one, store = shared(tmp_path, threads=3)
    two, _ = shared(tmp_path)
    one.start(LONG)
    wait_for(lambda: store.put == 2 and len(_computing()) >= 2)
    two.cancel(LONG)  # in another process than the one that computes
    wait_for(lambda: not _computing())
    assert store.put == 2
    assert one.status(LONG).state == two.status(LONG).state == "idle"
    assert one.status(LONG).done == 16


def _computing() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("sweep")]


def test_a_sweep_over_the_budget_is_refused_before_it_starts(tmp_path: Path) -> None:
    one, _ = shared(tmp_path)
    heavy = SMALL.replace(paths=4096, steps=3_000_000)
    with pytest.raises(ParameterError, match="times the budget; lower"):
        one.start(heavy)
    assert one.status(heavy).state == "idle"


@pytest.mark.long
def test_a_fault_is_told_and_start_tries_again(
    tmp_path: Path, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = shared(tmp_path)

    def broken(*_: object, **__: object) -> ResultMap:
        raise RuntimeError("no memory left")

    with monkeypatch.context() as patch:
        patch.setattr(module, "run_sweep", broken)
        one.start(SMALL)
        wait_for(lambda: one.status(SMALL).state == "failed")
    assert "no memory left" in one.status(SMALL).note
    one.start(SMALL)
    wait_for(lambda: one.status(SMALL).state == "done")
    assert one.measured(SMALL).tobytes() == expected


@pytest.mark.long
def test_a_scheduler_that_is_not_there_is_one_sentence_and_the_local_pool(
    tmp_path: Path, expected: bytes
) -> None:
    one, _ = shared(tmp_path, "tcp://127.0.0.1:1")
    one.start(SMALL)
    wait_for(lambda: one.status(SMALL).state == "done")
    assert "The sweep runs on this machine." in one.status(SMALL).note
    assert one.measured(SMALL).tobytes() == expected


def test_the_axes_and_a_cell_travel_in_the_address() -> None:
    state, repairs = read("landscape=quadratic&run=0,0.9&x=beta:0:0.9:8&y=sd.out:0.1:1:4&cellN=32")
    assert not repairs
    assert state.sweep.experiment.paths == 32
    opened = apply(state, {"open": [2, 3]})
    (sgd, _), cell = state.experiment.contenders, state.sweep.cell(2, 3)
    assert opened.experiment == cell.replace(contenders=(sgd, *cell.contenders))
    assert opened.selected == 1
    first = apply(apply(state, {"select": 0}), {"open": [2, 3]})
    assert first.experiment.contenders[1:] == state.experiment.contenders[1:]
    assert first.selected == 0
    costly = apply(state, {"T": "1000000", "cellN": "256"})
    assert apply(costly, {"open": [2, 3]}).experiment == costly.sweep.cell(2, 3)
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


def test_tasks_are_smaller_where_a_thread_would_get_less_than_two() -> None:
    assert [task_size(sent, 2) for sent in (1, 7, 8, 15, 16, 72)] == [1, 1, 2, 3, 4, 4]
    assert task_size(72, 32) == 1
    for sent in range(1, 100):
        for threads in range(1, 40):
            size = task_size(sent, threads)
            assert size == 1 or sent // size >= 2 * threads


def test_a_scheduler_without_workers_is_said_so() -> None:
    with pytest.raises(NoCluster, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1\."):
        dask_cluster("tcp://127.0.0.1:1", patience=1).__enter__()


def test_names_follow_what_a_sweep_means() -> None:
    assert name_of(SMALL) == name_of(parse_sweep("seed=0&" + format_sweep(SMALL)))
    assert name_of(SMALL) != name_of(SMALL.replace(seed=1))
    assert np.isnan(ResultMap.empty(SMALL).median).all()
