"""Summary of a run: every number of the Explore tab, so that figures need no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import (
    EscapeStatistics,
    escape_distance,
    escape_statistics,
    local_mean,
    signed_correlation,
)
from simulation.landscapes.base import NOWHERE, Linearisation, View
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.results.reference import ratio, reference
from simulation.rules import RULES
from simulation.runs.trajectories import Trajectories
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from simulation.theory.escape_line import SHARES, EscapeLine
from simulation.theory.one_step import LINEAR_RULES, largest_stable_step

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LINES = 5  # most paths drawn on the landscape
WINDOW = 31  # recorded steps in the local mean of one path's correlation


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The median and the 10 % and 90 % quantiles over paths, each (C, K)."""

    median: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The exact law for comparison with the measurement: its band, or None, and predictions.

    predicted (C,): the median escape time in steps, NaN where the theory does not hold; reason: why
    there is no band, or why a contender has no prediction: the band ends before the radius, or the
    paths cross it and come back.
    """

    band: Band | None
    reason: str
    predicted: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Arrows:
    """Vectors of the first path's update at each recorded step, float32 in view coordinates.

    momentum m_t and gradient g_t (C, K, 2), both at w_t; the step is −η(νg_t + κm_t). fresh (C,):
    the coefficient of g_t in m_t, so that m_t − fresh·g_t is the previous momentum's part; NaN if
    m_t is not a sum of gradients. weights (C, 2): ν and κ, NaN for a rule whose step is not such a
    sum. Empty (K = 0) if the view is not a plane of w.
    """

    momentum: NDArray[np.float32]
    gradient: NDArray[np.float32]
    fresh: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Summary of a run: C contenders, K recorded steps, L ≤ 5 drawn paths; times in steps.

    steps (K,); step_sizes (C,); distance, correlation (signed, positive outward) and value are
    bands over paths; drawn_distance (C, K): the distance of the first drawn path; trend (C, K): the
    correlation's moving average over `window` recorded steps if there is one path, else its median;
    law: the exact band of the distance, NaN in the row of a contender whose rule has none and
    beyond the linear range, or None; law_reason: '' or why the law predicts no escape.
    lines (C, L, K, 2), view coordinates; arrows along the first of them.
    escape: statistics per contender. predicted (C,): the median escape time by the law. speed_up,
    predicted_speed_up (C,): the reference's median over this contender's. largest_stable_step (C,):
    at the saddle. radius: R; start (2,): w₀ in view coordinates; reference: index of the contender
    that speed-ups are relative to. NaN where undefined.
    """

    experiment: Experiment
    steps: Integers
    step_sizes: Floats
    distance: Band
    drawn_distance: Floats
    correlation: Band
    trend: Floats
    window: int
    value: Band
    law: Band | None
    law_reason: str
    lines: Floats
    arrows: Arrows
    escape: tuple[EscapeStatistics, ...]
    predicted: Floats
    speed_up: Floats
    predicted_speed_up: Floats
    largest_stable_step: Floats
    radius: float
    start: Floats
    reference: int

    @property
    def has_saddle(self) -> bool:
        """Whether there is a saddle; else distances are from the start, and nothing escapes."""
        return self.law_reason != NOWHERE


def summarise(run: Trajectories) -> Summary:
    """Return the Summary of a run."""
    experiment = run.experiment
    landscape = landscape_of(experiment)
    saddle = landscape.saddle(experiment)
    directions = landscape.escape_directions(experiment)
    view = landscape.view(experiment)
    distance = escape_distance(run.w, saddle, directions)
    model = landscape.linearisation(experiment)
    escape = tuple(map(escape_statistics, run.escape_time, run.diverged_at))
    medians = np.array([e.median for e in escape])
    law = exact_law(run)
    against = reference(experiment, escape)
    correlation = band(signed_correlation(run.w, run.momentum, saddle, directions))
    window = WINDOW if experiment.paths == 1 else 1
    return Summary(
        experiment=experiment,
        steps=run.steps,
        step_sizes=run.step_sizes,
        distance=band(distance),
        drawn_distance=distance[:, 0],
        correlation=correlation,
        trend=local_mean(correlation.median, window),
        window=window,
        value=band(run.value),
        law=law.band,
        law_reason=AT_REST_REASON if is_at_rest(experiment) else law.reason,
        lines=view.project(run.w[:, :LINES]),
        arrows=arrows(run, view),
        escape=escape,
        predicted=law.predicted,
        speed_up=ratio(medians, against),
        predicted_speed_up=ratio(law.predicted, against),
        largest_stable_step=stable_steps(experiment, model),
        radius=landscape.escape_radius(experiment),
        start=view.project(landscape.start(experiment)),
        reference=against,
    )


def arrows(run: Trajectories, view: View) -> Arrows:
    """Return the Arrows along the first path of a run."""
    contenders = run.experiment.contenders
    rules = [(RULES[c.rule], c.momentum) for c in contenders]
    kept = len(run.steps) if view.is_plane else 0  # no directions in a folded view

    def seen(rows: Floats) -> NDArray[np.float32]:
        # infinite on a diverging path, and not drawn
        with np.errstate(over="ignore", invalid="ignore"):
            out: NDArray[np.float32] = (rows[:, 0, :kept] @ view.axes.T).astype(np.float32)
        return out

    return Arrows(
        momentum=seen(run.momentum),
        gradient=seen(run.stochastic_gradient),
        fresh=np.array([rule.family.fresh(beta) for rule, beta in rules]),
        weights=np.array(
            [rule.weights(beta) if rule.weights else (np.nan, np.nan) for rule, beta in rules]
        ),
    )


def band(values: Floats) -> Band:
    """Return the quantiles of values (C, P, K) over the paths P, linearly interpolated."""
    paths = values.shape[1]
    if paths == 1:
        only = values[:, 0]
        return Band(only, only, only)
    places = [q * (paths - 1) for q in SHARES]
    ordered = np.sort(values, axis=1)  # four times as fast as np.partition at these places
    low, median, high = (_between(ordered, p) for p in places)
    return Band(median, low, high)


def _between(ordered: Floats, place: float) -> Floats:
    """Return the value (C, K) at a place of ordered values (C, P, K), of which some may be ∞."""
    low = ordered[:, int(place)]
    if place == int(place):
        return low
    high = ordered[:, int(place) + 1]
    with np.errstate(invalid="ignore"):  # ∞ − ∞
        return np.where(low == high, low, low + (place - int(place)) * (high - low))


def stable_steps(experiment: Experiment, model: Linearisation) -> Floats:
    """Return the largest stable step (C,) of each contender at the saddle's largest eigenvalue."""
    largest = float(model.eigenvalues.max())
    return np.array(
        [largest_stable_step(c.rule, c.momentum, largest) for c in experiment.contenders]
    )


def exact_law(run: Trajectories) -> Law:
    """Return the exact marginal law of the distance at every recorded step, for all linear rules.

    The band is NaN where its median is beyond the distance up to which the gradient along v is
    within LINEARITY_TOLERANCE of the linear model's.
    """
    contenders = run.experiment.contenders
    predicted = np.full(len(contenders), np.nan)
    line = EscapeLine.of(run.experiment)
    if line.reason:
        return Law(None, line.reason, predicted)
    quantiles = np.full((len(SHARES), len(contenders), len(run.steps)), np.nan)
    for rule in LINEAR_RULES:
        mine = [i for i, c in enumerate(contenders) if c.rule == rule]
        if not mine:
            continue
        at = rule, np.array([contenders[i].momentum for i in mine]), run.step_sizes[mine]
        quantiles[:, mine] = line.distance(*at, steps=run.steps)
        if not line.is_nonlinear:
            predicted[mine] = line.escape(*at)
    with np.errstate(invalid="ignore"):
        quantiles[:, ~(quantiles[1] <= line.linear_range)] = np.nan
    low, median, high = quantiles
    linear = [i for i, c in enumerate(contenders) if c.rule in LINEAR_RULES]
    reason = line.escape_reason
    if np.isnan(predicted[linear]).any():  # else the law gives all their times
        reason = reason or line.time_reason(contenders, run.step_sizes)
    return Law(Band(median, low, high), reason, predicted)
