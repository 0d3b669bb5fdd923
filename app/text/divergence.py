"""Sentences on divergence: which contenders diverge, when, and why.

The reason is an exceeded stability limit at the saddle, or the landscape away from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.text.numbers import exact, number
from app.text.spans import Span, name, names
from simulation.landscapes.registry import landscape_of
from simulation.results.summary import Summary
from simulation.rules import RULES
from simulation.rules.record import Limit
from simulation.theory.boosted_step import period_growth

# Phrases for one contender, and for several.
EXCEEDS = "exceeds its limit at the saddle", "exceed their limits at the saddle"
FARTHER = "diverges away from the saddle", "diverge away from the saddle"
WITHIN = (
    "is within its limit at the saddle but diverges away from it",
    "are within their limits at the saddle but diverge away from it",
)


def divergence(summary: Summary, broken: Sequence[int]) -> list[Span]:
    """Return the sentence on the contenders `broken`, with the reason of each."""
    first = min(broken, key=lambda j: summary.escape[j].first_diverged)
    unstable = [i for i in broken if exceeds_limit(summary, i)]
    beyond = [i for i in broken if i not in unstable]
    same, rest = (unstable, beyond) if first in unstable else (beyond, unstable)
    also = [i for i in same if i != first]
    at = exact(summary.escape[first].first_diverged)
    parts = [name(summary, first), Span(" diverges at step "), Span(at, "number"),
             Span(f": {_why(summary, first)}")]  # fmt: skip
    if also:
        parts += [Span(f"; so {'does' if len(also) == 1 else 'do'} "), *names(summary, also)]
    if rest:
        why = EXCEEDS if rest is unstable else _beyond(summary, rest)
        parts += [Span("; "), *names(summary, rest), Span(f" {why[len(rest) > 1]}")]
    return [*parts, Span(".")]


def exceeds_limit(summary: Summary, i: int) -> bool:
    """Return whether the contender's step is unstable in the linear model at the saddle."""
    experiment, steepest = summary.experiment, _steepest(summary)
    contender, step = experiment.contenders[i], float(summary.step_sizes[i])
    if RULES[contender.rule].boosted and steepest > 0:
        at = contender.momentum, step, experiment.boost, experiment.period, steepest
        return period_growth(*at) >= 1
    return limit_of(summary, i) is not None and bool(step >= summary.largest_stable_step[i])


def leaves_domain(summary: Summary, i: int) -> bool:
    """Return whether the drawn path ends nearby, with a function that has no value everywhere."""
    if not landscape_of(summary.experiment).is_partial(summary.experiment):
        return False
    start = summary.lines[i, 0, 0]
    away = np.abs(summary.lines[i, 0] - start)
    return bool(np.nanmax(away, initial=0.0) < 1e3 * (1.0 + summary.radius + np.abs(start).max()))


def limit_of(summary: Summary, i: int) -> Limit | None:
    """Return the largest stable ηλ of the contender's rule; None if it has none."""
    return RULES[summary.experiment.contenders[i].rule].stable


def _why(summary: Summary, i: int) -> str:
    stable = limit_of(summary, i)
    symbol, what, step = _largest(summary, i)
    if leaves_domain(summary, i):
        return "its path goes where the function has no value"
    if stable is None or not exceeds_limit(summary, i):
        return f"the {what} {symbol} = {number(step)} is too large away from the saddle"
    steepest = _steepest(summary)
    limit = float(summary.largest_stable_step[i])
    if step < limit:  # Algorithm 2: each is stable alone
        return "its steps η and r in turn are unstable at the saddle"
    return (
        f"{symbol}λ = {number(step * steepest)} exceeds the limit "
        f"{symbol}λ < {stable.words} = {number(limit * steepest)}"
    )


def _largest(summary: Summary, i: int) -> tuple[str, str, float]:
    """Return symbol, name and size of the step that is too large: η, or Algorithm 2's r."""
    experiment, step = summary.experiment, float(summary.step_sizes[i])
    contender = experiment.contenders[i]
    usual = "η", "step", step
    if not RULES[contender.rule].boosted or experiment.boost <= step:
        return usual
    alone = step >= float(summary.largest_stable_step[i]) and experiment.period > 1
    return usual if alone else ("r", "boosted step", experiment.boost)


def _steepest(summary: Summary) -> float:
    """Return the largest eigenvalue at the saddle."""
    model = landscape_of(summary.experiment).linearisation(summary.experiment)
    return float(model.eigenvalues.max())


def _beyond(summary: Summary, who: Sequence[int]) -> tuple[str, str]:
    return WITHIN if all(limit_of(summary, i) is not None for i in who) else FARTHER


def diverged(summary: Summary) -> list[int]:
    """Return the contenders that diverge (`EscapeStatistics.diverges`)."""
    return [i for i, escape in enumerate(summary.escape) if escape.diverges]
