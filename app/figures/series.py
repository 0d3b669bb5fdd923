"""The traces that every time plot shares: bands, curves, names at the ends, marks.

Their number and order depend on the list of contenders alone, so that a frame drawn while the
hand moves meets the traces it was made for: all bands, all curves, all names.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.arrays import GAP, typed, untyped
from app.figures.axes import (
    CHARACTER,
    LEAD,
    PANEL_HEIGHT,
    Axes,
    beyond,
    time_end,
    time_start,
    times,
)
from app.figures.labels import choose_places, spread
from app.theme import Style, Theme, halo, rgba
from simulation.experiment import Experiment
from simulation.summary import Band, Summary

Floats = NDArray[np.float64]

PANEL_WIDTH = 290  # px, the narrowest a time plot is drawn inside its axes
GAP_PX = 4  # between a curve and its name
# Shares of the escape radius at which a name may stand on its curve.
STATIONS = (1.0, 0.85, 0.72, 0.6, 0.5, 1.2, 0.42, 0.35, 1.45, 0.3, 0.25, 1.7, 1.85, 0.2)

NOTHING = typed([GAP])
"""A trace with nothing to show yet: one gap, so that Plotly keeps its place."""


def diverged(summary: Summary) -> list[int]:
    """The contenders of which at least half of the paths diverged."""
    return [i for i, e in enumerate(summary.escape) if e.diverged and 2 * e.diverged >= e.total]


def drawn(summary: Summary, values: Floats) -> Floats:
    """Values (C, K) up to where the drawn path, or half of all paths, diverged; gaps after."""
    out = np.array(values, dtype=np.float64)
    for i in diverged(summary):
        out[i, summary.steps > summary.escape[i].first_diverged] = np.nan
    return out


def trace(kind: str, contender: int | None = None, **attributes: Any) -> dict[str, Any]:
    """A scatter trace that knows what it is; silent under the pointer unless told otherwise."""
    return {
        "type": "scatter",
        "mode": "lines",
        "showlegend": False,
        "meta": {"kind": kind, "contender": contender},
        **({} if "hovertemplate" in attributes else {"hoverinfo": "skip"}),
    } | attributes


def bands(
    x: Floats, band: Band, summary: Summary, styles: tuple[Style, ...], floor: float | None = None
) -> list[dict[str, Any]]:
    """The 10–90 % band of each contender, fainter the more there are; nothing for one path.

    `floor` lifts what a log axis cannot show.
    """
    opacity = round(0.14 * min(1.0, 4 / len(styles)), 2)
    return [
        trace(
            "band",
            i,
            **_ribbon(x[i], band.low[i], band.high[i], floor if summary.experiment.paths > 1
                      else None, summary.experiment.paths > 1),
            fill="toself",
            fillcolor=rgba(style.color, opacity),
            line={"width": 0},
        )
        for i, style in enumerate(styles)
    ]  # fmt: skip


def _ribbon(
    x: Floats, low: Floats, high: Floats, floor: float | None, shown: bool
) -> dict[str, Any]:
    keep = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    if not shown or not keep.any():
        return {"x": NOTHING, "y": NOTHING}
    low, high = (np.maximum(v[keep], floor) if floor else v[keep] for v in (low, high))
    return {
        "x": typed(np.concatenate([x[keep], x[keep][::-1]])),
        "y": typed(np.concatenate([low, high[::-1]])),
    }


def curves(
    x: Floats, y: Floats, styles: tuple[Style, ...], width: float, format_: str = ".3~g"
) -> list[dict[str, Any]]:
    """One line a contender."""
    return [
        trace(
            "curve",
            i,
            x=typed(x[i]),
            y=typed(y[i]),
            name=style.name,
            line={"color": style.color, "width": width, "dash": style.dash},
            hovertemplate=f"%{{y:{format_}}}",
        )
        for i, style in enumerate(styles)
    ]


def names(
    summary: Summary,
    y: Floats,
    styles: tuple[Style, ...],
    y_range: tuple[float, float],
    theme: Theme,
    axes: Axes,
    stations: list[list[tuple[int, float]]],
    log: bool = False,
) -> list[dict[str, Any]]:
    """Each contender's name on its curve where it escapes; none covers another.

    `stations` are, for each contender, the recorded steps at which its name may stand, the best
    first, each with the px it then stands over its curve. A name that finds no place there is
    written at the curve's end, with a lead to it. `y_range` is in data units, on a log axis too.
    """
    to_axis = np.log10 if log else np.asarray
    low, high = (float(to_axis(v)) for v in y_range)
    x = times(summary.experiment, summary.steps, axes)
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = to_axis(y)
    tall = PANEL_HEIGHT - 4.6 * theme.small
    across, up = pixels(x, summary.experiment, axes), (heights - low) / (high - low) * tall
    wanted = [
        [(across[i, k] + GAP_PX, up[i, k] + lift) for k, lift in places]
        for i, places in enumerate(stations)
    ]
    widths = [CHARACTER * theme.small * len(style.name) for style in styles]
    chosen = choose_places(wanted, widths, 1.2 * theme.small, (PANEL_WIDTH, tall))
    outside = [i for i, place in enumerate(chosen) if place < 0]
    out = at_the_end(summary, heights, styles, (low, high), theme, axes, outside)
    for i, place in enumerate(chosen):
        if place >= 0:
            k, lift = stations[i][place]
            level = float(heights[i, k] + lift / tall * (high - low))
            out[i] = _name(i, styles[i], [x[i, k]] * 3, [heights[i, k], level, level], theme)
    if log:
        out = [name | {"y": typed(np.power(10.0, untyped(name["y"])))} for name in out]
    return out


def pixels(x: Floats, experiment: Experiment, axes: Axes) -> Floats:
    """Time coordinates as px across the narrowest plot."""
    end = time_end(experiment, axes)
    first, last = time_start(end, axes), beyond(end, axes)
    scale = np.log10 if axes.x == "log" else np.asarray
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (scale(x) - scale(first)) / (scale(last) - scale(first))
    out: Floats = PANEL_WIDTH * share
    return out


def at_the_end(
    summary: Summary,
    heights: Floats,
    styles: tuple[Style, ...],
    bounds: tuple[float, float],
    theme: Theme,
    axes: Axes,
    who: list[int],
) -> list[dict[str, Any]]:
    """Names right of the curves' ends for `who`, with a lead; an empty trace for the others."""
    low, high = bounds
    x = times(summary.experiment, summary.steps, axes)
    shown = np.isfinite(x) & np.isfinite(heights)
    last = [int(np.flatnonzero(row)[-1]) if row.any() else 0 for row in shown]
    ends = np.array([row[k] for row, k in zip(heights, last, strict=True)])
    inside = (low <= ends) & (ends <= high)
    ends = np.clip(np.where(np.isfinite(ends), ends, low), low, high)
    # Curves that end together are named in the order of β, the strongest on top.
    order = sorted(
        who,
        key=lambda i: (
            round(float((ends[i] - low) / (high - low)), 2),
            summary.experiment.contenders[i].momentum,
        ),
    )
    height = (high - low) * 1.25 * theme.small / (PANEL_HEIGHT - 4.6 * theme.small)
    margin = 0.4 * height
    ranked = np.maximum.accumulate(ends[order])
    places = spread(ranked, height, low + margin, high - margin)
    end, near = time_end(summary.experiment, axes), beyond(time_end(summary.experiment, axes), axes)
    out = [_name(i, style, [np.nan] * 3, [np.nan] * 3, theme) for i, style in enumerate(styles)]
    for place, i in zip(places, order, strict=True):
        # A curve that has left the plot or stopped early has no lead across it: a sample instead.
        led = inside[i] and x[i, last[i]] >= end * (1 - LEAD)
        xs = [x[i, last[i]] if led else end, near, near]
        out[i] = _name(i, styles[i], xs, [ends[i] if led else place, place, place], theme)
    return out


def _name(i: int, style: Style, x: list[float], y: list[float], theme: Theme) -> dict[str, Any]:
    return trace(
        "name",
        i,
        x=typed(x),
        y=typed(y),
        mode="lines+text",
        text=["", "", f"{style.name}"],
        textposition="middle right",
        textfont={"color": style.text, "size": theme.small, "shadow": halo(theme, strong=True)},
        line={"color": style.color, "width": 1.5 * theme.hairline, "dash": style.dash},
        cliponaxis=False,
    )


def escape_stations(summary: Summary) -> list[list[tuple[int, float]]]:
    """Where a name may stand on its curve: as it passes the escape radius, else a part of it."""
    distance = drawn(summary, summary.distance.median)
    out = []
    for row in distance:
        # At the beginning all curves are one.
        past = [np.flatnonzero(row >= share * summary.radius) for share in STATIONS]
        out.append([(int(k[0]), 0.0) for k in past if k.size and k[0] > 0])
    return out


def crosses(
    summary: Summary,
    y: Floats,
    styles: tuple[Style, ...],
    y_range: tuple[float, float],
    theme: Theme,
    axes: Axes,
) -> dict[str, Any]:
    """A cross where a contender diverged, at the end of its curve or at the plot's edge."""
    x = times(summary.experiment, summary.steps, axes)
    at = np.full((len(styles), 2), np.nan)
    for i in diverged(summary):
        seen = np.flatnonzero(np.isfinite(x[i]) & np.isfinite(y[i]))
        if seen.size:
            at[i] = x[i, seen[-1]], np.clip(y[i, seen[-1]], *y_range)
    return trace(
        "cross",
        x=typed(at[:, 0]),
        y=typed(at[:, 1]),
        mode="markers",
        marker={"symbol": "x", "size": 4 * theme.line, "color": [s.color for s in styles]},
        cliponaxis=False,
    )


def level(
    kind: str, y: float, text: str, summary: Summary, theme: Theme, axes: Axes
) -> dict[str, Any]:
    """A horizontal line with its name above its end, where the curves have passed."""
    end = time_end(summary.experiment, axes)
    return trace(
        kind,
        x=typed([time_start(end, axes), beyond(end, axes)]),
        y=typed([y, y]),
        mode="lines+text",
        text=["", text],
        textposition="top left",
        textfont={"color": theme.accent, "size": theme.small, "shadow": halo(theme)},
        line={"color": theme.accent, "width": theme.hairline, "dash": "4px,3px"},
    )


def quantised(value: float, per_decade: int = 2, up: bool = False) -> float:
    """The next power of 10^(1/per_decade) below `value`, or above it."""
    turn = math.ceil if up else math.floor
    return float(10.0 ** (turn(per_decade * math.log10(value) - 1e-9) / per_decade))
