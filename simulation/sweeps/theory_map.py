"""The exact law over a sweep's grid, and its agreement with the measured map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.model.coefficients import step_sizes
from simulation.sweeps.grid import Sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.tiles import MEASURED
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from simulation.theory.escape_line import (
    NONLINEAR_REASON,
    OUTSIDE_REASON,
    RETURN_REASON,
    UNSTABLE_REASON,
    EscapeLine,
)
from simulation.theory.guidance import guidance

Floats = NDArray[np.float64]
NEAR = 3.0  # standard errors
SLACK = 0.02  # relative excess over the shortest time that counts as equally good


@dataclass(frozen=True, slots=True, eq=False)
class TheoryMap:
    """The exact law's median escape time (rows, columns) in steps, NaN where it gives none.

    Undefined too where the start is beyond the escape radius. bound: the median of the distance's
    law, an upper bound on the escape time's also where paths come back, NaN where that law does not
    hold. balance: the guidance's β of each cell. momenta β, step_sizes η: of each cell. line:
    stacked over the cells, None if there is a reason. reason: '' or a sentence saying why the law
    holds nowhere.
    """

    median: Floats
    bound: Floats
    balance: Floats
    momenta: Floats
    step_sizes: Floats
    line: EscapeLine | None
    reason: str = ""

    @property
    def silence(self) -> str:
        """'' or a sentence saying why no cell has a median."""
        if self.reason or np.isfinite(self.median).any():
            return self.reason
        if np.isfinite(self.bound).any():
            return f"{RETURN_REASON}."
        bends = self.line is not None and np.all(self.line.is_nonlinear)
        return NONLINEAR_REASON if bends else f"{UNSTABLE_REASON}."


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Comparison of the measured map with the law.

    errors (rows, columns): the difference between the measured median and the law's in standard
    errors, in shares of paths, NaN where not comparable; `within` of `cells` are within 3.
    """

    errors: Floats
    within: int
    cells: int

    @property
    def share(self) -> float:
        """within/cells; NaN if there are no cells."""
        return self.within / self.cells if self.cells else float("nan")


def theory_map(sweep: Sweep) -> TheoryMap:
    """Return the law's medians over the whole grid."""
    rule, shape = sweep.experiment.contenders[0].rule, sweep.shape
    nothing = np.full(shape, np.nan)
    if _at_rest(sweep):
        return TheoryMap(nothing, nothing, nothing, nothing, nothing, None, AT_REST_REASON)
    momenta, sizes = np.empty(shape), np.empty(shape)
    lines: list[EscapeLine] = []
    known: dict[tuple[int, int], EscapeLine] = {}
    for row, column in np.ndindex(shape):
        cell = sweep.cell(row, column)
        place = (0 if sweep.y.varied.in_rule else row, 0 if sweep.x.varied.in_rule else column)
        if place not in known:
            known[place] = EscapeLine.of(cell)
        if reason := known[place].reason:
            return TheoryMap(nothing, nothing, nothing, nothing, nothing, None, reason)
        momenta[row, column] = cell.contenders[0].momentum
        sizes[row, column] = step_sizes(cell)[0]
        lines.append(known[place])
    line = EscapeLine.stack(lines, shape)
    at = rule, momenta, sizes
    outside = np.asarray(line.starts_outside)
    if outside.all():
        return TheoryMap(nothing, nothing, nothing, nothing, nothing, None, OUTSIDE_REASON)
    holds = ~np.asarray(line.is_nonlinear) & line.is_stable(*at)
    bound = np.where(holds, line.quantile(*at), np.nan)
    balance = guidance(-sizes * line.eigenvalue).balance
    median = np.where(outside, np.nan, line.escape(*at))
    return TheoryMap(median, bound, balance, momenta, sizes, line)


def _at_rest(sweep: Sweep) -> bool:
    """Return whether nothing moves in any cell."""
    rows = range(1 if sweep.y.varied.in_rule else sweep.shape[0])
    columns = range(1 if sweep.x.varied.in_rule else sweep.shape[1])
    return all(is_at_rest(sweep.cell(row, column)) for row in rows for column in columns)


def agreement(measured: ResultMap, law: TheoryMap) -> Agreement:
    """Compare every measured cell with the law where it gives the escape time.

    F(T) of the law at a median of N paths is ½ within ½/√N, one standard error; steps are integers,
    so F increases from F(t−1) to F(t) there, and the nearest of these values is used.
    """
    rule = measured.sweep.experiment.contenders[0].rule
    cells = measured.cells
    errors = np.full(cells.shape, np.nan)
    compared = np.isfinite(law.median) & (cells["status"] == MEASURED)
    if law.line is None:
        return Agreement(errors, 0, 0)
    for place in zip(*np.nonzero(compared), strict=True):
        t = cells["median"][place]
        steps = [max(int(np.floor(t)) - 1, 0), int(np.ceil(t))]
        at = rule, law.momenta[place], law.step_sizes[place]
        low, high = law.line.at(place).cdf(*at, steps=steps)
        off = max(low - 0.5, 0.0) + min(high - 0.5, 0.0)
        errors[place] = off / (0.5 / np.sqrt(float(cells["total"][place])))
    within = int(np.count_nonzero(np.abs(errors[compared]) <= NEAR))
    return Agreement(errors, within, int(np.count_nonzero(compared)))


def ridge(sweep: Sweep, median: Floats) -> tuple[Floats, Floats]:
    """Return the (x, y) of the best momentum for each value of the other axis, each (n,).

    The best is the smallest whose median is within SLACK, or one step, of the shortest: medians are
    integers, and a larger β gains almost nothing. Empty if no axis is the momentum; rows without a
    number are omitted.
    """
    none = np.empty(0)
    if "beta" not in (sweep.x.key, sweep.y.key):
        return none, none
    by_row = sweep.x.key == "beta"
    table = median if by_row else median.T
    there = np.isfinite(table).any(axis=1)
    times = np.where(np.isfinite(table), table, np.inf)
    least = times.min(axis=1, keepdims=True)
    best = np.argmax(times <= np.maximum(least * (1 + SLACK), least + 1), axis=1)[there]
    along, across = (sweep.x, sweep.y) if by_row else (sweep.y, sweep.x)
    beta, other = np.array(along.values)[best], np.array(across.values)[there]
    return (beta, other) if by_row else (other, beta)


def balance_line(sweep: Sweep, law: TheoryMap) -> tuple[Floats, Floats]:
    """Return the points (x, y), each (n,), where β is the guidance's balance value.

    Empty if no axis is β. If the step size depends on β (`hold`), both conditions hold there.
    """
    none = np.empty(0)
    if "beta" not in (sweep.x.key, sweep.y.key) or law.reason:
        return none, none
    by_row = sweep.x.key == "beta"
    balance = law.balance if by_row else law.balance.T
    along, across = (sweep.x, sweep.y) if by_row else (sweep.y, sweep.x)
    beta = np.array(along.values)
    met = np.array([_meeting(beta, row) for row in balance])
    there = np.isfinite(met)
    met, other = met[there], np.array(across.values)[there]
    return (met, other) if by_row else (other, met)


def _meeting(beta: Floats, balance: Floats) -> float:
    """Return the first β with β = balance(β), linear between cells; NaN if there is none."""
    gap = beta - balance
    change = np.nonzero((gap[:-1] < 0) & (gap[1:] >= 0))[0]
    if not len(change):
        return float("nan")
    i = int(change[0])
    share = -gap[i] / (gap[i + 1] - gap[i])
    return float(beta[i] + share * (beta[i + 1] - beta[i]))
