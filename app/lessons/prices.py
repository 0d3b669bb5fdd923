"""Sentences on the noise that a lesson's optimizer pays for its speed: the stationary variance.

Along the steepest direction of the saddle, according to theory, relative to the first optimizer.
"""

from __future__ import annotations

import math

from app.lessons.outcomes import ALONE, Fate, fate, is_alone, name
from app.text.numbers import number, ratio
from app.text.outcome import even
from simulation.landscapes.registry import landscape_of
from simulation.results.settled_price import VALLEY
from simulation.results.summary import Summary
from simulation.theory.moments import stationary_variance
from simulation.theory.one_step import LINEAR_RULES, growth_rate, is_oscillatory

SMALL = 0.1  # a ratio below it has significant digits in place of decimals


def price(summary: Summary, i: int) -> str:
    """Return a sentence on contender i's stationary variance over the first contender's."""
    reason = _no_ratio(summary, i)
    if reason:
        return reason
    times = variance(summary, i) / variance(summary, 0)
    one, other = name(summary, i), name(summary, 0)
    if even(times):
        return f"Along the steep direction, {one} has **the same stationary variance** as {other}."
    shown = ratio(times) if times >= SMALL else number(times)
    return f"Along the steep direction, {one} has **{shown}× the stationary variance** of {other}."


def _no_ratio(summary: Summary, i: int) -> str:
    """Return a sentence on why there are no two variances to compare, else ""."""
    if is_alone(summary, i):
        return ALONE
    if steepest(summary) <= 0:
        return "No direction rises at this saddle, so there is no stationary variance."
    if landscape_of(summary.experiment).is_valley(summary.experiment):
        return VALLEY
    if not noise_along_steepest(summary) > 0:
        return "There is no noise along the steep direction, so nothing varies there."
    unknown = [name(summary, j) for j in (0, i) if not has_theory(summary, j)]
    if unknown:
        return f"There is no closed form of the stationary variance for {' and '.join(unknown)}."
    restless = [name(summary, j) for j in (0, i) if not settles(summary, j)]
    do = "does not" if len(restless) == 1 else "do not"
    why = f"{do} settle, so there is no stationary variance to compare."
    return f"{' and '.join(restless)} {why}" if restless else ""


def calming(summary: Summary, i: int) -> str:
    """Return a sentence on how contender i settles along the steepest direction; "" if not."""
    one = name(summary, i)
    if steepest(summary) <= 0 or not has_theory(summary, i) or not settles(summary, i):
        return ""
    if is_oscillatory(*_along_steepest(summary, i)):
        return f"Along the steep direction {one} oscillates (it *rings*) and settles only slowly."
    return f"Along the steep direction {one} settles without oscillation."


def steepest(summary: Summary) -> float:
    """Return the largest eigenvalue at the saddle."""
    model = landscape_of(summary.experiment).linearisation(summary.experiment)
    return float(model.eigenvalues.max())


def noise_along_steepest(summary: Summary) -> float:
    """Return the noise's standard deviation along the steepest direction at the saddle."""
    model = landscape_of(summary.experiment).linearisation(summary.experiment)
    return float(model.noise_sd[int(model.eigenvalues.argmax())])


def has_theory(summary: Summary, i: int) -> bool:
    """Return whether the stationary variance of the contender's rule has a closed form."""
    return summary.experiment.contenders[i].rule in LINEAR_RULES


def settles(summary: Summary, i: int) -> bool:
    """Return whether the contender neither diverges in this run nor is unstable in theory."""
    if fate(summary, i) is Fate.DIVERGES or not growth_rate(*_along_steepest(summary, i)) < 0:
        return False
    return math.isfinite(variance(summary, i))


def variance(summary: Summary, i: int) -> float:
    """Return the stationary variance along the steepest direction for unit noise; ∞ if none."""
    return float(stationary_variance(*_along_steepest(summary, i))[0])


def _along_steepest(summary: Summary, i: int) -> tuple[str, float, float, float]:
    """Return rule, β, η and λ of a contender along the steepest direction."""
    contender = summary.experiment.contenders[i]
    eta = float(summary.step_sizes[i])
    return contender.rule, contender.momentum, eta, steepest(summary)
