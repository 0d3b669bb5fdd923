"""Figures of the Distribution tab: escape-time histogram and CDF over paths, with the exact law.

Both have a log time axis: the densities of all β have similar shapes on it, and equal areas are
equal fractions of the paths.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import ids
from app.figures import axes as axis_parts
from app.figures.axes import CHARACTER, Axes, clock, decades, nice_range
from app.figures.label_layout import spread
from app.figures.traces import NOTHING, trace
from app.figures.typed_arrays import typed
from app.text.numbers import exact, number, plural, wrapped
from app.theme import SPACE, Style, Theme, font, rgba, styles
from simulation.results.escape_distribution import Distribution

Floats = NDArray[np.float64]

HUMPS = "When the paths escape  (share per decade)"
TICKS = "When the paths escape  (a tick for each)"
ESCAPED = "Share of the paths that have escaped by then"
TICKS_AND_LAW = "When the paths escape  (dotted: the law, per decade)"
FEWEST = 24  # paths below which the histogram is replaced by one tick per path
WORD = 0.72  # height of the label of T, above the tails of the densities and below the names
NOTE_WIDTH = 52  # characters per line of the reason why there is no law, on the smallest plot
MOST_TICKS = 9
PLOT_WIDTH = 300  # px, smallest width of a plot; names are spaced for it
ROWS = (0.95, 0.85)  # heights of the two rows of names, as fractions of the axis


def figures(seen: Distribution, theme: Theme, axes: Axes = Axes()) -> dict[str, dict[str, Any]]:  # noqa: B008
    """Return graph id → figure for the two graphs of ids.DISTRIBUTION_GRAPHS."""
    return {ids.HISTOGRAM: histogram(seen, theme, axes), ids.CDF: cdf(seen, theme, axes)}


def histogram(seen: Distribution, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the histogram.

    Traces: C histograms (or ticks if there are few paths), C laws, C names, T.
    """
    line_styles = styles(seen.experiment.contenders, theme)
    ticks = clock(seen.experiment, axes)
    top = height(seen)
    many = seen.experiment.paths >= FEWEST
    humps = [hump(seen, i, ticks[i], style, theme) if many else NOTHING_AT(i)
             for i, style in enumerate(line_styles)]  # fmt: skip
    rugs = [rug(seen, i, ticks[i], style, top, theme) for i, style in enumerate(line_styles)]
    laws = [
        trace("law", i, **stairs(seen.edges * ticks[i], seen.law_density[i]),
              line={"color": theme.law, "width": theme.hairline, "dash": "2px,2px"})
        for i in range(len(line_styles))
    ]  # fmt: skip
    y = axis_parts.axis(theme) | {"range": [0, top], "nticks": 5}
    if not many and not np.isfinite(seen.law_density).any():  # ticks alone have no heights
        y |= {"showticklabels": False, "showgrid": False}
    layout = _layout(HUMPS if many else TICKS if all(seen.reasons) else TICKS_AND_LAW, seen, y,
                     theme, axes)  # fmt: skip
    _say_why(layout, seen, theme)
    names = _names(seen, line_styles, ticks, top, theme, axes)
    return {"data": [*humps, *rugs, *laws, *names, _end(seen, top, theme, axes)], "layout": layout}


def cdf(seen: Distribution, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the CDF. Traces: C measured curves, C growing modes, C exact laws, the level ½, T."""
    line_styles = styles(seen.experiment.contenders, theme)
    ticks = clock(seen.experiment, axes)
    x = [seen.times * tick for tick in ticks]
    ended = [np.where(seen.times <= seen.experiment.steps, row, np.nan) for row in seen.cdf]
    measured = [
        trace("curve", i, x=typed(x[i]), y=typed(ended[i]), text=style.name,
              line={"color": style.color, "width": 1.3 * theme.line, "dash": style.dash},
              hovertemplate="%{y:.1%}<extra>%{text}</extra>")
        for i, style in enumerate(line_styles)
    ]  # fmt: skip
    growing = [trace("growing", i, x=typed(x[i]), y=typed(seen.growing[i]),
                     line={"color": theme.muted, "width": theme.hairline, "dash": "6px,3px"})
               for i in range(len(line_styles))]  # fmt: skip
    exact_ = [trace("law", i, x=typed(x[i]), y=typed(seen.exact[i]),
                    line={"color": theme.law, "width": theme.hairline, "dash": "2px,2px"})
              for i in range(len(line_styles))]  # fmt: skip
    low, high = span(seen, axes)
    half = trace("half", x=typed([low, high]), y=typed([0.5, 0.5]),
                 line={"color": theme.border, "width": theme.hairline})  # fmt: skip
    y = axis_parts.axis(theme) | {
        "range": [-0.02, 1.04], "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
    }  # fmt: skip
    layout = _layout(ESCAPED, seen, y, theme, axes)
    return {"data": [half, *measured, *growing, *exact_, _end(seen, 1.0, theme, axes)],
            "layout": layout}  # fmt: skip


def NOTHING_AT(contender: int) -> dict[str, Any]:  # noqa: N802
    """Return an empty trace in place of a histogram that is not drawn."""
    return trace("hump", contender, x=NOTHING, y=NOTHING)


def hump(
    seen: Distribution, contender: int, tick: float, style: Style, theme: Theme
) -> dict[str, Any]:
    """Return one contender's histogram as a filled outline that starts and ends at zero."""
    steps = stairs(seen.edges * tick, seen.density[contender])
    return trace("hump", contender, **steps, fill="tozeroy", fillcolor=rgba(style.color, 0.16),
                 line={"color": style.color, "width": 0.7 * theme.line,
                       "dash": style.dash})  # fmt: skip


def stairs(edges: Floats, heights: Floats) -> dict[str, Any]:
    """Return x and y of a histogram's outline, without empty bins at the ends."""
    used = np.flatnonzero(heights > 1e-3 * np.nanmax(heights, initial=0.0))
    if not used.size:
        return {"x": NOTHING, "y": NOTHING}
    first, last = used[0], used[-1] + 1
    x = np.repeat(edges[first : last + 1], 2)[1:-1]
    y = np.repeat(heights[first:last], 2)
    x, y = np.concatenate([x[:1], x, x[-1:]]), np.concatenate([[0], y, [0]])
    return {"x": typed(x), "y": typed(y)}


def rug(
    seen: Distribution, contender: int, tick: float, style: Style, top: float, theme: Theme
) -> dict[str, Any]:
    """Return a tick for every bin with a path in it, if there are too few paths for a histogram."""
    middle = np.sqrt(seen.edges[1:] * seen.edges[:-1]) * tick
    there = (seen.density[contender] > 0) & (seen.experiment.paths < FEWEST)
    return trace(
        "rug", contender, x=typed(np.where(there, middle, np.nan)),
        y=typed(np.full(len(middle), 0.05 * top)), mode="markers",
        marker={"symbol": "line-ns-open", "size": 8 * theme.line, "color": style.color,
                "line": {"width": theme.line, "color": style.color}},
    )  # fmt: skip


def height(seen: Distribution) -> float:
    """Return the upper end of the histogram's axis: above laws and histograms, rounded coarsely."""
    tops = [seen.law_density] + ([seen.density] if seen.experiment.paths >= FEWEST else [])
    seen_tops = [float(np.nanmax(t)) for t in tops if np.isfinite(t).any()]
    return nice_range(0.0, 1.25 * max([*seen_tops, 0.1]))[1]


def span(seen: Distribution, axes: Axes) -> tuple[float, float]:
    """Return the range of the time axis, which covers all contenders' histograms."""
    ticks = clock(seen.experiment, axes)
    if not axes.scaled:
        return float(seen.edges[0]), float(seen.edges[-1]) * 1.02
    firsts, lasts = [], []
    for i, tick in enumerate(ticks):
        used = np.flatnonzero((seen.density[i] > 0) | (np.nan_to_num(seen.law_density[i]) > 1e-3))
        if used.size:
            firsts.append(float(seen.edges[used[0]]) * tick)
            lasts.append(float(seen.edges[used[-1] + 1]) * tick)
    return (min(firsts), max(lasts)) if firsts else (1.0, float(seen.edges[-1]) * ticks.max())


def _layout(
    title: str, seen: Distribution, y: dict[str, Any], theme: Theme, axes: Axes
) -> dict[str, Any]:
    layout = axis_parts.panel(title, seen.experiment, y, theme, axes)
    words = axis_parts.time_words(axes)
    layout["xaxis"] = axis_parts.axis(theme) | time_ticks(*span(seen, axes)) | {
        "unifiedhovertitle": {"text": f"{words} %{{x:,.0f}}"},
    }  # fmt: skip
    layout["margin"] |= {"r": 2.5 * SPACE, "b": 3.4 * theme.small}
    layout["annotations"] = [
        {"name": axis_parts.X_TITLE, "text": axis_parts.time_label(axes), "showarrow": False,
         "font": font(theme), "xref": "paper", "x": 1, "xanchor": "right", "yref": "paper", "y": 0,
         "yanchor": "top", "yshift": -1.5 * theme.small}
    ]  # fmt: skip
    return layout


def _say_why(layout: dict[str, Any], seen: Distribution, theme: Theme) -> None:
    """Add the reason below the title if no contender has a law."""
    reasons = dict.fromkeys(r for r in seen.reasons if r)
    if len(reasons) != 1 or not all(seen.reasons):
        return
    text = wrapped(f"No exact law here: {next(iter(reasons))}", NOTE_WIDTH)
    lines = 1 + text.count("<br>")
    layout["margin"]["t"] = (2.4 + 1.35 * lines) * theme.small
    layout["annotations"].append(
        {"text": text, "showarrow": False, "xref": "paper", "x": 0, "xanchor": "left",
         "align": "left", "yref": "paper", "y": 1, "yanchor": "bottom", "font": font(theme)}
    )  # fmt: skip


def time_ticks(low: float, high: float) -> dict[str, Any]:
    """Return a log axis over [low, high]: whole decades as ticks, or 1, 2, 5 (or finer) if few."""
    ends = {"type": "log", "range": [math.log10(low), math.log10(high)]}
    if math.log10(high / low) > 2.5:
        return decades(low, high)
    return ends | axis_parts.round_ticks(low, high, MOST_TICKS)


def _names(
    seen: Distribution, line_styles: tuple[Style, ...], ticks: Floats, top: float, theme: Theme,
    axes: Axes,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return each contender's name above its histogram, in two alternating rows: no overlaps."""
    low, high = (math.log10(v) for v in span(seen, axes))
    medians = np.array([e.median for e in seen.escape])
    centres = np.where(np.isfinite(medians), medians, seen.exact_median)
    found = np.isfinite(centres)
    at = np.log10(np.where(found, np.maximum(centres, 1) * ticks, 10**high))
    width = CHARACTER * theme.small * max(len(s.name) for s in line_styles) + SPACE
    gap = (high - low) * width / PLOT_WIDTH
    inner = min(gap / 2, (high - low) / 2)
    places, row = np.empty_like(at), np.empty(len(at), dtype=int)
    row[np.argsort(at, kind="stable")] = np.arange(len(at)) % len(ROWS)
    for r in range(len(ROWS)):
        places[row == r] = spread(at[row == r], gap, low + inner, high - inner)
    return [
        trace("name", i, x=typed([10 ** places[i]]), y=typed([ROWS[row[i]] * top]), mode="text",
              text=[style.name if found[i] else ""], textposition="middle center", cliponaxis=False,
              textfont={"color": style.text, "size": theme.small})
        for i, style in enumerate(line_styles)
    ]  # fmt: skip


def _end(seen: Distribution, top: float, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the line at T, the end of the run; empty if all paths have escaped."""
    waiting = any(e.escaped < e.total for e in seen.escape)
    if not waiting or axes.scaled:
        return trace("end", x=NOTHING, y=NOTHING)
    steps = seen.experiment.steps
    return trace("end", x=typed([steps] * 3), y=typed([0, WORD * top, top]), mode="lines+text",
                 text=["", "end of the run, T ", ""], textposition="middle left",
                 textfont={"color": theme.accent, "size": theme.small},
                 line={"color": theme.accent, "width": theme.hairline,
                       "dash": "4px,3px"})  # fmt: skip


def summary_texts(seen: Distribution) -> dict[str, str]:
    """Return graph id → text alternative of the plot."""
    names = [c.label for c in seen.experiment.contenders]
    halves = "; ".join(
        f"{name}: half of {exact(e.total)} {plural(e.total, 'path')} by step {exact(e.median)}"
        if math.isfinite(e.median) else f"{name}: {exact(e.escaped)} of {exact(e.total)} escaped"
        for name, e in zip(names, seen.escape, strict=True)
    )  # fmt: skip
    gaps = "; ".join(
        f"{name}: {number(float(gap), 2)}"
        for name, gap in zip(names, seen.exact_gap, strict=True) if math.isfinite(gap)
    )  # fmt: skip
    law = f"Largest gap to the exact law: {gaps}." if gaps else next(filter(None, seen.reasons), "")
    return {
        ids.HISTOGRAM: f"Histogram of the escape times on a log axis. {halves}.",
        ids.CDF: f"Share of the paths that have escaped, against time. {law}",
    }
