"""The escape time as a random number: its histogram and CDF over paths, beside the exact law.

DESIGN.md sections 5 and 7. Time is counted in whole steps; the histogram is a density over log₁₀ t,
so that it keeps its shape where time is scaled by 1/(1 − β).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.budget import LIVE_BUDGET, work
from simulation.contenders import Contender
from simulation.diagnostics import EscapeStatistics, escape_statistics
from simulation.escape_law import EscapeLaw, escape_law, exact_cdf, exact_quantile
from simulation.experiment import PARAMETERS, Experiment
from simulation.growth import LINEAR_RULES
from simulation.landscapes import Landscape, Linearisation, landscape_of
from simulation.parameters import Integer
from simulation.rules import RULES
from simulation.run import simulate
from simulation.summary import law_reason, reach

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

POINTS = 300  # times at which the curves are drawn
FINEST, COARSEST = 0.02, 0.2  # width of a bin, in decades
ENOUGH = 24  # escape times from which their own spread is known
SAMPLING = 1.358  # Kolmogorov: √N sup|F_N − F| passes it in 1 of 20 draws
CLEAR = 5.0  # the growing mode alone is right for R ≥ 5 s_Z (DESIGN.md section 5)


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Escape times of C contenders over N paths. Times in steps; NaN where a law does not hold.

    escape: statistics per contender. edges (B + 1,): of the histogram, half-way between whole
    steps; density, law_density (C, B): share of all N paths per decade of time, measured and by
    the exact marginal. times (K,), whole; cdf, exact, growing (C, K): the share escaped by then,
    measured, by the exact marginal (a lower bound on P(T ≤ t)) and by the growing mode alone.
    exact_median (C,): by the marginal. exact_gap, growing_gap (C,): the largest |measured − law|
    up to T; sampling: what N draws from the law itself reach in 1 of 20. clearance (C,): R/s_Z.
    reasons: '' or the one sentence why a contender has no law. Source: DESIGN.md sections 5, 7.
    """

    experiment: Experiment
    escape: tuple[EscapeStatistics, ...]
    edges: Floats
    density: Floats
    law_density: Floats
    times: Floats
    cdf: Floats
    exact: Floats
    growing: Floats
    exact_median: Floats
    exact_gap: Floats
    growing_gap: Floats
    sampling: float
    clearance: Floats
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One contender's law along the way out: the exact marginal and the growing mode."""

    rule: str
    momentum: float
    step_size: float
    eigenvalue: float
    radius: float
    centre: float
    noise_sd: float
    tilt: float
    start: float

    def exact(self, steps: Floats) -> Floats:
        """P(|w_t − w_ref| ≥ R) (K,) at whole `steps` (K,)."""
        return exact_cdf(
            self.rule, self.momentum, self.step_size, self.eigenvalue, radius=self.radius,
            steps=steps, reference=self.centre, noise_sd=self.noise_sd, tilt=self.tilt,
            start=self.start,
        )  # fmt: skip

    def median(self) -> float:
        """The first whole t by which half of all paths are outside; NaN if never."""
        return float(exact_quantile(
            self.rule, self.momentum, self.step_size, self.eigenvalue, radius=self.radius,
            reference=self.centre, noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        ))  # fmt: skip

    def growing(self) -> EscapeLaw:
        """The law of the growing mode alone."""
        return escape_law(
            self.rule, self.momentum, self.step_size, self.eigenvalue, radius=self.radius,
            noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip


def distribution(experiment: Experiment) -> Distribution:
    """Runs all paths and holds their escape times against the laws.

    Raises what `simulate` raises. Source: DESIGN.md sections 5 and 7.
    """
    run = simulate(experiment, record_paths=1, points=2)
    escape = tuple(map(escape_statistics, run.escape_time, run.diverged_at))
    sorted_times = [np.sort(times[times >= 0]) for times in run.escape_time]
    model = landscape_of(experiment).linearisation(experiment)
    lines, reasons = laws(experiment, model, run.step_sizes)
    edges = bins(spreads(sorted_times, lines), experiment)
    times = clock(edges)
    count = len(experiment.contenders)
    law_density, exact, growing = (
        np.full((count, n), np.nan) for n in (len(edges) - 1, len(times), len(times))
    )
    medians, gaps, growing_gaps, clearance = (np.full(count, np.nan) for _ in range(4))
    for i, line in enumerate(lines):
        if line is None:
            continue
        mode = line.growing()
        exact[i], growing[i] = line.exact(times), mode.cdf(times)
        law_density[i] = density(line.exact(np.maximum(np.floor(edges), 0)), edges)
        medians[i] = line.median()
        gaps[i] = largest_gap(sorted_times[i], experiment, line.exact)
        growing_gaps[i] = largest_gap(sorted_times[i], experiment, mode.cdf)
        clearance[i] = line.radius / float(mode.mode.sd)
    return Distribution(
        experiment=experiment,
        escape=escape,
        edges=edges,
        density=np.stack([density(share(t, experiment.paths, edges), edges)
                          for t in sorted_times]),
        law_density=law_density,
        times=times,
        cdf=np.stack([share(t, experiment.paths, times) for t in sorted_times]),
        exact=exact,
        growing=growing,
        exact_median=medians,
        exact_gap=gaps,
        growing_gap=growing_gaps,
        sampling=SAMPLING / math.sqrt(experiment.paths),
        clearance=clearance,
        reasons=tuple(reasons),
    )  # fmt: skip


def laws(
    experiment: Experiment, model: Linearisation, step_sizes: Floats
) -> tuple[list[Line | None], list[str]]:
    """Each contender's law (None where there is none) and the reason where there is none."""
    landscape = landscape_of(experiment)
    general = no_law(experiment, landscape, model)
    out: list[Line | None] = []
    reasons = []
    for contender, step_size in zip(experiment.contenders, step_sizes, strict=True):
        reason = general or rule_reason(contender)
        reasons.append(reason)
        out.append(None if reason else line(experiment, landscape, model, contender, step_size))
    return out, reasons


def line(
    experiment: Experiment, landscape: Landscape, model: Linearisation, contender: Contender,
    step_size: float,
) -> Line:  # fmt: skip
    """The law's numbers, taken from the landscape's linear model along the way out."""
    out = int(np.argmin(model.eigenvalues))
    return Line(
        contender.rule,
        contender.momentum,
        float(step_size),
        float(model.eigenvalues[out]),
        landscape.escape_radius(experiment),
        float((landscape.saddle(experiment) @ model.basis)[out]),
        float(model.noise_sd[out]),
        float(model.tilt[out]),
        float(model.start[out]),
    )


def no_law(experiment: Experiment, landscape: Landscape, model: Linearisation) -> str:
    """'' or the one sentence why no contender of this experiment has a law."""
    if reason := law_reason(experiment, landscape, model):
        return reason
    if not model.noise_sd[int(np.argmin(model.eigenvalues))] > 0:
        return "There is no noise along the way out, so all paths take the same time."
    end, radius = reach(landscape, experiment), landscape.escape_radius(experiment)
    if radius > end:
        return (
            f"The landscape bends before the escape radius {radius:.3g}: "
            f"it is a quadratic saddle only up to {end:.3g}."
        )
    return ""


def rule_reason(contender: Contender) -> str:
    """'' or the one sentence why a contender's rule has no exact law."""
    if contender.rule in LINEAR_RULES:
        return ""
    title = RULES[contender.rule].label
    return f"There is no exact law for {title}: its update is not linear with one constant step."


def share(times: Integers, paths: int, at: Floats) -> Floats:
    """The share (K,) of all `paths` whose escape time is ≤ `at` (K,); times sorted (E,)."""
    out: Floats = np.searchsorted(times, at, side="right") / paths
    return out


def density(cumulative: Floats, edges: Floats) -> Floats:
    """The share per decade (B,) between the `edges` (B + 1,), from the share up to each edge."""
    out: Floats = np.diff(cumulative) / np.diff(np.log10(edges))
    return out


def spreads(times: list[Integers], lines: list[Line | None]) -> list[Floats]:
    """For each contender with times or a law, log₁₀ of its first time, its quartiles, its last.

    The law's where there are fewer than ENOUGH times.
    """
    out = []
    for seen, known in zip(times, lines, strict=True):
        if known is not None and len(seen) < ENOUGH:
            low, first, third, high = known.growing().quantile([0.002, 0.25, 0.75, 0.998])
            ends = (min([low, *seen[:1]]), first, third, max([high, *seen[-1:]]))
        elif len(seen):
            ends = tuple(np.quantile(seen, [0.0, 0.25, 0.75, 1.0]))
        else:
            continue
        out.append(np.log10(np.maximum(ends, 1)))
    return out


def bins(spread: list[Floats], experiment: Experiment) -> Floats:
    """Edges of the histogram, half-way between whole steps, even in log t as far as that goes.

    From the earliest to the latest of `spread` (see `spreads`), at most to T. The width, one for
    all contenders, is Freedman and Diaconis' 2·IQR/∛N of log₁₀ t.
    """
    if not spread:
        return np.array([0.5, experiment.steps + 0.5])
    width = 2 * float(np.median([s[2] - s[1] for s in spread])) / experiment.paths ** (1 / 3)
    width = min(max(width, FINEST), COARSEST)
    low, high = min(float(s[0]) for s in spread), max(float(s[-1]) for s in spread)
    low, high = (min(v, math.log10(experiment.steps)) for v in (low, high))
    first, last = math.floor(low / width) - 1, math.ceil(high / width) + 1
    raw = 10.0 ** (width * np.arange(first, last + 1))
    edges = np.unique(np.maximum(np.floor(raw), 0)) + 0.5
    end = experiment.steps + 0.5
    edges = np.append(edges[edges < end], end) if raw[-1] >= end else edges
    return edges if len(edges) > 1 else np.array([0.5, edges[-1] + 1])


def clock(edges: Floats) -> Floats:
    """Whole times (K,), even in log t, over the histogram's span."""
    low, high = max(math.floor(edges[0]), 1), max(math.floor(edges[-1]), 2)
    return np.unique(np.round(np.geomspace(low, high, POINTS)))


def largest_gap(times: Integers, experiment: Experiment, law) -> float:  # type: ignore[no-untyped-def]
    """sup |F_N(t) − law(t)| over whole t in 0…T: looked at on and before each escape, and at T.

    Between two escapes the measured share stands still and the law rises, so the sup is at one of
    these. times sorted (E,), whole; law: steps (K,) → (K,).
    """
    here = np.unique(np.concatenate([times, [experiment.steps]])).astype(np.float64)
    at = np.unique(np.concatenate([np.maximum(here - 1, 0), here]))
    return float(np.max(np.abs(share(times, experiment.paths, at) - law(at))))


def affordable_paths(experiment: Experiment, limit: int = LIVE_BUDGET) -> int:
    """The most paths, up to the parameter's own bound, that the work budget allows; at least 1."""
    most = PARAMETERS["paths"]
    assert isinstance(most, Integer)
    one = work(experiment.replace(paths=1))
    return max(1, min(most.high, limit // max(one, 1)))
