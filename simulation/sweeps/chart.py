"""SweepChart: every number of the Sweep tab, so that its figures need no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.sweeps.grid import Axis, Sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.theory_map import Agreement, TheoryMap, agreement, balance_line, ridge
from simulation.sweeps.tiles import DIVERGED, MISSING, NEVER

Floats = NDArray[np.float64]
Line = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class SweepChart:
    """Maps (rows, columns) and the lines over them, in cell coordinates: cell k of an axis is at k.

    decades, law_decades: log₁₀ of the median escape times; range: the colour range of both.
    agreement: computed once the map is complete. difference: measured over law, in per cent. never,
    diverged, outside, missing: positions (x, y) of such cells; outside: the start is beyond the
    escape radius, so that there is no escape to time. ridge, law_ridge: the momentum with the
    shortest escape time, measured and by the law; whole: how many of the `lines` lines along β are
    completely measured; balance: the guidance's. NaN where undefined.
    """

    measured: ResultMap
    law: TheoryMap
    agreement: Agreement
    decades: Floats
    law_decades: Floats
    range: tuple[float, float]
    difference: Floats
    never: Line
    diverged: Line
    outside: Line
    missing: Line
    ridge: Line
    law_ridge: Line
    balance: Line
    whole: int
    lines: int


def sweep_chart(measured: ResultMap, law: TheoryMap) -> SweepChart:
    """Return the chart of a map, possibly incomplete."""
    sweep, status = measured.sweep, measured.cells["status"]
    broken = (status == MISSING).any(axis=along_beta(sweep))
    median = inside(measured)
    with np.errstate(divide="ignore", invalid="ignore"):
        decades, law_decades = (log_times(m) for m in (median, law.median))
        ratio = median / law.median
    return SweepChart(
        measured=measured,
        law=law,
        agreement=agreement(measured, law) if measured.complete else not_yet(sweep.shape),
        decades=decades,
        law_decades=law_decades,
        range=shared_range(decades, law_decades, sweep.experiment.steps),
        difference=100 * (ratio - 1),
        never=cells_at(status == NEVER),
        diverged=cells_at(status == DIVERGED),
        outside=cells_at(measured.median == 0),
        missing=cells_at(status == MISSING),
        ridge=places(sweep, ridge(sweep, whole_lines(measured))),
        law_ridge=places(sweep, ridge(sweep, law.median)),
        balance=places(sweep, balance_line(sweep, law)),
        whole=int((~broken).sum()),
        lines=len(broken),
    )


def not_yet(shape: tuple[int, int]) -> Agreement:
    """Return an empty Agreement, for an incomplete map."""
    return Agreement(np.full(shape, np.nan), 0, 0)


def inside(measured: ResultMap) -> Floats:
    """Return the medians (rows, columns), NaN where the start is beyond the escape radius."""
    out: Floats = np.where(measured.median > 0, measured.median, np.nan)
    return out


def log_times(median: Floats) -> Floats:
    """Return log₁₀ of times (rows, columns) in steps; at least one step."""
    out: Floats = np.log10(np.maximum(median, 1))
    return out


def whole_lines(measured: ResultMap) -> Floats:
    """Return the medians (rows, columns) of the complete lines along β, NaN in the others.

    Cells that diverge or start beyond the radius have none and do not count.
    The minimum of an incomplete line may not be the minimum of the whole line.
    """
    axis = along_beta(measured.sweep)
    missing = (measured.cells["status"] == MISSING).any(axis=axis, keepdims=True)
    out: Floats = np.where(missing, np.nan, inside(measured))
    return out


def along_beta(sweep: Sweep) -> int:
    """Return the array axis along which β varies, if one of the two axes is β."""
    return 0 if sweep.y.key == "beta" else 1


def shared_range(decades: Floats, law_decades: Floats, steps: int) -> tuple[float, float]:
    """Return the shortest and longest time of both maps, at most T; stable while a map fills."""
    seen = np.concatenate([decades.ravel(), law_decades.ravel()])
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        return 0.0, float(np.log10(steps))
    low, high = float(seen.min()), float(min(seen.max(), np.log10(steps)))
    return (low, high) if high > low else (low, low + 1)


def cells_at(where: NDArray[np.bool_]) -> Line:
    """Return the positions (x, y) of the cells where the mask is true, each (n,)."""
    rows, columns = np.nonzero(where)
    return columns.astype(np.float64), rows.astype(np.float64)


def places(sweep: Sweep, line: Line) -> Line:
    """Convert values (x, y) to positions along the axes."""
    x, y = line
    return along(sweep.x, x), along(sweep.y, y)


def along(axis: Axis, values: Floats) -> Floats:
    """Convert values (n,) to positions (n,) along one axis."""
    return np.array([axis.place(float(value)) for value in values])
