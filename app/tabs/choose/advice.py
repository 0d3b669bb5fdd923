"""Advice on β in two sentences, and the corresponding line of PyTorch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from app.tabs.choose.text import slower_to_settle
from app.text.numbers import beta_text, exact, number, plural, ratio
from simulation.model.holds import HOLDS
from simulation.results.beta_choice import (
    ADVISED,
    BALANCE,
    CAP,
    CEILING,
    LINEAR,
    NEAR,
    SGD,
    STAYS,
    BetaChoice,
    Mark,
)
from simulation.results.settled_price import steps_at

GLOSSES: Mapping[str, str] = MappingProxyType({
    SGD: "Each step is η times the gradient.",
    LINEAR: "Up to here the growth rate gains within 10 % of 1/(1−β); beyond, it gains less than "
    "that.",
    BALANCE: "Here the escape grows at the rate at which oscillations along the steep directions "
    "(ringing) decay; beyond, they decay more slowly.",
    CEILING: "Here the growth rate has 90 % of what any β can give.",
    NEAR: "The least β within a tenth of the fastest escape.",
    CAP: "Here the stationary variance is your budget times SGD’s.",
    STAYS: "The largest measured β up to which no path diverges.",
})  # fmt: skip
"""Name of a mark → its meaning as a sentence."""
BUDGET_GLOSS = (
    "Largest acceptable stationary variance, as a multiple of SGD’s. The default, 10, is about "
    "three times SGD’s standard deviation."
)


def advice(seen: BetaChoice) -> tuple[str, str, str]:
    """Return the advice in three parts: the β to take, the assumption behind it, and the reason."""
    if seen.advised < 0:
        return "No advice here.", "", f"{seen.no_guidance} {_measured(seen)}".strip()
    mark = seen.marks[seen.advised]
    held = HOLDS[seen.experiment.hold].phrase
    if mark.speed_up < 1.05:
        why = f"{held[0].upper()}{held[1:]} no β escapes clearly faster than SGD"
        if mark.name == CAP and math.isfinite(mark.price):
            why = f"The noise budget, {number(seen.budget)} × SGD’s variance, allows no momentum"
        if mark.name == STAYS:
            why = _diverging(seen)
            why = why[:1].upper() + why[1:]
        said = f"{why}: momentum gains nothing here.{_slow(seen, mark)}"
        return f"Take β = {beta_text(mark.momentum)}", "", said
    gain = f"It escapes {ratio(mark.speed_up)}× faster than SGD {held}, by the exact law"
    if not seen.by_law:
        gain = f"Its escape grows at {ratio(mark.speed_up)}× SGD’s rate {held}"
    if not math.isfinite(mark.speed_up):
        gain = "No exact law gives its escape time here"
    costs = math.isfinite(mark.price) and mark.price >= 1.005
    cost = f", and its stationary variance is {ratio(mark.price)}× SGD’s" if costs else ""
    supposed = f"if {ratio(mark.price)}× SGD’s noise is acceptable" if costs else ""
    return (
        f"Take β = {beta_text(mark.momentum)}",
        supposed,
        f"{gain}{cost}: {_because(seen, mark)}{_slow(seen, mark)}",
    )


def _slow(seen: BetaChoice, mark: Mark) -> str:
    """Return the warning that the β settles slower than SGD, after a space; "" if it does not."""
    times = slower_to_settle(seen, mark)
    if not math.isfinite(times):
        return ""
    return f" Once out, it settles {ratio(times)}× slower than SGD."


def _because(seen: BetaChoice, mark: Mark) -> str:
    """Return the clause that names the deciding criterion."""
    budget = number(seen.budget)
    if mark.name == STAYS:
        return f"{_diverging(seen)}."
    if mark.name == CAP:
        other = next(m for m in seen.marks if m.name in (BALANCE, "90 % of the best"))
        named = "The balance" if other.name == BALANCE else "Within a tenth of the best"
        return (
            f"your noise budget of {budget}× decides. {named}, β = {beta_text(other.momentum)}, "
            f"would be {ratio(other.speed_up)}× {gained(seen)} for {ratio(other.price)}×."
        )
    within = f", and within your noise budget of {budget}×."
    if mark.name == BALANCE:
        return f"the balance, where escape grows at the rate at which ringing decays{within}"
    return f"more momentum gains less than a tenth{within}"


def _diverging(seen: BetaChoice) -> str:
    """Return the clause on the β that would be advised, and the first measured to diverge."""
    wished = min((m for m in seen.marks if m.name in ADVISED), key=lambda m: m.momentum)
    what = {BALANCE: "the balance", CAP: "your noise budget"}.get(wished.name, "the best")
    beta, first = next(
        (b, e) for b, e in zip(seen.measured_momenta, seen.measured, strict=True) if e.diverged
    )
    paths = f"{first.diverged} of the {first.total} measured paths"
    return (
        f"{what} would be β = {beta_text(wished.momentum)}, but already at "
        f"β = {beta_text(float(beta))}, {paths} diverge{'s' if first.diverged == 1 else ''}"
    )


def _measured(seen: BetaChoice) -> str:
    """Return a sentence on the fastest measured β, used without theory; "" if unknown."""
    medians = np.array([e.median for e in seen.measured])
    if not math.isfinite(medians[0]) or medians[0] <= 0:
        return ""
    i = int(np.nanargmin(medians))
    many = f"{exact(seen.paths)} {plural(seen.paths, 'path')}"
    if not i:
        return f"Measured over {many}, no β is faster than SGD."
    best = beta_text(float(seen.measured_momenta[i]))
    return (
        f"Measured over {many}, β = {best} "
        f"is the fastest: {ratio(float(medians[0] / medians[i]))}× faster than SGD."
    )


def gained(seen: BetaChoice) -> str:
    """Return the unit of the marks' speed-ups: escape times, or growth rates only."""
    return "faster" if seen.by_law else "the rate"


def sooner_of(seen: BetaChoice) -> str:
    """Return the definition of the column of speed-ups, in one sentence."""
    held = HOLDS[seen.experiment.hold].phrase
    if seen.by_law:
        return f"Faster: SGD’s median steps to escape over these, by the exact law, {held}."
    return (
        f"Rate gain: the ratio of growth rates {held}. No exact law gives escape times here: "
        "the measured ones (◇) may gain less or more."
    )


def own_paths(seen: BetaChoice) -> str:
    """Return a note on the tab's number of paths, if it differs from the experiment's; else ""."""
    if seen.paths == seen.experiment.paths:
        return ""
    many = "a single path" if seen.paths == 1 else f"{exact(seen.paths)} paths"
    return (
        f"The points ◇ are measured on {many} of their own, as many as run in a moment, "
        f"whatever N is."
    )


def torch_line(seen: BetaChoice) -> str:
    """Return the advised optimizer as a line of PyTorch; "" without advice."""
    if seen.advised < 0:
        return ""
    kept = float(beta_text(seen.marks[seen.advised].momentum))
    step = float(steps_at(seen.experiment, np.array([kept]))[0])
    return f"torch.optim.SGD(params, lr={step:.6g}, momentum={kept:g})"
