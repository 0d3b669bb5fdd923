"""The landscape from above, with the paths.

Both axes have the same scale, so that v is perpendicular to the stable direction for every
rotation, and the noise of a path is not distorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.figures.axes import axis
from app.figures.race_moment import first_escape
from app.figures.terrain_trace import (
    arrow,
    at_the_foot,
    background,
    clear,
    off_axis,
    radius,
    stationary_points,
)
from app.figures.traces import trace
from app.figures.truncate import clip_to_map
from app.figures.typed_arrays import joined, typed
from app.text.numbers import exact, number
from app.theme import SPACE, Style, Theme, font, halo, rgba, styles
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain

LARGE = 15  # px: larger type leaves the map no room for a key
FAINT = 0.45
"""Opacity of a single path beyond the cursor; of L paths, 1/√L of it."""


def figure(summary: Summary, surface: Terrain, theme: Theme) -> dict[str, Any]:
    """Return the figure as a dict; it does not depend on the cursor.

    The browser draws what depends on it, in a layer over the plot: each first path up to the
    cursor, the dots with their names, the step (assets/modules/landscape_overlay.mjs).

    Traces: the background (meta.background is a hash of its content), C groups of faint paths, the
    radius, the start, and the saddle with the minima.
    """
    line_styles = styles(summary.experiment.contenders, theme)
    faint = round(FAINT / summary.lines.shape[1] ** 0.5, 2)
    data = [
        *background(surface, theme),
        *(
            trace("paths", i, x=typed(joined(lines[..., 0])), y=typed(joined(lines[..., 1])),
                  line={"color": rgba(style.color, faint), "width": theme.hairline})
            for i, style, lines in back_to_front(line_styles, clip_to_map(summary, surface))
        ),
        radius(surface, summary, theme),
        start(summary, surface, theme),
        *stationary_points(surface, theme),
    ]  # fmt: skip
    return {"data": data, "layout": layout(summary, surface, theme)}


def back_to_front(
    line_styles: tuple[Style, ...], values: np.ndarray
) -> Iterator[tuple[int, Style, np.ndarray]]:
    """Return (contender, style, values) in drawing order, the first contender last and so on top.

    Contenders are usually sorted by momentum, and the smallest has the shortest path, which the
    others would cover.
    """
    return zip(range(len(line_styles))[::-1], line_styles[::-1], values[::-1], strict=True)


def start(summary: Summary, surface: Terrain, theme: Theme) -> dict[str, Any]:
    """Return the start of all contenders; its label avoids the saddle."""
    past = len(surface.saddles) and summary.start[0] > surface.saddles[0, 0]
    near = not clear(summary.start, surface)
    side = "right" if past or (near and at_the_foot(surface)) else "left"
    return trace("start", x=typed(summary.start[:1]), y=typed(summary.start[1:]),
                 mode="markers+text", text=[" <i>w</i>₀ "], textposition=f"top {side}",
                 textfont={"color": theme.ink, "size": theme.base, "shadow": halo(theme)},
                 marker={"symbol": "circle", "size": 3.5 * theme.line, "color": theme.paper,
                         "line": {"color": theme.ink, "width": 0.8 * theme.line}})  # fmt: skip


def layout(summary: Summary, surface: Terrain, theme: Theme) -> dict[str, Any]:
    """Return a square layout with fixed ranges, with v as a double arrow beside the saddle."""
    em = theme.small
    below = 3.6 if theme.base > LARGE else 5.6
    plain = axis(theme, grid=False) | {"nticks": 6, "constrain": "domain"}
    return {
        "font": font(theme),
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": theme.relief[0],
        "margin": {"l": 4.2 * em, "r": 1.2 * em, "t": 3 * em, "b": below * em, "pad": 0},
        "title": {
            "text": "The landscape from above", "font": font(theme, "base", "ink"),
            "x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "container",
            "yanchor": "top", "pad": {"l": -3.6 * em, "t": SPACE / 2},
        },
        "xaxis": plain | {"range": [float(surface.x[0]), float(surface.x[-1])],
                          "title": {"text": surface.labels[0] + off_axis(surface), "standoff": 6,
                                    "font": font(theme)}},
        "yaxis": plain | {"range": [float(surface.y[0]), float(surface.y[-1])],
                          "scaleanchor": "x", "constraintoward": "top",
                          "title": {"text": surface.labels[1], "standoff": 4, "font": font(theme)}},
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "uirevision": f"{summary.experiment.landscape}{surface.x[0]}{surface.x[-1]}",
        "annotations": arrow(surface, theme),
    }  # fmt: skip


def summary_text(summary: Summary) -> str:
    """Return the text alternative of the plot."""
    moment, first = first_escape(summary)
    names = [c.label for c in summary.experiment.contenders]
    k = min(int(np.searchsorted(summary.steps, moment)), len(summary.steps) - 1)
    place, did, does = "the saddle", "escaped", "escapes"
    if not summary.has_saddle:
        place, did, does = "its start", "left its start", "leaves its start"
    where = "; ".join(
        f"{name} is {number(float(d))} from {place}"
        for name, d in zip(names, summary.distance.median[:, k], strict=True)
    )
    half = " on half of its paths" if summary.experiment.paths > 1 else ""
    when = (
        f"At the last step, {exact(moment)}, none has {did}"
        if first is None
        else f"At step {exact(moment)}, when {names[first]} {does}{half}"
        if summary.steps[k] == moment
        else f"At step {exact(summary.steps[k])}, the first drawn after {names[first]} {does}"
        f"{half} at {exact(summary.escape[first].median)}"
    )
    racing = "one optimizer" if len(names) == 1 else f"{len(names)} optimizers"
    return (
        f"The landscape from above with {racing} starting at "
        f"({number(summary.start[0])}, {number(summary.start[1])}). {when}: {where}."
    )
