"""Sentences and numbers in the text of a lesson, from the drawn experiment: `{last.result}`.

The name before the dot is `first` or `last` (a contender, in the order of the race) or `all` (the
experiment); the name after it is a key of CONTENDER or EXPERIMENT. A fact that depends on the
outcome is a whole sentence, so that it is true in every outcome. Numbers come from the Summary, or
from theory at its parameters, so that the text always agrees with the plots.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

import numpy as np

from app.lessons.outcomes import (
    Fate,
    both_escape,
    clause,
    compared,
    fate,
    is_alone,
    name,
    question,
    result,
    steps,
)
from app.lessons.parser import PLACE
from app.lessons.prices import calming, price
from app.text.divergence import diverged
from app.text.numbers import beta_text, count, exact, number, percent, ratio
from app.text.outcome import predicted_speed_up
from simulation.landscapes.registry import landscape_of
from simulation.model.holds import HOLDS
from simulation.model.query import format_query
from simulation.noise import NOISES
from simulation.results.summary import Summary
from simulation.theory.at_rest import is_at_rest
from simulation.theory.escape_line import rule_reason
from simulation.theory.guidance import guidance
from simulation.theory.one_step import LINEAR_RULES, growth_rate, largest_stable_step

TURNED = 0.9  # correlation from which momentum counts as pointing outwards
LARGEST = 1 - 1e-12  # β for the largest growth rate that momentum can give


def fill(text: str, summary: Summary) -> str:
    """Return the text with every `{subject.fact}` filled in; raises KeyError if unknown."""
    return PLACE.sub(lambda place: fact(summary, place[1], place[2]), text)


def fact(summary: Summary, who: str, what: str) -> str:
    """Return one sentence, number or name as text."""
    if who == "all":
        return EXPERIMENT[what](summary)
    return CONTENDER[what](summary, {"first": 0, "last": len(summary.escape) - 1}[who])


def theory(summary: Summary, i: int) -> str:
    """Return a sentence with what the exact law says of the same comparison, or why nothing."""
    if is_alone(summary, i) or is_at_rest(summary.experiment):
        return ""
    if {fate(summary, 0), fate(summary, i)} & {Fate.DIVERGES, Fate.OUTSIDE}:
        return ""
    gain, alone = predicted_speed_up(summary, i, 0), float(summary.predicted[i])
    if both_escape(summary, i) and math.isfinite(gain):
        held = HOLDS[summary.experiment.hold].phrase
        return f"{held[:1].upper()}{held[1:]}, the exact law makes it {compared(gain)}."
    if fate(summary, i) is Fate.WAITS and math.isfinite(alone):
        return f"The exact law says that {name(summary, i)} takes {count(alone)} steps."
    reasons = (rule_reason(summary.experiment.contenders[j]) for j in (i, 0))
    reason = summary.law_reason or next(filter(None, reasons), "")
    return f"Theory does not compare their times here. {reason}".strip()


def naive(summary: Summary, i: int) -> str:
    """Return a sentence with what 1/(1−β) alone says of two optimizers that both escape."""
    return forecast(summary, i) if both_escape(summary, i) else ""


def forecast(summary: Summary, i: int) -> str:
    """Return the same sentence from the first optimizer's outcome only, as part of a question."""
    unsettled = fate(summary, 0) in (Fate.DIVERGES, Fate.OUTSIDE)
    if is_alone(summary, i) or unsettled or is_at_rest(summary.experiment):
        return ""
    contenders = [summary.experiment.contenders[j] for j in (i, 0)]
    other = next((c for c in contenders if c.rule not in LINEAR_RULES and c.momentum), None)
    if other is not None:
        return f"1/(1−β) is no forecast for {other.label}, whose step is no plain sum of gradients."
    gain = memory(summary, i) / memory(summary, 0)
    return f"At the same step size, 1/(1−β) alone would make {name(summary, i)} {compared(gain)}."


def averaged(summary: Summary, i: int) -> str:
    """Return a sentence on how many gradients the momentum averages."""
    held = memory(summary, i)
    if held == 1:
        return f"{name(summary, i)} has no momentum: each of its steps follows one gradient."
    return (
        f"The momentum of {name(summary, i)} averages about {number(held)} gradients: the noise in "
        "them cancels in part, the slope does not."
    )


def memory(summary: Summary, i: int) -> float:
    """Return 1/(1−β)."""
    return 1 / (1 - summary.experiment.contenders[i].momentum)


def turned(summary: Summary, i: int) -> str:
    """Return a sentence on when the drawn correlations first reach TURNED, and where."""
    both = [i] if is_alone(summary, i) else [i, 0]
    return f"On the plot, {'; '.join(_turn(summary, j) for j in both)}."


def _turn(summary: Summary, i: int) -> str:
    past = np.flatnonzero(summary.trend[i] >= TURNED)
    which = f"the correlation of {name(summary, i)}"
    if not past.size:
        return f"{which} does not reach {TURNED:g} within {exact(summary.experiment.steps)} steps"
    way = float(summary.distance.median[i, past[0]]) / summary.radius
    at = steps(float(summary.steps[past[0]]))
    where = f", at {percent(way)} of the radius" if math.isfinite(way) else ""
    return f"{which} reaches {TURNED:g} after {at}{where}"


def dotted(summary: Summary) -> str:
    """Return a sentence on the dotted lines of the distance plot, if any is drawn."""
    drawn = summary.law is not None and np.isfinite(summary.law.median).any()
    if not drawn or len(diverged(summary)) == len(summary.escape):
        return ""
    return (
        "The dotted lines on the distance plot are the exact law: the same update worked out near "
        "the saddle, without a run."
    )


def sampled(summary: Summary) -> str:
    """Return a clause on the samples of each step."""
    experiment = summary.experiment
    total = f"{exact(experiment.samples)} sample{'s' * (experiment.samples != 1)}"
    if not NOISES[experiment.noise].draws_samples:
        return f"the {total} define the function, and none is drawn"
    drawn = f"{exact(experiment.batch)} sample{'s' * (experiment.batch != 1)}"
    return f"each step draws {drawn} of {exact(experiment.samples)}"


def h_of(summary: Summary) -> float:
    """Return h = η|λ₋| at the nominal step size; 0 without a saddle or a negative eigenvalue."""
    if not summary.has_saddle:
        return 0.0
    landscape = landscape_of(summary.experiment)
    smallest = float(landscape.linearisation(summary.experiment).eigenvalues.min())
    return summary.experiment.step_size * max(-smallest, 0.0)


def link(summary: Summary) -> str:
    """Return the address of the experiment, as the destination of a Markdown link."""
    return "?" + quote(format_query(summary.experiment), safe="=&,:;.-/%")


def ceiling(summary: Summary, i: int) -> str:
    """Return a sentence on the largest gain in the rate of growth, about 1/√h for small h."""
    h = h_of(summary)
    if not h or not both_escape(summary, i):
        return ""
    most = float(growth_rate("momentum", LARGEST, h, -1.0)) / math.log1p(h)
    return (
        f"The rate of growth gains at most {ratio(most)} times by any β (about 1/√h for small h); "
        "how the escape starts can add to that or take from it."
    )


def advised(summary: Summary) -> str:
    """Return a sentence with the balance value of β, or why there is none."""
    experiment = summary.experiment
    h = h_of(summary)
    if not summary.has_saddle:
        return "Without a saddle there is no escape for which to choose β."
    if not h:
        return "No direction falls at this saddle, so there is no escape for which to choose β."
    if is_at_rest(experiment) or fate(summary, 0) is Fate.OUTSIDE:
        return "From this start there is no escape for which to choose β."
    steepest = landscape_of(experiment).linearisation(experiment).eigenvalues.max()
    if experiment.step_size >= largest_stable_step("momentum", 0.0, steepest):
        return "SGD itself diverges at this step size, so no β is advised: take a smaller η first."
    balance = beta_text(float(guidance(h).balance))
    return (
        f"In theory a sound choice here is **β = {balance}**, where the escape grows as fast as "
        "the ringing dies. If your budget for noise is smaller, take less."
    )


CONTENDER: Mapping[str, Callable[[Summary, int], str]] = MappingProxyType({
    "name": name,
    "question": question,
    "outcome": clause,
    "result": result,
    "theory": theory,
    "naive": naive,
    "price": price,
    "calming": calming,
    "forecast": forecast,
    "ceiling": ceiling,
    "averaged": averaged,
    "turned": turned,
})  # fmt: skip
"""Facts about a contender, compared with the first one."""

EXPERIMENT: Mapping[str, Callable[[Summary], str]] = MappingProxyType({
    "h": lambda summary: number(h_of(summary)),
    "held": lambda summary: HOLDS[summary.experiment.hold].phrase,
    "advised": advised,
    "dotted": dotted,
    "sampled": sampled,
    "link": link,
})  # fmt: skip
"""Facts about the experiment."""
