"""Sentences on divergence: which contenders diverge, when, and why.

The reason is an exceeded stability limit at the saddle, or the landscape away from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.text.numbers import exact, number
from app.text.spans import Span, name, names
from simulation.landscapes.registry import landscape_of
from simulation.results.summary import Summary
from simulation.rules import RULES
from simulation.rules.record import Limit

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
    return limit_of(summary, i) is not None and bool(
        summary.step_sizes[i] >= summary.largest_stable_step[i]
    )


def limit_of(summary: Summary, i: int) -> Limit | None:
    """Return the largest stable ηλ of the contender's rule; None if it has none."""
    return RULES[summary.experiment.contenders[i].rule].stable


def _why(summary: Summary, i: int) -> str:
    stable = limit_of(summary, i)
    if stable is None or not exceeds_limit(summary, i):
        step = number(float(summary.step_sizes[i]))
        return f"the step η = {step} is too large away from the saddle"
    model = landscape_of(summary.experiment).linearisation(summary.experiment)
    steepest = float(model.eigenvalues.max())
    reached = number(float(summary.step_sizes[i]) * steepest)
    limit = number(float(summary.largest_stable_step[i]) * steepest)
    return f"ηλ = {reached} exceeds the limit ηλ < {stable.words} = {limit}"


def _beyond(summary: Summary, who: Sequence[int]) -> tuple[str, str]:
    return WITHIN if all(limit_of(summary, i) is not None for i in who) else FARTHER


def diverged(summary: Summary) -> list[int]:
    """Return the contenders of which at least half of the paths diverged."""
    return [i for i, e in enumerate(summary.escape) if e.diverged and 2 * e.diverged >= e.total]
