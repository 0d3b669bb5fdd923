"""Numbers in the text of a lesson, from the drawn experiment: `{last.faster}` and the like.

The name before the dot is `first` or `last` (a contender, in the order of the race) or `all` (the
experiment); the name after it is a key of CONTENDER or EXPERIMENT. Numbers come from the Summary,
or from theory at its parameters, so that the text always agrees with the plots.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from app.lessons.parser import PLACE
from app.text.divergence import diverged
from app.text.numbers import agreeing, exact, number, ratio, rounded
from app.text.outcome import median, predicted_speed_up, speed_up
from simulation.landscapes.registry import landscape_of
from simulation.model.holds import HOLDS
from simulation.results.summary import Summary
from simulation.theory.guidance import guidance
from simulation.theory.moments import stationary_variance
from simulation.theory.one_step import LINEAR_RULES, growth_rate, is_oscillatory

SILENT = "nothing here"
UNBOUNDED = "an unbounded multiple of"
TURNED = 0.9  # correlation from which momentum counts as pointing outwards
ABOUT = 1.05  # factor up to which two escape times count as equal


def fill(text: str, summary: Summary) -> str:
    """Return the text with every `{subject.fact}` filled in; raises KeyError if unknown."""
    return agreeing(PLACE.sub(lambda place: fact(summary, place[1], place[2]), text))


def fact(summary: Summary, who: str, what: str) -> str:
    """Return one number or name as text."""
    if who == "all":
        return EXPERIMENT[what](summary)
    return CONTENDER[what](summary, {"first": 0, "last": len(summary.escape) - 1}[who])


def steps(summary: Summary, i: int) -> str:
    """Return the median steps to escape; without an escape, a bound or the divergence."""
    at = median(summary.escape[i])
    if i in diverged(summary):
        return f"no (it diverges at step {exact(summary.escape[i].first_diverged)})"
    return f"more than {exact(summary.experiment.steps)}" if at is None else exact(at)


def faster(summary: Summary, i: int) -> str:
    """Return the speed-up over the first contender: `9.62×`."""
    mine, theirs = median(summary.escape[i]), median(summary.escape[0])
    if mine and theirs is None:
        return f"more than {ratio(summary.experiment.steps / mine)}×"
    return f"{ratio(speed_up(summary, i, 0))}×" if mine else "no times"


def theory(summary: Summary, i: int) -> str:
    """Return the same speed-up by the exact law."""
    expected = predicted_speed_up(summary, i, 0)
    return f"{ratio(expected)}×" if math.isfinite(expected) else SILENT


def price(summary: Summary, i: int) -> str:
    """Return the stationary variance over the first contender's: `10.0×`.

    Both are along the steepest direction.
    """
    mine, theirs = settled(summary, i), settled(summary, 0)
    return f"{ratio(mine / theirs)}×" if math.isfinite(mine / theirs) else UNBOUNDED


def verdict(summary: Summary, i: int) -> str:
    """Return which escapes faster, this contender or the first, and by how much."""
    gain = speed_up(summary, i, 0)
    if not math.isfinite(gain) or {0, i} & set(diverged(summary)):
        return "at least one of them does not escape in this run"
    order = (
        "as fast as" if 1 / ABOUT <= gain <= ABOUT else "faster than" if gain > 1 else "slower than"
    )
    mine, theirs = (summary.experiment.contenders[j].label for j in (i, 0))
    return f"{mine} is out **{order} {theirs}** ({ratio(gain)}×)"


def turned(summary: Summary, i: int) -> str:
    """Return when the drawn correlation first reaches TURNED, and the distance at that step."""
    past = np.flatnonzero(summary.trend[i] >= TURNED)
    if not past.size:
        return f"not within {exact(summary.experiment.steps)} steps"
    way = float(summary.distance.median[i, past[0]]) / summary.radius
    return f"after {exact(float(summary.steps[past[0]]))} steps, at {100 * way:.0f} % of the radius"


def settled(summary: Summary, i: int) -> float:
    """Return the stationary variance along the steepest direction for unit noise; ∞ if none."""
    known = along_steepest(summary, i)
    return float(stationary_variance(*known)[0]) if known else math.inf


def calming(summary: Summary, i: int) -> str:
    """Return how it settles along the saddle's steepest direction, according to theory."""
    known = along_steepest(summary, i)
    if not known or growth_rate(*known) >= 0:
        return "it has no stationary variance in theory"
    if is_oscillatory(*known):
        return "it oscillates (it *rings*) and settles only slowly"
    return "it settles without oscillation"


def along_steepest(summary: Summary, i: int) -> tuple[str, float, float, float] | None:
    """Return rule, β, η and λ of a contender along the steepest direction; None without theory."""
    landscape = landscape_of(summary.experiment)
    steepest = float(landscape.linearisation(summary.experiment).eigenvalues.max())
    contender = summary.experiment.contenders[i]
    if contender.rule not in LINEAR_RULES or steepest <= 0:
        return None
    return contender.rule, contender.momentum, float(summary.step_sizes[i]), steepest


def h_of(summary: Summary) -> float:
    """Return h = η|λ₋| at the nominal step size; 0 if no direction has negative curvature."""
    landscape = landscape_of(summary.experiment)
    smallest = float(landscape.linearisation(summary.experiment).eigenvalues.min())
    return summary.experiment.step_size * max(-smallest, 0.0)


def ceiling(summary: Summary) -> str:
    """Return 1/√h, the limit of the speed-up."""
    h = h_of(summary)
    return rounded(1 / math.sqrt(h)) if h else SILENT


def balance(summary: Summary) -> str:
    """Return the balance value of β."""
    h = h_of(summary)
    return number(float(guidance(h).balance)) if h else SILENT


def memory(summary: Summary, i: int) -> float:
    """Return 1/(1−β)."""
    return 1 / (1 - summary.experiment.contenders[i].momentum)


CONTENDER: Mapping[str, Callable[[Summary, int], str]] = MappingProxyType({
    "name": lambda summary, i: summary.experiment.contenders[i].label,
    "steps": steps,
    "faster": faster,
    "theory": theory,
    "price": price,
    "calming": calming,
    "turned": turned,
    "verdict": verdict,
    "memory": lambda summary, i: rounded(memory(summary, i)),
    "naive": lambda summary, i: f"{rounded(memory(summary, i))}×",
})  # fmt: skip
"""Facts about a contender."""

EXPERIMENT: Mapping[str, Callable[[Summary], str]] = MappingProxyType({
    "h": lambda summary: number(h_of(summary)),
    "held": lambda summary: HOLDS[summary.experiment.hold].phrase,
    "ceiling": ceiling,
    "balance": balance,
    "batch": lambda summary: exact(summary.experiment.batch),
    "samples": lambda summary: exact(summary.experiment.samples),
    "steps": lambda summary: exact(summary.experiment.steps),
})  # fmt: skip
"""Facts about the experiment."""
