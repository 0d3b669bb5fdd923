"""run_sweep: compute a sweep's tiles on an Executor and cache them in a store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from threading import Event

from simulation.runs.simulate import Cancelled
from simulation.storage import Store
from simulation.sweeps.grid import Sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.tiles import Cells, Tile, address, compute_tile, read_tile, tiles
from simulation.version import engine_version

log = logging.getLogger(__name__)
POLL = 0.1  # seconds between two checks of `cancel`
TRIES = 3  # most attempts at a tile whose worker fails


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a sweep: total cells, cells found in the store, cells computed now.

    share: fraction of the work done, 0…1, so that it grows linearly with time.
    """

    cells: int
    found: int = 0
    computed: int = 0
    share: float = 0.0

    @property
    def done(self) -> int:
        """Number of finished cells."""
        return self.found + self.computed


OnTile = Callable[[Tile, Cells, Progress], None]
Submit = Callable[[Sweep, Sequence[Tile]], "list[Future[bytes]]"]
Work = Callable[[Tile], float]


def by_cells(tile: Tile) -> float:
    """Return a tile's number of cells, as the default estimate of its work."""
    return float(tile.cells)


def run_sweep(
    sweep: Sweep,
    executor: Executor | Submit,
    store: Store,
    *,
    on_tile: OnTile | None = None,
    cancel: Event | None = None,
    at_once: int = 64,
    work: Work = by_cells,
) -> ResultMap:
    """Return the sweep's map; tiles found in the store are not computed again.

    executor: where tiles are computed, or a function that submits tiles
    (simulation/sweeps/dask_backend.py). on_tile(tile, cells, progress) is called from this thread.
    cancel: stops the run; finished tiles remain stored. at_once: most tiles submitted and not yet
    finished. work: estimated work of a tile, in any unit (simulation/sweeps/cost.py); the longest
    are submitted first, so that workers finish at about the same time.

    A tile whose worker was lost is resubmitted; exceptions of a tile are raised here. Raises
    Cancelled, ParameterError for an invalid cell, RuntimeError for a result that is not a tile.
    """
    cancel, over = cancel or Event(), Event()
    submit = _submit(executor, (cancel, over)) if isinstance(executor, Executor) else executor
    whole = ResultMap.empty(sweep)
    cells = sweep.shape[0] * sweep.shape[1]
    works = {tile: work(tile) for tile in tiles(sweep)}
    total, found, computed, done = sum(works.values()), 0, 0, 0.0
    wanted: list[Tile] = []
    for tile, its_work in works.items():
        kept = read_tile(tile, store.get(address(sweep, tile)))
        if kept is None:
            wanted.append(tile)
            continue
        found, done = found + tile.cells, done + its_work
        whole.fill(tile, kept)
        if on_tile is not None:
            on_tile(tile, kept, Progress(cells, found, 0, done / total))
    wanted.sort(key=works.__getitem__)  # ascending, because tiles are taken from the end
    try:
        for tile, data in _finished(sweep, wanted, submit, cancel, at_once):
            fresh = read_tile(tile, data)
            if fresh is None:
                raise RuntimeError(f"a worker answered {tile} with something that is not a tile")
            store.set(address(sweep, tile), data)
            computed, done = computed + tile.cells, done + works[tile]
            whole.fill(tile, fresh)
            if on_tile is not None:
                on_tile(tile, fresh, Progress(cells, found, computed, done / total))
    finally:  # stop tiles that are still running
        over.set()
    return whole


def _submit(executor: Executor, stops: Sequence[Event]) -> Submit:
    """Return a function that submits tiles; its threads poll the stop events within a tile."""

    def stopped() -> bool:
        return any(stop.is_set() for stop in stops)

    def submit(sweep: Sweep, some: Sequence[Tile]) -> list[Future[bytes]]:
        version = engine_version()
        return [executor.submit(compute_tile, sweep, tile, version, stopped) for tile in some]

    return submit


def _finished(
    sweep: Sweep, waiting: list[Tile], submit: Submit, cancel: Event, at_once: int
) -> Iterator[tuple[Tile, bytes]]:
    """Yield the tiles of `waiting`, the last first, and their bytes, as they finish."""
    under_way: dict[Future[bytes], Tile] = {}
    tries: dict[Tile, int] = {}
    try:
        while waiting or under_way:
            if cancel.is_set():
                raise Cancelled
            if waiting and len(under_way) <= at_once // 2:  # in batches: a call has a cost
                room = at_once - len(under_way)
                some = waiting[: -room - 1 : -1]
                del waiting[-room:]
                under_way.update(zip(submit(sweep, some), some, strict=True))
            done, _ = wait(under_way, timeout=POLL, return_when=FIRST_COMPLETED)
            for future in done:
                tile = under_way.pop(future)
                try:
                    data = future.result()
                except (OSError, CancelledError) as error:  # the worker or the connection was lost
                    if cancel.is_set():
                        raise Cancelled from None
                    tries[tile] = tries.get(tile, 0) + 1
                    if tries[tile] == TRIES:
                        raise
                    log.warning("%s is computed again: %s", tile, type(error).__name__)
                    waiting.append(tile)
                else:
                    yield tile, data
    finally:
        for future in under_way:
            future.cancel()
