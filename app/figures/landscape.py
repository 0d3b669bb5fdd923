"""The landscape from above, with the paths.

Both axes have the same scale, so that v is perpendicular to the stable direction for every
rotation, and the noise of a path is not distorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.figures.axes import CHARACTER, EDGE, axis
from app.figures.label_layout import spread
from app.figures.race_moment import cursor_index, first_escape, race_moment, race_words
from app.figures.terrain_trace import arrow, background, radius, stationary_points, upright
from app.figures.traces import trace
from app.figures.truncate import clip_to_map
from app.figures.typed_arrays import joined, typed
from app.text.numbers import exact, number
from app.theme import SPACE, Style, Theme, font, halo, rgba, styles
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain

SIDE = 340  # px, smallest size of the square; names are spaced for it


def figure(
    summary: Summary, surface: Terrain, theme: Theme, at: int | None = None
) -> dict[str, Any]:
    """Return the figure as a dict; `at` is the step of the dots, by default the first escape.

    At the end of a run all contenders are in the same minimum, and their paths cover one another;
    the race is visible at the first escape. Each first path is drawn at full strength up to that
    step; its rest and the other paths are faint.

    Traces: the background (meta.background is a hash of its content), then C groups of faint paths,
    C first paths, the radius, the start, C dots, C names, a note, and the saddle with the minima.
    """
    look = styles(summary.experiment.contenders, theme)
    moment, first = race_moment(summary, surface) if at is None else (at, None)
    k = cursor_index(summary, surface, at)
    dots, on_map = summary.lines[:, 0, k, :], clip_to_map(summary, surface)
    data = [
        *background(surface, theme),
        *(
            trace("paths", i, x=typed(joined(lines[..., 0])), y=typed(joined(lines[..., 1])),
                  line={"color": rgba(style.color, 0.45), "width": theme.hairline})
            for i, style, lines in back_to_front(look, on_map)
        ),
        *(
            trace("path", i, x=typed(line[: k + 1, 0]), y=typed(line[: k + 1, 1]),
                  line={"color": style.color, "width": theme.line, "dash": style.dash})
            for i, style, line in back_to_front(look, on_map[:, 0])
        ),
        radius(surface, summary, theme),
        start(summary, surface, theme),
        *(
            trace("dot", i, x=typed(dot[:1]), y=typed(dot[1:]), mode="markers", name=style.name,
                  hovertemplate="%{x:.3~g}, %{y:.3~g}",
                  marker={"color": style.color, "size": 4.5 * theme.line,
                          "line": {"color": theme.paper, "width": theme.hairline}})
            for i, style, dot in back_to_front(look, dots)
        ),
        *dot_names(dots, summary, surface, theme),
        note(moment, summary, first, surface, theme),
        *stationary_points(surface, theme),
    ]  # fmt: skip
    return {"data": data, "layout": layout(summary, surface, theme)}


def back_to_front(
    look: tuple[Style, ...], values: np.ndarray
) -> Iterator[tuple[int, Style, np.ndarray]]:
    """Return (contender, style, values) in drawing order, the first contender last and so on top.

    Contenders are usually sorted by momentum, and the smallest has the shortest path, which the
    others would cover.
    """
    return zip(range(len(look))[::-1], look[::-1], values[::-1], strict=True)


def start(summary: Summary, surface: Terrain, theme: Theme) -> dict[str, Any]:
    """Return the start of all contenders; its label avoids the saddle."""
    past = len(surface.saddles) and summary.start[0] > surface.saddles[0, 0]
    side = "right" if past else "left"
    return trace("start", x=typed(summary.start[:1]), y=typed(summary.start[1:]),
                 mode="markers+text", text=[" <i>w</i>₀ "], textposition=f"top {side}",
                 textfont={"color": theme.ink, "size": theme.base, "shadow": halo(theme)},
                 marker={"symbol": "circle", "size": 3.5 * theme.line, "color": theme.paper,
                         "line": {"color": theme.ink, "width": 0.8 * theme.line}})  # fmt: skip


def dot_names(
    dots: np.ndarray, summary: Summary, surface: Terrain, theme: Theme
) -> list[dict[str, Any]]:
    """Return each contender's name with a leader to its dot, without overlaps.

    If the escape direction is vertical, the names form a column beside the dots; if it is
    horizontal, two rows, one above and one below, or both above at the lower edge of the map.
    """
    look = styles(summary.experiment.contenders, theme)
    low, high = (np.array([surface.x[i], surface.y[i]]) for i in (0, -1))
    pixel = np.full(2, (high - low).max() / SIDE)  # in data units, the same on both axes
    wide = CHARACTER * theme.small * max(len(s.name) for s in look) * pixel[0]
    tall = 1.3 * theme.small * pixel[1]
    inside = np.clip(dots, low, high)
    busy = np.clip(np.vstack([dots, summary.start]), low, high)  # to be kept free of names
    spots = np.empty_like(inside)
    beta = [c.momentum for c in summary.experiment.contenders]
    along = 1 if upright(surface) else 0
    ranked = np.array(sorted(range(len(look)), key=lambda i: (round(inside[i, along] / pixel[along]
                                                                    / 4), beta[i])))  # fmt: skip
    if upright(surface):
        right = busy[:, 0].max() + 30 * pixel[0]
        at_right = right + wide <= high[0]
        spots[:, 0] = right if at_right else busy[:, 0].min() - 30 * pixel[0]
        wanted = np.maximum.accumulate(inside[ranked, 1])
        spots[ranked, 1] = spread(wanted, tall, low[1] + tall, high[1] - tall)
        position = "middle right" if at_right else "middle left"
    else:
        above, below = (edge + side * 30 * pixel[1] for edge, side in
                        ((busy[:, 1].max(), 1), (busy[:, 1].min(), -1)))  # fmt: skip
        below = below if below > low[1] + tall / 2 else above + tall  # no room below
        for row, height in ((ranked[::2], above), (ranked[1::2], below)):
            spots[row, 1] = height
            wanted = np.maximum.accumulate(inside[row, 0])
            spots[row, 0] = spread(wanted, wide, low[0] + wide / 2, high[0] - wide / 2)
        position = "middle center"
    return [
        trace("name", i, x=typed([dot[0], place[0], place[0]]),
              y=typed([dot[1], place[1], place[1]]), mode="lines+text",
              text=["", "", style.name], textposition=position,
              textfont={"color": style.text, "size": theme.small, "shadow": halo(theme)},
              line={"color": style.color, "width": theme.hairline})
        for i, (style, dot, place) in enumerate(zip(look, inside, spots, strict=True))
    ]  # fmt: skip


def note(
    moment: int, summary: Summary, first: int | None, surface: Terrain, theme: Theme
) -> dict[str, Any]:
    """Return the note on the dots' step, in the upper right corner."""
    said = race_words(summary, first)
    words = f"dots: step {exact(moment)}" + (f": {said}" if said else "")
    inset = 1 - EDGE
    return trace("note", x=typed([surface.x[0] + inset * np.ptp(surface.x)]),
                 y=typed([surface.y[0] + inset * np.ptp(surface.y)]), mode="text", text=[words],
                 textposition="top left", cliponaxis=False,
                 textfont={"color": theme.muted, "size": theme.small})  # fmt: skip


def layout(summary: Summary, surface: Terrain, theme: Theme) -> dict[str, Any]:
    """Return a square layout with fixed ranges, with v as a double arrow beside the saddle."""
    em = theme.small
    plain = axis(theme, grid=False) | {"nticks": 6, "constrain": "domain"}
    return {
        "font": font(theme),
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": theme.relief[0],
        "margin": {"l": 4.2 * em, "r": 1.2 * em, "t": 2.6 * em, "b": 3.6 * em, "pad": 0},
        "title": {
            "text": "The landscape from above", "font": font(theme, "base", "ink"),
            "x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "container",
            "yanchor": "top", "pad": {"l": -3.6 * em, "t": SPACE / 2},
        },
        "xaxis": plain | {"range": [float(surface.x[0]), float(surface.x[-1])],
                          "title": {"text": surface.labels[0], "standoff": 6, "font": font(theme)}},
        "yaxis": plain | {"range": [float(surface.y[0]), float(surface.y[-1])],
                          "scaleanchor": "x", "constraintoward": "top",
                          "title": {"text": surface.labels[1], "standoff": 4, "font": font(theme)}},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": theme.paper, "bordercolor": theme.border,
                       "font": font(theme, "small", "ink")},
        "dragmode": False,
        "uirevision": f"{summary.experiment.landscape}{surface.x[0]}{surface.x[-1]}",
        "annotations": arrow(surface, theme),
    }  # fmt: skip


def summary_text(summary: Summary) -> str:
    """Return the text alternative of the plot."""
    moment, first = first_escape(summary)
    names = [c.label for c in summary.experiment.contenders]
    k = min(int(np.searchsorted(summary.steps, moment)), len(summary.steps) - 1)
    where = "; ".join(
        f"{name} is {number(float(d))} from the saddle"
        for name, d in zip(names, summary.distance.median[:, k], strict=True)
    )
    half = " on half of its paths" if summary.experiment.paths > 1 else ""
    when = (
        f"At the last step, {exact(moment)}, none has escaped"
        if first is None
        else f"At step {exact(moment)}, when {names[first]} escapes{half}"
        if summary.steps[k] == moment
        else f"At step {exact(summary.steps[k])}, the first drawn after {names[first]} escapes"
        f"{half} at {exact(summary.escape[first].median)}"
    )
    racing = "one optimizer" if len(names) == 1 else f"{len(names)} optimizers"
    return (
        f"The landscape from above with {racing} starting at "
        f"({number(summary.start[0])}, {number(summary.start[1])}). {when}: {where}."
    )
