"""The exact law over a sweep's grid, and how well the measured map agrees with it.

Source: DESIGN.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.coefficients import step_sizes
from simulation.escape_law import exact_cdf, exact_quantile, growing_mode
from simulation.experiment import Experiment
from simulation.guidance import guidance
from simulation.landscapes import landscape_of
from simulation.phase_map import PhaseMap
from simulation.summary import law_reason, reach
from simulation.sweep import Sweep
from simulation.tiles import MEASURED

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
CLEAR = 5.0  # the marginal is the law of the escape where R ≥ 5 s_Z (DESIGN.md section 5)
NEAR = 3.0  # standard errors
SLACK = 0.02  # share of the shortest time within which a momentum is as good as the best
_LINE = ("momentum", "step_size", "eigenvalue")
_KNOWN = ("noise_sd", "tilt", "start")
_FAR = ("radius", "reference")


@dataclass(frozen=True, slots=True, eq=False)
class LawMap:
    """The exact law's median escape time (rows, columns) in steps, NaN where it gives none.

    clear: where that is the law of the escape and not only a bound, R ≥ 5 s_Z. balance: the
    guidance's β of each cell. lines: the law's arguments per cell. reason: '' or one sentence why
    the law holds nowhere. Source: DESIGN.md section 5.
    """

    median: Floats
    clear: Flags
    balance: Floats
    lines: dict[str, Floats]
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """The measured map against the law.

    errors (rows, columns): how many standard errors the measured median lies from the law's, in
    shares of paths, NaN where there is nothing to compare; within of cells lie within 3.
    """

    errors: Floats
    within: int
    cells: int

    @property
    def share(self) -> float:
        """within/cells; NaN where there is no such cell."""
        return self.within / self.cells if self.cells else float("nan")


def law_map(sweep: Sweep) -> LawMap:
    """The law's medians over the whole grid."""
    lines, reason = cell_lines(sweep)
    nothing = np.full(sweep.shape, np.nan)
    h = -lines["step_size"] * lines["eigenvalue"]
    with np.errstate(invalid="ignore"):
        balance = np.where(h > 0, guidance(np.where(h > 0, h, 1.0)).balance, np.nan)
    if reason:
        return LawMap(nothing, nothing > 0, balance, lines, reason)
    rule = sweep.experiment.contenders[0].rule
    beta, eta, eigenvalue = (lines[name] for name in _LINE)
    known = {name: lines[name] for name in _KNOWN}
    radius, reference = (lines[name] for name in _FAR)
    holds = radius <= lines["reach"]
    found = exact_quantile(rule, beta, eta, eigenvalue, radius=radius, reference=reference, **known)
    median = np.where(holds, found, np.nan)
    clear = holds & (radius >= CLEAR * growing_mode(rule, beta, eta, eigenvalue, **known).sd)
    return LawMap(median, clear, balance, lines)


def cell_lines(sweep: Sweep) -> tuple[dict[str, Floats], str]:
    """The law's arguments (rows, columns) along the way out, and '' or why it does not hold."""
    names = (*_LINE, *_KNOWN, *_FAR, "reach")
    out = {name: np.full(sweep.shape, np.nan) for name in names}
    ground: dict[tuple[int, int], dict[str, Any]] = {}
    for row, column in np.ndindex(sweep.shape):
        cell = sweep.cell(row, column)
        place = (0 if sweep.y.varied.in_rule else row, 0 if sweep.x.varied.in_rule else column)
        if place not in ground:
            ground[place] = _along_way_out(cell)
        if ground[place]["reason"]:
            return out, ground[place]["reason"]
        values = ground[place] | {
            "momentum": cell.contenders[0].momentum,
            "step_size": step_sizes(cell)[0],
        }
        for name in names:
            out[name][row, column] = values[name]
    return out, ""


def _along_way_out(experiment: Experiment) -> dict[str, Any]:
    landscape = landscape_of(experiment)
    model = landscape.linearisation(experiment)
    reason = law_reason(experiment, landscape, model)
    if reason:
        return {"reason": reason}
    out = int(np.argmin(model.eigenvalues))
    return {
        "reason": "",
        "eigenvalue": model.eigenvalues[out],
        "noise_sd": model.noise_sd[out],
        "tilt": model.tilt[out],
        "start": model.start[out],
        "radius": landscape.escape_radius(experiment),
        "reference": float((landscape.saddle(experiment) @ model.basis)[out]),
        "reach": reach(landscape, experiment),
    }


def agreement(measured: PhaseMap, law: LawMap) -> Agreement:
    """Holds every measured cell where the law is clear against it.

    F(T) of the law at a median of N paths is ½ within ½/√N, one standard error; steps are whole,
    so F rises from F(t−1) to F(t) there, and the nearest of these counts.
    """
    rule = measured.sweep.experiment.contenders[0].rule
    cells = measured.cells
    errors = np.full(cells.shape, np.nan)
    compared = law.clear & (cells["status"] == MEASURED)
    for place in zip(*np.nonzero(compared), strict=True):
        beta, eta, eigenvalue = (law.lines[name][place] for name in _LINE)
        others = {name: law.lines[name][place] for name in (*_KNOWN, *_FAR)}
        t = cells["median"][place]
        steps = [max(int(np.floor(t)) - 1, 0), int(np.ceil(t))]
        low, high = exact_cdf(rule, beta, eta, eigenvalue, steps=steps, **others)
        off = max(low - 0.5, 0.0) + min(high - 0.5, 0.0)
        errors[place] = off / (0.5 / np.sqrt(float(cells["total"][place])))
    within = int(np.count_nonzero(np.abs(errors[compared]) <= NEAR))
    return Agreement(errors, within, int(np.count_nonzero(compared)))


def ridge(sweep: Sweep, median: Floats) -> tuple[Floats, Floats]:
    """The (x, y) of the best momentum for each value of the other axis.

    That is the smallest whose median is within SLACK, or one step, of the shortest: medians are
    whole steps, and beyond it there is next to nothing to gain. Empty where no axis is the
    momentum; a row without a number is left out.
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


def balance_line(sweep: Sweep, law: LawMap) -> tuple[Floats, Floats]:
    """The places (x, y) where β is the guidance's balance value; empty where no axis is β.

    Where the step size depends on β (`hold`), the place where both meet.
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
    """The first β at which β = balance(β), linear between cells; NaN where there is none."""
    gap = beta - balance
    change = np.nonzero((gap[:-1] < 0) & (gap[1:] >= 0))[0]
    if not len(change):
        return float("nan")
    i = int(change[0])
    share = -gap[i] / (gap[i + 1] - gap[i])
    return float(beta[i] + share * (beta[i + 1] - beta[i]))
