"""Figures of the Choose β tab: escape time against β, and below it the price, on a shared axis.

The axis is uniform in log 1/(1−β), on which escape times are straight while the speed-up is
1/(1−β). The price is the stationary variance over SGD's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import ids
from app.figures import axes as axis_parts
from app.figures.traces import NOTHING, quantised, trace
from app.figures.typed_arrays import typed
from app.tabs.choose.mark_names import (
    ENDS,
    LEFT,
    NOTE_CHARACTER,
    PLOT_WIDTH,
    RIGHT,
    mark_names,
    place,
)
from app.tabs.choose.text import NOTES, lines, summary_texts, waits
from app.text.numbers import beta_text, number, plural, wrapped
from app.theme import SPACE, Theme, font, halo, rgba, styles
from simulation.results.beta_choice import SGD, BetaChoice

Floats = NDArray[np.float64]

TITLES = {
    ids.CHOOSE_TIME: "Steps to escape against β",
    ids.CHOOSE_PRICE: "Its price: variance once settled, over SGD’s",
}
TICKS = (0.0, 0.5, 0.8, 0.9, 0.98, 0.99, 0.998, 0.999, 0.9999)
WORDS = (0.0, 0.9, 0.99, 0.999, 0.9999)  # the ticks that have labels
PLOT_HEIGHT = 190  # px, smallest height of the upper plot; names are spaced for it
PRICE_HEIGHT = 95  # px, smallest height of the lower plot; its ticks are spaced for it
MOST_RAISED = 16  # half decades by which names may extend the axis upwards


def figures(seen: BetaChoice, theme: Theme) -> dict[str, dict[str, Any]]:
    """Return graph id → figure for the two graphs of ids.CHOOSE_GRAPHS."""
    return {ids.CHOOSE_TIME: time(seen, theme), ids.CHOOSE_PRICE: price(seen, theme)}


def time(seen: BetaChoice, theme: Theme) -> dict[str, Any]:
    """Return the escape-time plot.

    Traces: band, median, settling time, measured points, late ones, contenders, their names.
    """
    low, high = named_range(seen, theme)
    x = place(seen.momenta)
    data = [
        band(x, seen.escape[:, 0], seen.escape[:, 2], theme),
        trace("law", x=typed(x), y=typed(seen.escape[:, 1]), name="exact law",
              line={"color": theme.ink, "width": theme.line},
              text=[beta_text(float(b)) for b in seen.momenta],
              hovertemplate="β = %{text}: %{y:,.0f} steps<extra></extra>"),
        settling(seen, x, low, high, theme),
        points(seen, theme),
        late(seen, theme),
        contenders(seen, [mark.escape for mark in seen.racing], theme),
        contender_names(seen, low, high, theme),
    ]  # fmt: skip
    layout = _layout(ids.CHOOSE_TIME, seen, axis_parts.decades(low, high), theme)
    layout["annotations"] += mark_names(seen, theme)
    if seen.diverges.all():
        layout["annotations"] += [reason("At every measured β most paths diverge.", theme)]
    return {"data": data, "layout": layout}


def price(seen: BetaChoice, theme: Theme) -> dict[str, Any]:
    """Return the price plot. Traces: area over the budget, budget, price, calm part, contenders."""
    high = max(20_000.0, 2 * seen.budget)
    asked = math.nan if seen.no_price else seen.budget  # no budget line without a price
    left, right = ENDS
    most = int(PRICE_HEIGHT / (1.3 * theme.small))  # maximum number of labelled decades
    x = place(seen.momenta)
    calm = np.where(seen.is_oscillatory, np.nan, seen.price)
    data = [
        trace("over", x=typed([left, right, right, left]),
              y=typed([asked, asked, high, high]), fill="toself",
              fillcolor=rgba(theme.warning, 0.10), line={"width": 0}),
        trace("budget", x=typed([left, right]), y=typed([asked, asked]),
              mode="lines+text", text=["", f"noise budget {number(seen.budget)}× "],
              textposition="top left",
              textfont={"color": theme.warning, "size": theme.small,
                        "shadow": halo(theme, strong=True)},
              line={"color": theme.warning, "width": 0.7 * theme.line}),
        trace("price", x=typed(x), y=typed(seen.price), name="price",
              line={"color": theme.ink, "width": theme.line, "dash": "2px,3px"},
              text=[beta_text(float(b)) for b in seen.momenta],
              hovertemplate="β = %{text}: %{y:.3~g} times SGD’s<extra></extra>"),
        trace("calm", x=typed(x), y=typed(calm), line={"color": theme.ink, "width": theme.line}),
        contenders(seen, [mark.price for mark in seen.racing], theme),
    ]  # fmt: skip
    layout = _layout(ids.CHOOSE_PRICE, seen, axis_parts.decades(0.4, high, most=most), theme)
    if seen.no_price:
        layout["annotations"] += [reason(f"No price here. {seen.no_price}", theme)]
    return {"data": data, "layout": layout}


def time_range(seen: BetaChoice) -> tuple[float, float]:
    """Return the range of all drawn times, rounded outwards to half decades."""
    measured = [e.median for e, gone in zip(seen.measured, seen.diverges, strict=True)
                if e.median > 0 and not gone]  # fmt: skip
    drawn = [*seen.escape[:, 1][seen.escape[:, 1] > 0], *measured]
    if not drawn:
        return 1.0, float(seen.experiment.steps)
    least = min(float(min(drawn)), float(np.nanmin(seen.settling, initial=np.inf)))
    return quantised(max(least, 1.0) / 2.5), quantised(4 * float(max(drawn)), up=True)


def named_range(seen: BetaChoice, theme: Theme) -> tuple[float, float]:
    """Return `time_range`, extended upwards by half decades until the contenders' names fit."""
    low, high = time_range(seen)
    for _ in range(MOST_RAISED):
        if np.nanmax(name_heights(seen, low, high, theme), initial=-np.inf) < 1 - 0.5 * row(theme):
            break
        high *= math.sqrt(10)
    return low, high


def row(theme: Theme) -> float:
    """Return the height of a row of names as a fraction of the upper plot's height."""
    return 1.25 * theme.small / PLOT_HEIGHT


def name_heights(seen: BetaChoice, low: float, high: float, theme: Theme) -> Floats:
    """Return the height of each name (C,), a fraction of the plot; NaN without a time."""
    with np.errstate(invalid="ignore"):
        at = np.log10([mark.escape for mark in seen.racing])
    at = (at - math.log10(low)) / (math.log10(high) - math.log10(low))
    known = np.flatnonzero(np.isfinite(at))
    y = np.full(len(at), np.nan)
    rising = known[np.argsort(at[known], kind="stable")]
    rows = row(theme) * np.arange(len(rising))  # upwards: the falling curve is below
    y[rising] = np.maximum.accumulate(at[rising] + 0.8 * row(theme) - rows) + rows
    return y


def band(x: Floats, low: Floats, high: Floats, theme: Theme) -> dict[str, Any]:
    """Return the exact law's 10–90 % band."""
    keep = np.isfinite(low) & np.isfinite(high) & (low > 0)
    shown: dict[str, Any] = {
        "x": typed(np.concatenate([x[keep], x[keep][::-1]])),
        "y": typed(np.concatenate([low[keep], high[keep][::-1]])),
    }
    return trace("band", **(shown if keep.any() else {"x": NOTHING, "y": NOTHING}), fill="toself",
                 fillcolor=rgba(theme.ink, 0.09), line={"width": 0})  # fmt: skip


def settling(seen: BetaChoice, x: Floats, low: float, high: float, theme: Theme) -> dict[str, Any]:
    """Return the e-folding time of a disturbance, labelled where it leaves the plot."""
    y = np.where((seen.settling > low) & (seen.settling < high), seen.settling, np.nan)
    inside = np.flatnonzero(seen.settling < high / (high / low) ** (1.4 * row(theme)))
    text = [""] * len(x)
    if inside.size:
        text[inside[-1]] = "steps to settle  "
    return trace("settling", x=typed(x), y=typed(y), mode="lines+text", text=text,
                 textposition="top left",
                 textfont={"color": theme.warning, "size": theme.small,
                        "shadow": halo(theme, strong=True)},
                 line={"color": theme.warning, "width": 0.7 * theme.line,
                       "dash": "6px,3px"})  # fmt: skip


def points(seen: BetaChoice, theme: Theme) -> dict[str, Any]:
    """Return the measured medians with their 95 % confidence intervals."""
    median, low, high = (
        np.array([getattr(e, name) for e in seen.measured])
        for name in ("median", "ci_low", "ci_high")
    )
    y = np.where(seen.diverges | (median == 0), np.nan, median)  # a log axis has no zero
    bars = {"type": "data", "symmetric": False, "array": typed(np.nan_to_num(high - y)),
            "arrayminus": typed(np.nan_to_num(y - low)), "color": theme.accent,
            "thickness": theme.hairline, "width": 3}  # fmt: skip
    return trace("measured", x=typed(place(seen.measured_momenta)), y=typed(y), mode="markers",
                 error_y=bars, name="measured",
                 text=[beta_text(float(b)) for b in seen.measured_momenta],
                 hovertemplate=f"β = %{{text}}: median of {seen.paths} "
                               f"{plural(seen.paths, 'path')} %{{y:,.0f}}<extra></extra>",
                 marker={"symbol": "diamond-open", "size": 4.5 * theme.line, "color": theme.accent,
                         "line": {"width": 0.9 * theme.line, "color": theme.accent}})  # fmt: skip


def late(seen: BetaChoice, theme: Theme) -> dict[str, Any]:
    """Return a triangle at T for each β at which half of the paths have not escaped."""
    x = place(seen.measured_momenta)
    return trace("late", x=typed(x), y=typed(waits(seen)), mode="markers",
                 hovertemplate="half have not escaped by step %{y:,.0f}<extra></extra>",
                 marker={"symbol": "triangle-up-open", "size": 4.5 * theme.line,
                         "color": theme.accent})  # fmt: skip


def contenders(seen: BetaChoice, values: list[float], theme: Theme) -> dict[str, Any]:
    """Return the contenders' points on the curve, each in its colour."""
    line_styles = styles(seen.experiment.contenders, theme)
    x = place([mark.momentum for mark in seen.racing])
    return trace("contenders", x=typed(x), y=typed(values), mode="markers",
                 cliponaxis=False,
                 marker={"size": 4.5 * theme.line, "color": [style.color for style in line_styles],
                         "symbol": [style.symbol for style in line_styles],
                         "line": {"color": theme.paper, "width": theme.hairline}})  # fmt: skip


def contender_names(seen: BetaChoice, low: float, high: float, theme: Theme) -> dict[str, Any]:
    """Return each contender's name above its point, without overlaps."""
    line_styles = styles(seen.experiment.contenders, theme)
    x = place([mark.momentum for mark in seen.racing])
    y = low * (high / low) ** name_heights(seen, low, high, theme)
    return trace("names", x=typed(x), y=typed(y), mode="text", cliponaxis=False,
                 text=[f"   {style.name}" for style in line_styles], textposition="middle right",
                 textfont={"color": [style.text for style in line_styles], "size": theme.small,
                           "shadow": halo(theme, strong=True)})  # fmt: skip


def reason(text: str, theme: Theme) -> dict[str, Any]:
    """Return an annotation in the middle of the plot with the reason why it is empty."""
    return {"text": wrapped(text), "showarrow": False, "xref": "paper", "x": 0.5, "yref": "paper",
            "y": 0.5, "font": font(theme, "base", "ink")}  # fmt: skip


def _layout(graph: str, seen: BetaChoice, y: dict[str, Any], theme: Theme) -> dict[str, Any]:
    em = theme.small
    rows = max(len(seen.marks) - 1, 0) if graph == ids.CHOOSE_TIME else 0
    note = lines(NOTES[graph](seen), int(PLOT_WIDTH / (NOTE_CHARACTER * em)))
    words = [f"{b:g}" if b in WORDS else "" for b in TICKS]
    return {
        "font": font(theme),
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": theme.paper,
        "margin": {"l": LEFT * em, "r": RIGHT * em, "t": (2.95 + 1.35 * (rows + len(note))) * em,
                   "b": 3.6 * em, "pad": 0},
        "title": {"text": TITLES[graph], "font": font(theme, "base", "ink"), "x": 0,
                  "xref": "paper", "xanchor": "left", "y": 1, "yref": "container",
                  "yanchor": "top", "pad": {"l": -3.6 * em, "t": SPACE / 2}},
        "xaxis": axis_parts.axis(theme) | {
            "type": "log", "range": [math.log10(v) for v in ENDS],
            "tickangle": 0, "tickvals": place(TICKS).tolist(), "ticktext": words,
            "title": {"text": "momentum β", "standoff": 2, "font": font(theme)},
        },
        "yaxis": axis_parts.axis(theme) | y,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": theme.paper, "bordercolor": theme.border,
                       "font": font(theme, "small", "ink")},
        "dragmode": False,
        "shapes": [_upright(mark.momentum, i == seen.advised, theme)
                   for i, mark in enumerate(seen.marks) if mark.name != SGD],
        "annotations": [
            {"text": "<br>".join(note), "showarrow": False, "font": font(theme), "xref": "paper",
             "x": 0, "xanchor": "left", "align": "left", "xshift": -3.6 * em, "yref": "paper",
             "y": 1, "yanchor": "bottom", "yshift": (0.3 + 1.35 * rows) * em},
        ],
    }  # fmt: skip


def _upright(momentum: float, advised: bool, theme: Theme) -> dict[str, Any]:
    at = float(place(momentum))
    return {"type": "line", "x0": at, "x1": at, "xref": "x", "y0": 0, "y1": 1, "yref": "paper",
            "layer": "below",
            "line": {"color": theme.accent if advised else theme.muted,
                     "width": theme.line if advised else theme.hairline,
                     "dash": "solid" if advised else "dot"}}  # fmt: skip


__all__ = ["TITLES", "figures", "place", "summary_texts"]
