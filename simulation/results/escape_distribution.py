"""Distribution of the escape time: histogram and CDF over paths, and the exact law.

Times are integer steps; the histogram is a density over log₁₀ t, so that its shape does not change
when time is scaled by 1/(1 − β).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import EscapeStatistics, counted_times, escape_statistics
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.parameters import Integer
from simulation.runs.budget import LIVE_BUDGET, work
from simulation.runs.simulate import simulate
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from simulation.theory.escape_law import EscapeLaw
from simulation.theory.escape_line import EscapeLine, rule_reason

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

OWN_PATHS = 50  # paths of the tab's own run where a link names none
POINTS = 300  # points of the curves
FINEST, COARSEST = 0.02, 0.2  # limits of the bin width, in decades
ENOUGH = 24  # fewest escape times from which their spread is estimated
SAMPLING = 1.358  # Kolmogorov: √N sup|F_N − F| exceeds it with probability 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Escape times of C contenders over N paths, in steps; NaN where a law does not hold.

    escape: statistics per contender. edges (B + 1,): of the histogram, half-way between integer
    steps; density, law_density (C, B): share of all N paths per decade of time, measured and by the
    exact marginal. times (K,), integers; cdf, exact, growing (C, K): the share escaped by then,
    measured, by the exact marginal (a lower bound on P(T ≤ t)) and by the growing mode alone.
    exact_median (C,): by the marginal. exact_gap (C,): the largest |measured − law| up to T;
    sampling: the 95 % quantile of that gap for N draws from the law itself.
    reasons: '' or a sentence saying why a contender has no law.
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
    sampling: float
    reasons: tuple[str, ...]


def distribution(experiment: Experiment) -> Distribution:
    """Run all paths and compare their escape times with the laws.

    Raises what `simulate` raises.
    """
    run = simulate(experiment, record_paths=1, points=2)
    escape = tuple(map(escape_statistics, run.escape_time, run.diverged_at))
    counted = counted_times(run.escape_time, run.diverged_at)
    sorted_times = [np.sort(times[times >= 0]) for times in counted]
    line, contenders = EscapeLine.of(experiment), experiment.contenders
    places = [(c.rule, c.momentum, eta) for c, eta in zip(contenders, run.step_sizes, strict=True)]
    at_rest = AT_REST_REASON if is_at_rest(experiment) else ""
    returning = line.time_reason(contenders, run.step_sizes)
    reasons = [
        at_rest
        or line.distribution_reason
        or rule_reason(c)
        or ("" if line.gives_escape(*at) else returning)
        for c, at in zip(contenders, places, strict=True)
    ]
    modes = [
        None if reason else line.growing(*at) for reason, at in zip(reasons, places, strict=True)
    ]
    edges = bins(spreads(sorted_times, modes), experiment)
    times = clock(edges)
    count = len(contenders)
    law_density, exact, growing = (
        np.full((count, n), np.nan) for n in (len(edges) - 1, len(times), len(times))
    )
    medians, gaps = (np.full(count, np.nan) for _ in range(2))
    for i, (at, mode) in enumerate(zip(places, modes, strict=True)):
        if mode is None:
            continue
        exact_cdf = partial(line.cdf, *at)
        exact[i], growing[i] = exact_cdf(times), mode.cdf(times)
        law_density[i] = density(exact_cdf(np.maximum(np.floor(edges), 0)), edges)
        medians[i] = float(line.quantile(*at))
        gaps[i] = largest_gap(sorted_times[i], experiment, exact_cdf)
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
        sampling=SAMPLING / math.sqrt(experiment.paths),
        reasons=tuple(reasons),
    )  # fmt: skip


def share(times: Integers, paths: int, at: Floats) -> Floats:
    """Return the share (K,) of all `paths` with escape time ≤ `at` (K,); times sorted (E,)."""
    out: Floats = np.searchsorted(times, at, side="right") / paths
    return out


def density(cumulative: Floats, edges: Floats) -> Floats:
    """Return the share per decade (B,) between `edges` (B + 1,), from the CDF at the edges."""
    out: Floats = np.diff(cumulative) / np.diff(np.log10(edges))
    return out


def spreads(times: list[Integers], modes: list[EscapeLaw | None]) -> list[Floats]:
    """Return log₁₀ of minimum, quartiles and maximum of the times of each contender.

    From the law if there are fewer than ENOUGH times; contenders without times and law are omitted.
    Each entry has shape (4,).
    """
    out = []
    for seen, mode in zip(times, modes, strict=True):
        if mode is not None and len(seen) < ENOUGH:
            low, first, third, high = mode.quantile([0.002, 0.25, 0.75, 0.998])
            ends = (min([low, *seen[:1]]), first, third, max([high, *seen[-1:]]))
        elif len(seen):
            ends = tuple(np.quantile(seen, [0.0, 0.25, 0.75, 1.0]))
        else:
            continue
        out.append(np.log10(np.maximum(ends, 1)))
    return out


def bins(spread: list[Floats], experiment: Experiment) -> Floats:
    """Return the histogram's edges, half-way between integer steps, as even in log t as possible.

    From the earliest to the latest of `spread` (see `spreads`), at most to T; shape (B + 1,). The
    width, common to all contenders, is Freedman and Diaconis' 2·IQR/∛N of log₁₀ t.
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
    """Return integer times (K,), even in log t, over the histogram's range."""
    low, high = max(math.floor(edges[0]), 1), max(math.floor(edges[-1]), 2)
    return np.unique(np.round(np.geomspace(low, high, POINTS)))


def largest_gap(times: Integers, experiment: Experiment, law) -> float:  # type: ignore[no-untyped-def]
    """Return sup |F_N(t) − law(t)| over integers t in 0…T.

    Between two escapes the measured share is constant and the law increases, so the supremum is
    attained at an escape, one step before it, or at T. times sorted (E,), integers; law: steps (K,)
    → (K,).
    """
    here = np.unique(np.concatenate([times, [experiment.steps]])).astype(np.float64)
    at = np.unique(np.concatenate([np.maximum(here - 1, 0), here]))
    return float(np.max(np.abs(share(times, experiment.paths, at) - law(at))))


def affordable_paths(experiment: Experiment, limit: int = LIVE_BUDGET) -> int:
    """Return the most paths allowed by the work budget and the parameter's range; at least 1."""
    most = PARAMETERS["paths"]
    assert isinstance(most, Integer)
    one = work(experiment.replace(paths=1))
    return max(1, min(most.high, limit // max(one, 1)))
