"""run_sweep: identical bytes on every executor, caching, longest tiles first, retries."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from simulation import simulate
from simulation.diagnostics.escape import escape_statistics
from simulation.runs.simulate import Cancelled
from simulation.storage import FolderStore, MemoryStore
from simulation.sweeps.cost import tile_work
from simulation.sweeps.grid import Sweep
from simulation.sweeps.runner import Progress, run_sweep
from simulation.sweeps.theory_map import theory_map
from simulation.sweeps.tiles import Tile, address, compute_tile, tiles
from tests.simulation.sweeping import SMALL, Counted, computed


def test_the_map_is_the_same_bytes_for_any_number_of_threads() -> None:
    one, two = computed(SMALL, 1), computed(SMALL, 2)
    assert one.tobytes() == two.tobytes()
    assert one.complete


def test_a_cell_of_the_map_is_the_experiment_that_explore_opens() -> None:
    measured = computed(SMALL)
    for place in ((0, 0), (3, 5), (6, 10)):
        alone = simulate(SMALL.cell(*place), record_paths=1, points=4)
        expected = escape_statistics(alone.escape_time[0], alone.diverged_at[0])
        cell = measured.cells[place]
        for name in ("median", "ci_low", "ci_high", "low", "high", "escaped"):
            assert np.array_equal(cell[name], getattr(expected, name), equal_nan=True)


def test_finished_tiles_are_never_computed_again() -> None:
    store, total = MemoryStore(), len(tiles(SMALL))
    stop, seen = Event(), []

    def after_two(_tile: object, _cells: object, progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == 2:
            stop.set()

    with Counted(1) as pool, pytest.raises(Cancelled):
        run_sweep(SMALL, pool, store, on_tile=after_two, cancel=stop)
    with Counted(1) as pool:
        whole = run_sweep(SMALL, pool, store, on_tile=lambda *said: seen.append(said[2]))
    assert pool.asked == total - 2
    assert seen[-1].computed + seen[-1].found == seen[-1].cells == 77
    assert whole.tobytes() == computed(SMALL).tobytes()
    with Counted(1) as pool:
        assert run_sweep(SMALL, pool, store).tobytes() == whole.tobytes()
    assert pool.asked == 0


def test_a_folder_keeps_tiles_for_the_next_process(tmp_path: Path) -> None:
    with Counted() as pool:
        whole = run_sweep(SMALL, pool, FolderStore(tmp_path / "tiles"))
        asked = pool.asked
        again = run_sweep(SMALL, pool, FolderStore(tmp_path / "tiles"))
    assert asked == pool.asked == len(list((tmp_path / "tiles").iterdir()))
    assert again.tobytes() == whole.tobytes()
    (tmp_path / "file").write_text("no folder")
    with Counted() as pool:  # nowhere to keep it: computed all the same
        assert run_sweep(SMALL, pool, FolderStore(tmp_path / "file")).complete


def test_what_is_no_tile_in_the_store_is_computed_again() -> None:
    store = MemoryStore()
    for tile in tiles(SMALL):
        store.set(address(SMALL, tile), b"\x80\x04K\x01.")
    with Counted() as pool:
        assert run_sweep(SMALL, pool, store).complete
    assert pool.asked == len(tiles(SMALL))


class Losing(Executor):
    """Loses every third task with its worker."""

    def __init__(self) -> None:
        self.asked = 0

    def submit(self, fn, /, *args, **kwargs):
        self.asked += 1
        future: Future = Future()
        if self.asked % 3 == 1:
            future.set_exception(ConnectionError("the worker is gone"))
        else:
            return self.finished(fn(*args, **kwargs))
        return future

    @staticmethod
    def finished(result: bytes) -> Future[bytes]:
        """A future that has its result."""
        future: Future[bytes] = Future()
        future.set_result(result)
        return future


def test_a_tile_lost_with_its_worker_is_computed_again() -> None:
    assert run_sweep(SMALL, Losing(), MemoryStore()).tobytes() == computed(SMALL).tobytes()


def test_the_longest_tiles_go_first_and_the_share_grows_with_the_work() -> None:
    work = tile_work(SMALL, theory_map(SMALL))
    order: list[Tile] = []
    shares: list[float] = []

    def submit(sweep: Sweep, some: Sequence[Tile]) -> list[Future[bytes]]:
        order.extend(some)
        return [Losing.finished(compute_tile(sweep, tile)) for tile in some]

    told = lambda *said: shares.append(said[2].share)  # noqa: E731
    whole = run_sweep(SMALL, submit, MemoryStore(), at_once=1, work=work, on_tile=told)
    assert order == sorted(tiles(SMALL), key=work, reverse=True)
    assert work(order[0]) > 2 * work(order[-1])
    steps = np.diff([0.0, *shares])
    assert np.allclose(steps * sum(map(work, order)), [work(tile) for tile in order])
    assert whole.tobytes() == computed(SMALL).tobytes()
