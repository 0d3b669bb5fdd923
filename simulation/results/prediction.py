"""Theoretical predictions for an experiment, without running it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.landscapes.registry import landscape_of
from simulation.model.coefficients import step_sizes
from simulation.model.experiment import Experiment
from simulation.results.reference import ratio, slowest
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from simulation.theory.escape_line import SHARES, EscapeLine
from simulation.theory.guidance import Guidance, guidance
from simulation.theory.one_step import LINEAR_RULES, growth_rate, largest_stable_step, speed_up

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Theoretical quantities at the saddle; NaN where undefined.

    step_sizes, growth_rate (log|μ₁| per step), largest_stable_step (C,). speed_up (C,): ratio of
    growth rates, over SGD's at the contender's own η. escape (C, 3): the 10, 50 and 90 % quantiles
    of the escape time in steps. reference: index of SGD unless its step is unstable, else of the
    contender with the longest median that is stable; predicted_speed_up (C,): the reference's
    median over the contender's, as in Summary. eigenvalues (d,); radius R; reason: '' or why a
    contender has no escape time; guidance: momenta for h = η|λ₋| at the experiment's η, None
    without negative eigenvalue.
    """

    experiment: Experiment
    step_sizes: Floats
    growth_rate: Floats
    speed_up: Floats
    largest_stable_step: Floats
    escape: Floats
    reference: int
    predicted_speed_up: Floats
    eigenvalues: Floats
    radius: float
    reason: str
    guidance: Guidance | None


def predict(experiment: Experiment) -> Prediction:
    """Return the Prediction for an experiment."""
    landscape = landscape_of(experiment)
    model = landscape.linearisation(experiment)
    line = EscapeLine.of(experiment)
    lowest, highest = float(model.eigenvalues.min()), float(model.eigenvalues.max())
    sizes = step_sizes(experiment)
    count = len(experiment.contenders)
    rate, faster, stable = (np.full(count, np.nan) for _ in range(3))
    escape = np.full((count, len(SHARES)), np.nan)
    for i, contender in enumerate(experiment.contenders):
        if contender.rule not in LINEAR_RULES or model.applies:
            continue
        at = contender.rule, contender.momentum, sizes[i]
        rate[i] = growth_rate(*at, lowest)
        faster[i] = speed_up(*at, lowest)
        stable[i] = largest_stable_step(contender.rule, contender.momentum, highest)
        if not line.escape_reason:
            escape[i] = line.escape(*at, share=np.array(SHARES))
    against = slowest(experiment, escape[:, 1], ~(sizes >= stable))
    h = -experiment.step_size * lowest
    return Prediction(
        experiment=experiment,
        step_sizes=sizes,
        growth_rate=rate,
        speed_up=faster,
        largest_stable_step=stable,
        escape=escape,
        reference=against,
        predicted_speed_up=ratio(escape[:, 1], against),
        eigenvalues=model.eigenvalues,
        radius=landscape.escape_radius(experiment),
        reason=AT_REST_REASON
        if is_at_rest(experiment)
        else line.escape_reason or line.time_reason(experiment.contenders, sizes),
        guidance=guidance(h) if h > 0 and not model.applies else None,
    )
