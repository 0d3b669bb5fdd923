"""Texts of the Choose β tab: legends of the plots, and text alternatives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from app import ids
from app.text.numbers import beta_text, exact, number, plural, ratio
from simulation.results.beta_choice import (
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

PLAIN: Mapping[str, str] = MappingProxyType({
    SGD: "no momentum",
    LINEAR: "gain still ≈ 1/(1−β)",
    BALANCE: "escape grows as ringing dies",
    CEILING: "little left to gain",
    NEAR: "little left to gain",
    CAP: "your noise budget",
    STAYS: "no path diverges up to here",
})  # fmt: skip
"""Name of a mark → what is so there, beside its line and in the table."""
SLOWER = 1.05  # settling time over SGD's from which it is said to be slower


def mark_label(seen: BetaChoice, i: int) -> str:
    """Return the text at a mark's line: what is so there and its β; whether it is advised."""
    mark = seen.marks[i]
    said = f"{PLAIN[mark.name]}, {beta_text(mark.momentum)}"
    return f"<b>take this: {said}</b>" if i == seen.advised else said


def slower_to_settle(seen: BetaChoice, mark: Mark) -> float:
    """Return how many times as long as SGD a β takes to settle; NaN if not clearly longer."""
    plain = next((m.settling for m in seen.marks if m.name == SGD), math.nan)
    times = mark.settling / plain if plain > 0 else math.nan
    return times if times >= SLOWER else math.nan


def waits(seen: BetaChoice) -> list[float]:
    """Return T for each measured β where half of the paths neither escaped nor diverged.

    NaN for any other β.
    """
    steps = float(seen.experiment.steps)
    return [math.nan if math.isfinite(e.median) or gone else steps
            for e, gone in zip(seen.measured, seen.diverges, strict=True)]  # fmt: skip


def _is_lawful(seen: BetaChoice) -> bool:
    """Return whether the exact law gives the escape time at any β."""
    return not seen.reason and bool(np.isfinite(seen.escape[:, 1]).any())


def note(seen: BetaChoice) -> list[str]:
    """Return the legend of the upper plot, in parts that are not wrapped."""
    line = "━ exact law, shaded: 10–90 %" if _is_lawful(seen) else "no exact law here"
    gone = seen.measured_momenta[seen.diverges]
    most = f"; from β = {beta_text(float(gone.min()))} most diverge" if gone.size else ""
    late = ["△ not escaped by T"] if any(map(math.isfinite, waits(seen))) else []
    paths = "1 own path" if seen.paths == 1 else f"{exact(seen.paths)} own paths"
    return [line, f"◇ measured, {paths}{most}", *late]


def price_note(seen: BetaChoice) -> list[str]:
    """Return the legend of the lower plot's dotted line, [""] if there is none."""
    return (
        ["dotted: it settles with oscillations (“ringing”)"] if seen.is_oscillatory.any() else [""]
    )


def lines(pieces: list[str], characters: int) -> list[str]:
    """Join the parts into lines of at most about `characters` characters, without breaking any."""
    out = pieces[:1]
    for piece in pieces[1:]:
        if len(out[-1]) + len(piece) + 3 > characters:
            out.append(piece)
        else:
            out[-1] += f"   {piece}"
    return out


NO_LAW = "The exact law gives no escape time at any β."
NOTES = {ids.CHOOSE_TIME: note, ids.CHOOSE_PRICE: price_note}


def summary_texts(seen: BetaChoice) -> dict[str, str]:
    """Return graph id → text alternative of the plot."""
    parts = [
        f"at β = {beta_text(float(b))} the median of {seen.paths} {plural(seen.paths, 'path')} is "
        + (
            f"{exact(e.median)} {plural(e.median, 'step')}"
            if math.isfinite(e.median)
            else f"none: {e.diverged} diverge"
            if e.diverges
            else "beyond the run"
        )
        for b, e in zip(seen.measured_momenta, seen.measured, strict=True)
    ]
    prices = [
        f"{mark.name}, β = {beta_text(mark.momentum)}: {ratio(mark.price)} times SGD’s"
        for mark in seen.marks if math.isfinite(mark.price)
    ]  # fmt: skip
    partly = " where it gives the escape time" if np.isnan(seen.escape[:, 1]).any() else ""
    line = f"The exact law is drawn as a line{partly}." if _is_lawful(seen) else NO_LAW
    law = seen.reason or line
    silent = seen.no_price or seen.no_guidance
    return {
        ids.CHOOSE_TIME: f"Steps to escape against β: {'; '.join(parts)}. {law}",
        ids.CHOOSE_PRICE: "Settled variance over SGD’s against β. "
        + ("; ".join(prices) or silent) + f" The noise budget is {number(seen.budget)}.",
    }  # fmt: skip
