"""Sentences on the result of a lesson's race: one for each outcome of the two compared optimizers.

The first and the last optimizer are compared. Each escapes, has not escaped by T, diverges, or
starts beyond the radius; a speed-up is stated only if both escape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType

from app.text.divergence import diverged
from app.text.numbers import exact, number, ratio
from app.text.outcome import median, speed_up
from simulation.landscapes.base import NO_SADDLE
from simulation.results.summary import Summary
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest

OUTSIDE = "The start is already beyond the escape radius"
GONE = "The tilt is larger than the slope that a saddle could balance: there is no saddle"
ALONE = "There is no other optimizer to compare it with."
ABOUT = 1.05  # factor up to which two escape times count as about equal


class Fate(Enum):
    """What becomes of one optimizer, by its median path."""

    ESCAPES = "escapes"
    WAITS = "has not escaped"
    DIVERGES = "diverges"
    OUTSIDE = "starts beyond the escape radius"


def fate(summary: Summary, i: int) -> Fate:
    """Return the fate of a contender; divergence counts before an escape."""
    at = median(summary.escape[i])
    if i in diverged(summary):
        return Fate.DIVERGES
    if at is None:
        return Fate.WAITS
    return Fate.ESCAPES if at else Fate.OUTSIDE


def both_escape(summary: Summary, i: int) -> bool:
    """Return whether the first contender and contender i escape, so that they can be compared."""
    return all(fate(summary, j) is Fate.ESCAPES for j in (0, i))


def is_alone(summary: Summary, i: int) -> bool:
    """Return whether contender i is, or equals, the first one."""
    contenders = summary.experiment.contenders
    return contenders[i] == contenders[0]


def name(summary: Summary, i: int) -> str:
    """Return the contender's name."""
    return summary.experiment.contenders[i].label


def clause(summary: Summary, i: int) -> str:
    """Return the contender's name and what becomes of it: "SGD escapes after 29,600 steps"."""
    return f"{name(summary, i)} {_PREDICATES[fate(summary, i)](summary, i)}"


def question(summary: Summary, i: int) -> str:
    """Return what becomes of the first contender, and the question on contender i."""
    if is_at_rest(summary.experiment):
        return f"{AT_REST_REASON} There is nothing to predict."
    if Fate.OUTSIDE in (fate(summary, 0), fate(summary, i)):
        return f"{_no_escape(summary)}, so there is no escape to predict."
    if not summary.has_saddle:
        when = f"When is {name(summary, i)} as far from there, if ever?"
        return f"There is no saddle to escape from. {clause(summary, 0)}. {when}"
    return f"{clause(summary, 0)}. When does {name(summary, i)} escape, if it does?"


def result(summary: Summary, i: int) -> str:
    """Return the result of contender i compared with the first, in one or two sentences."""
    if is_at_rest(summary.experiment):
        return AT_REST_REASON
    if is_alone(summary, i):
        return f"{clause(summary, i)}. {ALONE}"
    fates = fate(summary, 0), fate(summary, i)
    return _RESULTS.get(fates, _each)(summary, i)


def compared(gain: float, other: str = "") -> str:
    """Return a speed-up, over `other`, in words: "9.62× faster than SGD", "about as fast"."""
    than = f" than {other}" if other else ""
    if 1 / ABOUT <= gain <= ABOUT:
        return f"about as fast as {other}" if other else "about as fast"
    return f"{ratio(gain)}× faster{than}" if gain > 1 else f"{ratio(1 / gain)}× slower{than}"


def steps(value: float) -> str:
    """Return a number of steps with its noun: "1 step", "29,637 steps"."""
    return f"{exact(value)} step{'s' * (value != 1)}"


def _escapes(summary: Summary, i: int) -> str:
    paths = summary.experiment.paths
    of = f" (median of {exact(paths)} paths)" if paths > 1 else ""
    does = "escapes" if summary.has_saddle else f"is {_away(summary)}"
    return f"{does} after {steps(summary.escape[i].median)}{of}"


def _waits(summary: Summary, _: int) -> str:
    paths = summary.experiment.paths
    of = f" on at least half of the {exact(paths)} paths" if paths > 1 else ""
    has_not = "has not escaped" if summary.has_saddle else f"is not yet {_away(summary)}"
    return f"{has_not} after {_end(summary)}{of}"


def _away(summary: Summary) -> str:
    """Return what an escape is where there is no saddle."""
    return f"{number(summary.radius)} away from its start"


def _diverges(summary: Summary, i: int) -> str:
    escape = summary.escape[i]
    at = exact(escape.first_diverged)
    if escape.total == 1:
        return f"diverges at step {at}"
    return f"diverges on {exact(escape.diverged)} of {exact(escape.total)} paths, from step {at} on"


_PREDICATES: Mapping[Fate, Callable[[Summary, int], str]] = MappingProxyType({
    Fate.ESCAPES: _escapes,
    Fate.WAITS: _waits,
    Fate.DIVERGES: _diverges,
    Fate.OUTSIDE: lambda summary, i: Fate.OUTSIDE.value,
})  # fmt: skip


def _both(summary: Summary, i: int) -> str:
    gain = speed_up(summary, i, 0)
    return f"{clause(summary, i)}, {compared(gain, name(summary, 0))}."


def _neither(summary: Summary, i: int) -> str:
    verb = "has" if summary.has_saddle else "is"
    return f"{clause(summary, i)}, and neither {verb} {name(summary, 0)}."


def _outside(summary: Summary, _: int) -> str:
    return f"{_no_escape(summary)}, so there is no escape to time."


def _no_escape(summary: Summary) -> str:
    """Return why there is nothing to escape from, without a full stop."""
    return GONE if summary.law_reason == NO_SADDLE else OUTSIDE


def _each(summary: Summary, i: int) -> str:
    """Return one clause for each, where their times cannot be compared."""
    return f"{clause(summary, i)}; {clause(summary, 0)}."


def _end(summary: Summary) -> str:
    return steps(summary.experiment.steps)


_RESULTS: Mapping[tuple[Fate, Fate], Callable[[Summary, int], str]] = MappingProxyType({
    (Fate.ESCAPES, Fate.ESCAPES): _both,
    (Fate.WAITS, Fate.WAITS): _neither,
    (Fate.OUTSIDE, Fate.OUTSIDE): _outside,
})  # fmt: skip
"""Fates of the first contender and of another one → the sentence; all others: `_each`."""
