"""Sentences on the noise that a lesson's optimizer pays for its speed: the settled variance.

Along the steepest direction where the path settles, by theory, relative to the first optimizer.
"""

from __future__ import annotations

from app.lessons.outcomes import ALONE, is_alone, name
from app.text.numbers import number, ratio
from app.text.outcome import even
from simulation.results.settled_price import (
    SENTENCES,
    Price,
    price_of,
    settles,
    update_of,
)
from simulation.results.settling_place import NoPrice, settling_place
from simulation.results.summary import Summary
from simulation.theory.one_step import LINEAR_RULES, is_oscillatory

SMALL = 0.1  # a ratio below it has significant digits in place of decimals


def price(summary: Summary, i: int) -> str:
    """Return a sentence on contender i's stationary variance over the first contender's."""
    if is_alone(summary, i):
        return ALONE
    found = price_of(summary, i, 0)
    if found.reason:
        return _no_ratio(summary, found)
    one, other = name(summary, i), name(summary, 0)
    if even(found.ratio):
        return f"Along the steep direction, {one} has **the same stationary variance** as {other}."
    shown = ratio(found.ratio) if found.ratio >= SMALL else number(found.ratio)
    return f"Along the steep direction, {one} has **{shown}× the stationary variance** of {other}."


def _no_ratio(summary: Summary, found: Price) -> str:
    """Return a sentence on why there are no two variances to compare."""
    who = " and ".join(name(summary, j) for j in found.who)
    if found.reason is NoPrice.NO_FORM:
        return f"There is no closed form of the stationary variance for {who}."
    if found.reason is NoPrice.UNSETTLED:
        do = "does not" if len(found.who) == 1 else "do not"
        return f"{who} {do} settle, so there is no stationary variance to compare."
    assert found.reason is not None
    return SENTENCES[found.reason]


def calming(summary: Summary, i: int) -> str:
    """Return a sentence on how contender i settles along the steepest direction; "" if not."""
    one, place, update = name(summary, i), settling_place(summary.experiment), update_of(summary, i)
    if place.steepest <= 0 or update.rule not in LINEAR_RULES or summary.escape[i].diverges:
        return ""
    if not settles(place, update):
        return ""
    if is_oscillatory(update.rule, update.momentum, update.step_size, place.steepest):
        return f"Along the steep direction {one} oscillates (it *rings*) and settles only slowly."
    return f"Along the steep direction {one} settles without oscillation."
