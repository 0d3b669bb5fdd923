"""Labels of curves: one name per contender, without overlaps with other text."""

from __future__ import annotations

from typing import Any

import numpy as np

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
from app.figures.label_layout import choose_places, spread
from app.figures.traces import Floats, drawn, trace
from app.figures.typed_arrays import typed, untyped
from app.text.divergence import diverged
from app.theme import Style, Theme, halo
from simulation.model.experiment import Experiment
from simulation.results.summary import Summary

PANEL_WIDTH = 290  # px, smallest width of a time plot inside its axes
MARK = 5  # px, half the width of the cursor's mark
SPACED = "\u2002{}"  # space between a name and its curve or the cursor's dot
# Fractions of the escape radius at which a name may be placed on its curve.
STATIONS = (1.0, 0.85, 0.72, 0.6, 0.5, 1.2, 0.42, 0.35, 1.45, 0.3, 0.25, 1.7, 1.85, 0.2)


def names(
    summary: Summary,
    y: Floats,
    styles: tuple[Style, ...],
    y_range: tuple[float, float],
    theme: Theme,
    axes: Axes,
    stations: list[list[tuple[int, float]]],
    cursor: int,
    log: bool = False,
    level: tuple[float, str, bool] | None = None,
    note: str = "",
) -> list[dict[str, Any]]:
    """Return each contender's name, on its curve where it escapes if possible, without overlaps.

    stations: for each contender the candidate places of its name, best first: recorded step, and px
    above its curve. A name without a free place is at its curve's end, with a leader. y_range: in
    data units, also on a log axis. level: a labelled level to avoid (height, text, whether the
    label is below it). note: text in the corner to avoid. cursor: recorded step of the marks to
    avoid.
    """
    to_axis = np.log10 if log else np.asarray
    low, high = (float(to_axis(v)) for v in y_range)
    x = times(summary.experiment, summary.steps, axes)
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = to_axis(y)
    tall = PANEL_HEIGHT - 4.6 * theme.small
    taken = [corner(note, summary.experiment, theme, axes)] if note else []
    if level is not None:
        share = (float(to_axis(level[0])) - low) / (high - low)
        taken.append(at_end(level[1], share * tall, level[2], theme))
        taken.append((0.0, PANEL_WIDTH, share * tall))  # the level's line itself
    across, up = pixels(x, summary.experiment, axes), (heights - low) / (high - low) * tall
    taken += marks(across[:, cursor], up[:, cursor])
    wanted = [
        [(across[i, k], up[i, k] + lift) for k, lift in places] for i, places in enumerate(stations)
    ]
    widths = [width_of(SPACED.format(style.name), theme) for style in styles]
    chosen = choose_places(wanted, widths, 1.2 * theme.small, (PANEL_WIDTH, tall), taken)
    outside = [i for i, place in enumerate(chosen) if place < 0]
    out = at_the_end(summary, heights, styles, (low, high), theme, axes, outside)
    for i, place in enumerate(chosen):
        if place >= 0:
            k, lift = stations[i][place]
            raised = float(heights[i, k] + lift / tall * (high - low))
            out[i] = _name(i, styles[i], [x[i, k]] * 3, [heights[i, k], raised, raised], theme)
    if log:
        out = [name | {"y": typed(np.power(10.0, untyped(name["y"])))} for name in out]
    return out


def marks(across: Floats, up: Floats) -> list[tuple[float, float, float]]:
    """Return (left, right, middle) of the cursor's marks in px, less the space of SPACED."""
    shown = np.isfinite(across) & np.isfinite(up)
    return [(x - MARK, x - 1, y) for x, y in zip(across[shown], up[shown], strict=True)]


def at_end(text: str, height: float, under: bool, theme: Theme) -> tuple[float, float, float]:
    """Return (left, right, middle) in px of text above or below the end of a line."""
    middle = height + (-0.75 if under else 0.75) * theme.small
    return PANEL_WIDTH - width_of(text, theme), PANEL_WIDTH, middle


def crowded_above(y: Floats, level: float, y_range: tuple[float, float], theme: Theme) -> bool:
    """Return whether a curve (C, K) ends, on a log axis, where a level's label would be."""
    decades = np.log10(y_range[1] / y_range[0])
    line = 1.5 * theme.small / (PANEL_HEIGHT - 4.6 * theme.small) * decades
    drawn = [row[np.isfinite(row) & (row > 0)] for row in y if np.isfinite(row[-1])]
    ends = np.array([row[-1] for row in drawn if len(row)])
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.log10(ends / level)
    return bool(((above > -0.2 * line) & (above < line)).any())


def corner(
    text: str, experiment: Experiment, theme: Theme, axes: Axes
) -> tuple[float, float, float]:
    """Return (left, right, middle) in px of a note in the lower right corner."""
    right = float(pixels(np.array(time_end(experiment, axes)), experiment, axes))
    return right - width_of(text, theme), right, 0.75 * theme.small


def width_of(text: str, theme: Theme) -> float:
    """Return the width of text on a plot, in px."""
    return CHARACTER * theme.small * len(text)


def pixels(x: Floats, experiment: Experiment, axes: Axes) -> Floats:
    """Return time coordinates as px in a plot of the smallest width."""
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
    """Return names right of the curves' ends for `who`, with leaders; empty traces for others."""
    low, high = bounds
    x = times(summary.experiment, summary.steps, axes)
    shown = np.isfinite(x) & np.isfinite(heights)
    last = [int(np.flatnonzero(row)[-1]) if row.any() else 0 for row in shown]
    ends = np.array([row[k] for row, k in zip(heights, last, strict=True)])
    inside = (low <= ends) & (ends <= high)
    ends = np.clip(np.where(np.isfinite(ends), ends, low), low, high)
    # Curves that end together are named in the order of β, the largest on top.
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
    over = len(diverged(summary)) == len(styles)
    out = [_name(i, style, [np.nan] * 3, [np.nan] * 3, theme) for i, style in enumerate(styles)]
    for place, i in zip(places, order, strict=True):
        # A curve that left the plot, or stopped before the others, has a line sample in place of a
        # leader, which would cross the plot.
        led = inside[i] and (over or x[i, last[i]] >= end * (1 - LEAD))
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
        text=["", "", SPACED.format(style.name)],
        textposition="middle right",
        textfont={"color": style.text, "size": theme.small, "shadow": halo(theme, strong=True)},
        line={"color": style.color, "width": 1.5 * theme.hairline, "dash": style.dash},
        cliponaxis=False,
    )


def escape_stations(summary: Summary) -> list[list[tuple[int, float]]]:
    """Return candidate places of each name: where its curve passes fractions of the radius."""
    distance = drawn(summary, summary.distance.median)
    out = []
    for row in distance:
        # at the start all curves coincide
        past = [np.flatnonzero(row >= share * summary.radius) for share in STATIONS]
        out.append([(int(k[0]), 0.0) for k in past if k.size and k[0] > 0])
    return out
