"""Coarse preview of a sweep: a few cells over the whole grid, computed in less than a second."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from simulation.model.parameters import ParameterError
from simulation.runs.budget import work
from simulation.sweeps.chart import SweepChart, cells_at, inside, log_times, shared_range
from simulation.sweeps.grid import Axis, Sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.tiles import DIVERGED, NEVER, compute_tile, groups, read_tile, tiles

PREVIEW_WORK = 60_000_000  # most work, in the unit of `budget.work`: some tenths of a second
SIZES = (
    (8, 3, PREVIEW_WORK), (8, 1, PREVIEW_WORK // 3), (6, 1, PREVIEW_WORK // 3),
    (4, 1, PREVIEW_WORK // 2),
)  # fmt: skip
"""Cells along an axis, paths a cell and the most work: the first that fits is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The measured cells of a coarse sweep that has the ends and the spacing of another."""

    measured: ResultMap

    @property
    def sweep(self) -> Sweep:
        """The coarse sweep."""
        return self.measured.sweep


@lru_cache(maxsize=16)
def preview(sweep: Sweep) -> Preview | None:
    """Return a sweep's preview: the finest of SIZES within its work; None if none is."""
    for side, paths, most in SIZES:
        try:
            coarse = Sweep(
                sweep.experiment.replace(paths=paths), fewer(sweep.x, side), fewer(sweep.y, side)
            )
        except ParameterError:
            continue
        if preview_work(coarse) <= most:
            return Preview(measure(coarse))
    return None


def preview_work(coarse: Sweep) -> int:
    """Return an upper bound on the work of a sweep: every path of every group of cells to T."""
    dearest = max(work(coarse.cell(row, column)) for row in (0, -1) for column in (0, -1))
    return dearest * sum(len(groups(coarse, tile)) for tile in tiles(coarse))


def measure(sweep: Sweep) -> ResultMap:
    """Return the sweep's complete map."""
    out = ResultMap.empty(sweep)
    for tile in tiles(sweep):
        cells = read_tile(tile, compute_tile(sweep, tile))
        assert cells is not None
        out.fill(tile, cells)
    return out


def previewed(chart: SweepChart, coarse: Preview) -> SweepChart:
    """Return a chart whose empty measured map has the preview's nearest cell in each cell."""
    rows, columns = (
        nearest(mine.cells, theirs.cells)
        for mine, theirs in (
            (chart.measured.sweep.y, coarse.sweep.y),
            (chart.measured.sweep.x, coarse.sweep.x),
        )
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        decades = log_times(inside(coarse.measured))[np.ix_(rows, columns)]
    status = coarse.measured.cells["status"][np.ix_(rows, columns)]
    return replace(
        chart,
        decades=decades,
        range=shared_range(decades, chart.law_decades, chart.measured.sweep.experiment.steps),
        never=cells_at(status == NEVER),
        diverged=cells_at(status == DIVERGED),
    )


def fewer(axis: Axis, cells: int) -> Axis:
    """Return the axis with at most `cells` cells between the same ends; raises ParameterError."""
    return replace(axis, cells=min(axis.cells, cells))


def nearest(fine: int, coarse: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the nearest of `coarse` evenly spaced cells for each of `fine` (fine,)."""
    share = np.arange(fine) / max(fine - 1, 1)
    return np.rint(share * (coarse - 1)).astype(np.int64)
