"""PhaseChart: every number that the Sweep tab draws, so that a figure does no arithmetic.

Source: DESIGN.md section 11.
"""

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
    """The maps (rows, columns) and the lines over them, in places: cell k of an axis lies at k.

    decades, law_decades: log₁₀ of the median escape times; range: the ends that both are coloured
    between. agreement: once the map is whole. difference: measured over law, in per cent, where
    the law is the law of the escape. never, diverged, missing: places (x, y) of such cells. ridge,
    law_ridge: the momentum with the shortest escape, measured and by the law; whole of lines along
    β are measured from end to end; balance: the guidance's. NaN where there is no number.
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
    missing: Line
    ridge: Line
    law_ridge: Line
    balance: Line
    whole: int
    lines: int


def sweep_chart(measured: ResultMap, law: TheoryMap) -> SweepChart:
    """The chart of a map, as far as it is measured."""
    sweep, status = measured.sweep, measured.cells["status"]
    broken = (status == MISSING).any(axis=along_beta(sweep))
    with np.errstate(divide="ignore", invalid="ignore"):
        decades, law_decades = (log_times(m) for m in (measured.median, law.median))
        ratio = np.where(law.clear, measured.median / law.median, np.nan)
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
        missing=cells_at(status == MISSING),
        ridge=places(sweep, ridge(sweep, whole_lines(measured))),
        law_ridge=places(sweep, ridge(sweep, law.median)),
        balance=places(sweep, balance_line(sweep, law)),
        whole=int((~broken).sum()),
        lines=len(broken),
    )


def not_yet(shape: tuple[int, int]) -> Agreement:
    """No comparison: a map is held against the law when it is whole."""
    return Agreement(np.full(shape, np.nan), 0, 0)


def log_times(median: Floats) -> Floats:
    """log₁₀ of times (rows, columns) in steps; a start outside the radius escapes at 0: drawn 1."""
    out: Floats = np.log10(np.maximum(median, 1))
    return out


def whole_lines(measured: ResultMap) -> Floats:
    """The medians (rows, columns) of the lines along β that are whole, NaN in the others.

    The soonest of a part of a line is not the soonest of the line.
    """
    axis = along_beta(measured.sweep)
    missing = (measured.cells["status"] == MISSING).any(axis=axis, keepdims=True)
    out: Floats = np.where(missing, np.nan, measured.median)
    return out


def along_beta(sweep: Sweep) -> int:
    """The axis of the grid's arrays along which β runs, where one of the two is β."""
    return 0 if sweep.y.key == "beta" else 1


def shared_range(decades: Floats, law_decades: Floats, steps: int) -> tuple[float, float]:
    """The shortest time and the longest, no longer than T, of both maps: it holds as one fills."""
    seen = np.concatenate([decades.ravel(), law_decades.ravel()])
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        return 0.0, float(np.log10(steps))
    low, high = float(seen.min()), float(min(seen.max(), np.log10(steps)))
    return (low, high) if high > low else (low, low + 1)


def cells_at(where: NDArray[np.bool_]) -> Line:
    """The places (x, y) of the cells where it is true."""
    rows, columns = np.nonzero(where)
    return columns.astype(np.float64), rows.astype(np.float64)


def places(sweep: Sweep, line: Line) -> Line:
    """Values (x, y) as places along the axes."""
    x, y = line
    return along(sweep.x, x), along(sweep.y, y)


def along(axis: Axis, values: Floats) -> Floats:
    """Values (n,) as places (n,) along one axis."""
    return np.array([axis.place(float(value)) for value in values])
