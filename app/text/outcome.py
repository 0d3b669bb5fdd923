"""The headline: what the chosen optimizer gains and what it costs, in spans and large figures.

"At the same step size, Momentum 0.9 escapes after 29,600 steps on this path, 10.0× faster than
SGD; the exact law says 9.99×. Once settled it is 10.0× noisier."
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.text.divergence import diverged, divergence
from app.text.minima import minimum_inside
from app.text.numbers import count, exact, number, plural, ratio
from app.text.price import figure
from app.text.price import sentence as price_sentence
from app.text.spans import Span, name
from simulation.diagnostics.escape import EscapeStatistics
from simulation.landscapes.base import NO_SADDLE
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.noise import NOISES
from simulation.results.settled_price import price_of
from simulation.results.summary import Summary
from simulation.theory.at_rest import AT_REST_REASON

NONE = "—"
LAW = "by the law"


@dataclass(frozen=True, slots=True)
class Merit:
    """A large figure and its label; the value is "—" if there is none."""

    value: str
    label: str
    contender: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Text on a run: the sentences' spans, side notes, and the large figures.

    merits: steps to escape, times faster, the same by the law, and times noisier if there is such.
    """

    parts: tuple[Span, ...]
    merits: tuple[Merit, ...]
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The sentence as plain text."""
        return "".join(part.text for part in self.parts)


def outcome(summary: Summary, chosen: int | None = None) -> Outcome:
    """Return the headline of a run: of the contender `chosen`, or of the first to escape.

    The first to escape is the subject also if the chosen one has not escaped.
    """
    broken = diverged(summary)
    escaped = [i for i, e in enumerate(summary.escape) if median(e) is not None]
    escaped = [i for i in escaped if i not in broken]  # divergence is no escape
    first = min(escaped, key=lambda i: summary.escape[i].median, default=None)
    first = chosen if chosen in escaped else first
    outside = first is not None and median(summary.escape[first]) == 0
    other = None if first is None or outside else compared_with(summary, first)
    if outside:
        parts = _outside(summary)
    elif first is not None:
        parts = _winner(summary, first, other)
        parts += _price(summary, first, other)
    elif summary.law_reason == AT_REST_REASON:
        parts = [Span(AT_REST_REASON)]
    else:
        parts = [] if broken else _nobody(summary)
    if broken:
        parts += [Span(" ")] if parts else []
        parts += divergence(summary, broken)
    return Outcome(tuple(parts), _merits(summary, first, other), tuple(_notes(summary, first)))


def median(escape: EscapeStatistics) -> float | None:
    """Return the median escape time; None until half of the paths have escaped."""
    return float(escape.median) if math.isfinite(escape.median) and escape.median >= 0 else None


def compared_with(summary: Summary, first: int) -> int | None:
    """Return the contender to compare `first` with: the reference, or the runner-up if it is it.

    None if no other stays finite.
    """
    broken = diverged(summary)
    if summary.reference != first and summary.reference not in broken:
        return summary.reference
    rest = [i for i in range(len(summary.escape)) if i != first and i not in broken]
    return min(rest, key=lambda i: _or_end(summary, i), default=None)


def _or_end(summary: Summary, i: int) -> float:
    at = median(summary.escape[i])
    return math.inf if at is None else at


def speed_up(summary: Summary, first: int, other: int) -> float:
    """Return the measured speed-up of `first` over `other`; NaN if `other` has not escaped."""
    mine, theirs = median(summary.escape[first]), median(summary.escape[other])
    return theirs / mine if mine and theirs is not None else math.nan


def predicted_speed_up(summary: Summary, first: int, other: int) -> float:
    """Return the theoretical speed-up of `first` over `other`; NaN without theory."""
    mine, theirs = float(summary.predicted[first]), float(summary.predicted[other])
    return theirs / mine if mine > 0 and math.isfinite(theirs) else math.nan


def even(gain: float) -> bool:
    """Return whether a speed-up is 1 to three digits, where it would read 1.00×."""
    return 0.995 <= gain < 1.005


def _winner(summary: Summary, first: int, other: int | None) -> list[Span]:
    experiment = summary.experiment
    several = len(experiment.contenders) > 1
    held = HOLDS[experiment.hold].phrase
    opening = f"{held[0].upper()}{held[1:]}, " if several else ""
    at = median(summary.escape[first]) or 0.0
    parts = [Span(opening)] if opening else []
    parts += [name(summary, first), Span(_leaves(summary)), Span(exact(at), "number"),
              Span(f" {plural(at, 'step')}{_of_paths(experiment)}")]  # fmt: skip
    if other is None:
        expected = float(summary.predicted[first])
        if math.isfinite(expected):
            parts += [Span("; the exact law says "), Span(count(expected), "theory")]
        return [*parts, Span(".")]
    gain, expected = speed_up(summary, first, other), predicted_speed_up(summary, first, other)
    if math.isnan(gain):
        least = ratio(experiment.steps / at) if at else NONE
        end = f", which has not escaped after {exact(experiment.steps)} steps"
        parts += [Span(", more than "), Span(f"{least}×", "number"), Span(" faster than "),
                  name(summary, other), Span(end)]  # fmt: skip
    elif even(gain):
        parts += [Span(", just as fast as "), name(summary, other)]
        if even(expected):
            return [*parts, Span(", as the exact law says.")]
    else:
        times, than = pace(gain)
        parts += [Span(", "), Span(f"{times}×", "number"), Span(f" {than} than "),
                  name(summary, other)]  # fmt: skip
    if math.isfinite(expected):
        times, than = pace(expected)
        turned = f" {than}" if than != pace(gain)[1] else ""
        parts += [Span("; the exact law says "), Span(f"{times}×{turned}", "theory")]
    return [*parts, Span(".")]


def _price(summary: Summary, first: int, other: int | None) -> list[Span]:
    """Return the sentence on what the gain costs; alone, only that it never settles."""
    price = price_of(summary, first, first if other is None else other)
    if other is None and not price.reason:
        return []
    return [Span(" "), *price_sentence(summary, price, first)]


def pace(gain: float) -> tuple[str, str]:
    """Return a speed-up as a ratio and "faster" or "slower"; NaN is faster."""
    return (ratio(1 / gain), "slower") if gain < 0.995 else (ratio(gain), "faster")


def _leaves(summary: Summary) -> str:
    """Return what the optimizer does at its escape time: without a saddle, it leaves its start."""
    if not summary.has_saddle:
        return f" is {number(summary.radius)} away from its start after "
    return " escapes after "


def _outside(summary: Summary) -> list[Span]:
    """Return the sentence for a start beyond the escape radius."""
    if summary.law_reason == NO_SADDLE:
        return [Span("There is no saddle to escape from: the tilt is larger than the slope that a "
                     "saddle could balance.")]  # fmt: skip
    radius = Span(number(summary.radius), "number")
    return [Span("The start is already beyond the escape radius "), radius,
            Span(": raise the radius or start nearer the saddle to see an escape.")]  # fmt: skip


def _nobody(summary: Summary) -> list[Span]:
    experiment = summary.experiment
    end = f"{exact(experiment.steps)} steps"
    if experiment.paths > 1:
        end += f" in half of the {exact(experiment.paths)} paths"
    alone = len(experiment.contenders) == 1
    parts = (
        [name(summary, 0), Span(f" has not escaped after {end}")]
        if alone
        else [Span(f"No optimizer has escaped after {end}")]
    )
    soonest = soonest_in_theory(summary)
    if soonest is not None:
        who = [Span("it")] if alone else [name(summary, soonest)]
        at = count(float(summary.predicted[soonest]))
        parts += [Span("; the exact law says "), *who, Span(" takes "), Span(at, "theory")]
    return [*parts, Span(".")]


def soonest_in_theory(summary: Summary) -> int | None:
    """Return the contender with the smallest predicted escape time; None without theory."""
    broken = diverged(summary)  # theory holds near the saddle only
    known = [i for i, at in enumerate(summary.predicted) if math.isfinite(at) and i not in broken]
    return min(known, key=lambda i: summary.predicted[i], default=None)


def _merits(summary: Summary, first: int | None, other: int | None) -> tuple[Merit, ...]:
    if first is None:
        return _merits_so_far(summary)
    label = summary.experiment.contenders[first].label
    at = median(summary.escape[first]) or 0.0
    what = "to escape" if summary.has_saddle else "to leave the start"
    steps = Merit(exact(at), f"{plural(at, 'step')} {what}, {label}", first)
    if at == 0:
        return steps, Merit(NONE, "faster"), Merit(NONE, LAW)
    if other is None:
        alone = float(summary.predicted[first])
        in_theory = count(alone) if math.isfinite(alone) else NONE
        return steps, Merit(NONE, "faster"), Merit(in_theory, f"{plural(alone, 'step')} {LAW}")
    gain, expected = speed_up(summary, first, other), predicted_speed_up(summary, first, other)
    rival = summary.experiment.contenders[other].label
    compared = f"{pace(gain)[1]} than {rival}"
    least = f">{ratio(summary.experiment.steps / at)}×" if at else NONE
    measured = f"{pace(gain)[0]}×" if math.isfinite(gain) else least
    theory = f"{pace(expected)[0]}×" if math.isfinite(expected) else NONE
    if even(gain):  # in place of "1.00× faster"
        measured, compared = "even", f"with {summary.experiment.contenders[other].label}"
    if even(expected):
        theory = "even"
    both = steps, Merit(measured, compared, other), Merit(theory, LAW)
    paid, label = figure(price_of(summary, first, other))
    return (*both, Merit(paid, label, first)) if paid else both


def _merits_so_far(summary: Summary) -> tuple[Merit, ...]:
    """Return the figures before any escape: the steps so far, and the time by theory."""
    soonest = soonest_in_theory(summary)
    so_far = Merit(f">{exact(summary.experiment.steps)}", "steps to escape")
    if len(diverged(summary)) == len(summary.escape) or summary.law_reason == AT_REST_REASON:
        so_far = Merit(NONE, "steps to escape")
    if soonest is None:
        return so_far, Merit(NONE, "faster"), Merit(NONE, LAW)
    label = summary.experiment.contenders[soonest].label
    at = float(summary.predicted[soonest])
    expected = count(at)
    words = f"{plural(at, 'step')} {LAW}, {label}"
    return so_far, Merit(NONE, "faster"), Merit(expected, words, soonest)


def _notes(summary: Summary, first: int | None) -> list[str]:
    notes = []
    if summary.law_reason and (first is not None or summary.law_reason != AT_REST_REASON):
        notes.append(summary.law_reason)
    broken = diverged(summary)
    waits = [i for i, e in enumerate(summary.escape) if i not in broken and median(e) is None]
    if waits and summary.law_reason != AT_REST_REASON:
        notes += filter(None, [minimum_inside(summary.experiment)])
    if first is not None and summary.experiment.paths > 1:
        escape = summary.escape[first]
        if escape.escaped < escape.total:
            left = escape.total - escape.escaped
            gone = f" ({exact(escape.diverged)} diverged)" if escape.diverged else ""
            notes.append(
                f"{exact(left)} of {exact(escape.total)} paths "
                f"{'has' if left == 1 else 'have'} not escaped{gone}."
            )
        if math.isfinite(escape.ci_low) and math.isfinite(escape.ci_high):
            notes.append(
                f"95 % interval: {exact(escape.ci_low)} to {exact(escape.ci_high)} "
                f"{plural(escape.ci_high, 'step')}."
            )
    return notes


def _of_paths(experiment: Experiment) -> str:
    """Return the paths to which a count of steps refers; "" without noise, as all are equal."""
    if experiment.paths > 1:
        return f" (median of {exact(experiment.paths)} paths)"
    return " on this path" if NOISES[experiment.noise].random else ""
