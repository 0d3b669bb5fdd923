"""The price of an optimizer in words: its settled variance over another's, or why there is none.

Short for a tile ("10.0× noisier after"), a large figure, and a sentence of the headline.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.text.numbers import number, ratio
from app.text.spans import Span, names
from simulation.results.settled_price import Price
from simulation.results.settling_place import NoPrice
from simulation.results.summary import Summary

NEVER = "never settles"
WHEN = "after", "across"  # the escape; the way out, where there is no minimum
SHORT: Mapping[NoPrice, str] = MappingProxyType({
    NoPrice.VALLEY: "never settles (valley)",
    NoPrice.UNDEFINED: "no Hessian there",
    NoPrice.UNHELD: NEVER,
    NoPrice.NOISELESS: "no noise after",
    NoPrice.VANISHING: "no noise after",
    NoPrice.NO_FORM: "no formula for its noise",
    NoPrice.UNSETTLED: NEVER,
})  # fmt: skip
"""Why a contender has no price → a phrase of its tile."""
WHOLE: Mapping[NoPrice, str] = MappingProxyType({
    NoPrice.VALLEY: "It never settles: the minima form a valley, along which nothing holds it",
    NoPrice.UNDEFINED: "The function has no Hessian where the path would settle",
    NoPrice.UNHELD: "It never settles: nothing holds it",
    NoPrice.NOISELESS: "No noise is left where it settles",
    NoPrice.VANISHING: "No noise is left where it settles: that of the samples vanishes there",
})  # fmt: skip
"""Why the experiment gives no price → a sentence without a full stop."""
MEANING = (
    "Variance once settled, along the steepest direction, over {reference}’s: the closed form at "
    "each one’s own step size."
)
ACROSS = (
    "There is no minimum to settle in. Across the way out, along the steepest direction, the "
    "variance settles; this is it over {reference}’s: the closed form at each one’s own step size."
)


def tile(summary: Summary, price: Price, i: int, reference: int) -> tuple[str, str]:
    """Return the price of contender i as a short phrase, and its meaning as a sentence.

    ("", "") for the reference itself, unless it has none to compare with.
    """
    if price.reason:
        return _why_short(summary, price, i), "".join(span.text for span in _why(summary, price, i))
    if i == reference:
        return "", ""
    meaning = ACROSS if price.across else MEANING
    return noisier(price), meaning.format(reference=summary.experiment.contenders[reference].label)


def figure(price: Price) -> tuple[str, str]:
    """Return the price as a large figure and its label; "" and "" without a number."""
    if price.reason:
        return "", ""
    where = WHEN[price.across]
    shown = _ratio(price.ratio)
    if shown == "1.00":
        return "even", f"in noise {where}"
    return f"{shown}×", f"noisier {where}" if price.ratio > 1 else f"the noise {where}"


def noisier(price: Price) -> str:
    """Return "10.0× noisier after", "as noisy after" or "0.53× the noise after"."""
    value, label = figure(price)
    return f"as noisy {label.split()[-1]}" if value == "even" else f"{value} {label}"


def sentence(summary: Summary, price: Price, i: int) -> list[Span]:
    """Return a sentence on contender i's price, with its full stop."""
    if price.reason:
        return _why(summary, price, i)
    when = "Across the way out" if price.across else "Once settled"
    shown = _ratio(price.ratio)
    if shown == "1.00":
        return [Span(f"{when} it is as noisy.")]
    than = (" it is ", " noisier.") if price.ratio > 1 else (" it has ", " the noise.")
    return [Span(f"{when}{than[0]}"), Span(f"{shown}×", "number"), Span(than[1])]


def _why_short(summary: Summary, price: Price, i: int) -> str:
    assert price.reason is not None
    if not price.who or i in price.who:
        return SHORT[price.reason]
    label = summary.experiment.contenders[price.who[0]].label
    return f"{label} {NEVER}" if price.reason is NoPrice.UNSETTLED else f"{label} has no formula"


def _why(summary: Summary, price: Price, i: int) -> list[Span]:
    """Return a sentence on why there is no number."""
    assert price.reason is not None
    if price.reason in WHOLE:
        return [Span(f"{WHOLE[price.reason]}.")]
    if price.reason is NoPrice.NO_FORM:
        said = "There is no closed form of the settled variance of "
        return [Span(said), *names(summary, price.who), Span(".")]
    if i in price.who:
        return [Span("At this step size it never settles.")]
    return [*names(summary, price.who), Span(" never settles at this step size.")]


def _ratio(value: float) -> str:
    return ratio(value) if value >= 0.1 else number(value)
