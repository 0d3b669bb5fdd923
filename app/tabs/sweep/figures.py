"""Figures of the Sweep tab: measured escape times, the exact law's, and their difference.

Cells are square on any scale: the axes are in cell indices, with ticks labelled by values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import ids
from app.figures.axes import NUMBERS
from app.figures.axes import axis as bare
from app.figures.typed_arrays import typed
from app.text.numbers import count, exact, number, plural, power, rounded
from app.theme import SPACE, Theme, font
from simulation.rules import RULES
from simulation.sweeps.chart import Line, SweepChart, inside
from simulation.sweeps.grid import Axis, Sweep
from simulation.sweeps.tiles import DIVERGED, MEASURED, MISSING

TITLES = {
    ids.SWEEP_MAP: "Measured steps",
    ids.SWEEP_LAW: "The exact law",
    ids.SWEEP_DIFFERENCE: "Against the law, %",
}
NEAR_ONE = (0.0, 0.9, 0.99, 0.999, 0.9999)
TICKS = 5
HINT = 30  # characters per line of a hint
ROOM = 0.65  # fraction of a map's width up to which a name fits to the right of its line
SHIFT = {"left": SPACE / 2, "right": -SPACE / 2}
FURTHEST = 15  # per cent, limit of the difference's colour scale


def title(graph: str, sweep: Sweep) -> str:
    """Return a map's title; the measured one names the optimizer, by its rule where β varies."""
    if graph != ids.SWEEP_MAP:
        return TITLES[graph]
    (contender,) = sweep.experiment.contenders
    varies = "beta" in (sweep.x.varied.key, sweep.y.varied.key)
    return f"{TITLES[graph]}, {RULES[contender.rule].label if varies else contender.label}"


def figures(
    chart: SweepChart, theme: Theme, hints: Mapping[str, str] = MappingProxyType({})
) -> dict[str, dict[str, Any]]:
    """Return graph id → figure for ids.SWEEP_GRAPHS; `hints` are shown in empty maps."""
    said = texts(chart)
    times = {"colorscale": [[0, theme.accent], [1, theme.relief[0]]], "zmin": chart.range[0],
             "zmax": chart.range[1], "colorbar": times_bar(chart.range, theme)}  # fmt: skip
    per_cent = {"colorscale": [[0, theme.accent], [0.5, theme.relief[1]], [1, theme.warning]],
                "zmin": -FURTHEST, "zmax": FURTHEST, "colorbar": bar("%", theme)}  # fmt: skip
    hinted = hints.get(ids.SWEEP_MAP)
    measured = [cells(chart.decades, said, times), *marks(chart, theme)]
    law = [cells(chart.law_decades, said, times)]
    difference = [cells(chart.difference, said, per_cent)]
    over = {
        ids.SWEEP_MAP: [] if hinted else guides(chart, chart.ridge),
        ids.SWEEP_LAW: guides(chart, chart.law_ridge),
        ids.SWEEP_DIFFERENCE: [],
    }
    out = {}
    for graph, data in zip(ids.SWEEP_GRAPHS, (measured, law, difference), strict=True):
        laid = layout(chart.measured.sweep, title(graph, chart.measured.sweep), theme)
        if hints.get(graph):  # the hint needs the room of an empty map's axes
            empty = {"showticklabels": False, "title": {"text": ""}}
            laid |= {axis: laid[axis] | empty for axis in ("xaxis", "yaxis")}
        words = [name(guide, theme) for guide in over[graph] if len(guide.x)]
        words += [hint(hints[graph], theme)] if hints.get(graph) else []
        drawn = [part for guide in over[graph] for part in line(guide, theme)]
        out[graph] = {"data": [*data, *drawn], "layout": laid | {"annotations": words}}
    return out


def cells(
    z: NDArray[np.float64], said: list[list[str]], style: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a heat map with hover text on every cell, including cells without a number."""
    grid = typed(z.ravel()) | {"shape": f"{z.shape[0]}, {z.shape[1]}"}
    return {"type": "heatmap", "z": grid, "text": said, "hovertemplate": "%{text}<extra></extra>",
            "hoverongaps": True, "xgap": 0, "ygap": 0, **style}  # fmt: skip


def texts(chart: SweepChart) -> list[list[str]]:
    """Return the hover text of each cell."""
    sweep = chart.measured.sweep
    return [
        [_text(chart, row, column, x, y) for column, x in enumerate(sweep.x.values)]
        for row, y in enumerate(sweep.y.values)
    ]


def _text(chart: SweepChart, row: int, column: int, x: float, y: float) -> str:
    sweep, cell = chart.measured.sweep, chart.measured.cells[row, column]
    law, errors = chart.law.median[row, column], chart.agreement.errors[row, column]
    symbols = (sweep.x.varied.parameter.symbol, sweep.y.varied.parameter.symbol)
    lines = [f"{symbols[0]} = {number(x, 6)}, {symbols[1]} = {number(y, 6)}"]
    if cell["status"] == MISSING:
        lines.append("not computed yet")
    else:
        lines.append(_measured(cell, sweep))
        lines.append(
            f"{cell['total'] - cell['escaped']} of {cell['total']} "
            f"{plural(cell['total'], 'path')} had not escaped"
        )
    if cell["diverged"]:
        lines.append(f"{cell['diverged']} diverged")
    if math.isfinite(law):
        within = f", {number(float(errors), 2)} s.e. apart" if math.isfinite(errors) else ""
        lines.append(f"the law: {count(float(law), 4)}{within}")
    return "<br>".join(lines)


def _measured(cell: Any, sweep: Sweep) -> str:
    if cell["median"] == 0:
        return "the start is already beyond the escape radius"
    if cell["status"] == MEASURED:
        ends = (_steps(cell["ci_low"]), _steps(cell["ci_high"]))
        at = float(cell["median"])
        return f"<b>{exact(at)}</b> {plural(at, 'step')} (95 %: {ends[0]} … {ends[1]})"
    if cell["status"] == DIVERGED:
        return "diverges"
    return f"fewer than half escape by T = {sweep.experiment.steps:,}"


def _steps(value: float) -> str:
    return exact(float(value)) if math.isfinite(value) else "later"


def marks(chart: SweepChart, theme: Theme) -> list[dict[str, Any]]:
    """Return dots on cells that never escape and crosses on cells that diverge."""
    return [
        _dots(chart.never, {"symbol": "circle", "size": 3, "color": theme.muted}),
        _dots(chart.diverged, {"symbol": "x", "size": 5, "color": theme.warning}),
    ]


def _dots(at: Line, marker: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "x": typed(at[0]), "y": typed(at[1]),
            "marker": dict(marker), "hoverinfo": "skip"}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """A labelled line over a map: coordinates (x, y), dash, and position of the label along it.

    rises: the line runs upwards (β is on the x axis), so its label is beside it, not above; side:
    which end of the label is at the line.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    dash: str
    share: float
    rises: bool
    side: str


def guides(chart: SweepChart, best: Line) -> list[Guide]:
    """Return the line of each row's fastest escape, and that of the guidance's balance value."""
    sweep, at = chart.measured.sweep, 0.85
    rises = sweep.x.key == "beta"
    room = len(best[0]) > 0 and best[0][round(at * (len(best[0]) - 1))] < ROOM * sweep.x.cells
    return [
        Guide("fastest", *best, "solid", at, rises, "left" if room else "right"),
        Guide("balance", *chart.balance, "6px,4px", 0.2, rises, "right"),
    ]


def line(guide: Guide, theme: Theme) -> list[dict[str, Any]]:
    """Return the line, and below it a wider edge in the paper's colour."""
    edge = (theme.paper, theme.line + 2 * theme.hairline)
    return [
        {"type": "scatter", "mode": "lines", "x": typed(guide.x), "y": typed(guide.y),
         "name": guide.name, "hoverinfo": "skip",
         "line": {"color": color, "width": width, "dash": guide.dash}}
        for color, width in (edge, (theme.ink, theme.line))
    ]  # fmt: skip


def name(guide: Guide, theme: Theme) -> dict[str, Any]:
    """Return the line's label, on the side away from the other line."""
    at = round(guide.share * (len(guide.x) - 1))
    side = {"xanchor": guide.side, "xshift": SHIFT[guide.side]} if guide.rises else \
           {"yanchor": "top", "yshift": -SPACE / 2}  # fmt: skip
    return {"x": float(guide.x[at]), "y": float(guide.y[at]), "text": f"{guide.name} β",
            "showarrow": False, "bgcolor": theme.paper, "borderpad": 2, "opacity": 0.9,
            "font": font(theme, "small", "ink"), **side}  # fmt: skip


def hint(words: str, theme: Theme) -> dict[str, Any]:
    """Return the text shown in an empty map."""
    return {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False,
            "text": "<br>".join(wrap(words, HINT)),
            "font": font(theme, "base", "muted")}  # fmt: skip


def ticks(axis: Axis) -> tuple[list[float], list[str]]:
    """Return positions and labels of an axis's ticks."""
    if axis.scale == "near-one":
        shown = [value for value in NEAR_ONE if axis.low <= value <= axis.high]
        if len(shown) > 1:
            return [axis.place(value) for value in shown], [f"{value:g}" for value in shown]
    decades = range(math.ceil(math.log10(axis.low) - 1e-9), 99) if axis.low > 0 else range(0)
    whole = [e for e in decades if 10.0**e <= axis.high * (1 + 1e-9)]
    if axis.scale == "log" and len(whole) > 1:
        return [axis.place(10.0**e) for e in whole], [power(e) for e in whole]
    spread = np.unique(np.round(np.linspace(0, axis.cells - 1, TICKS)).astype(int)).tolist()
    return [float(k) for k in spread], [number(axis.values[k], 2) for k in spread]


def times_bar(ends: tuple[float, float], theme: Theme) -> dict[str, Any]:
    """Return a colour bar with whole decades as ticks, or its two ends if there are too few."""
    whole = [float(e) for e in range(math.ceil(ends[0]), math.floor(ends[1]) + 1)]
    if len(whole) < 2:
        whole = list(ends)
    words = [power(int(e)) if e == int(e) else rounded(10**e) for e in whole]
    return bar("steps", theme) | {"tickvals": whole, "ticktext": words}


def bar(title: str, theme: Theme) -> dict[str, Any]:
    """Return the properties shared by both colour bars, with a title above."""
    return {"thickness": SPACE, "outlinewidth": 0, "tickfont": font(theme), "xpad": 4, "ypad": 0,
            "title": {"text": title, "font": font(theme), "side": "top"}, **NUMBERS}  # fmt: skip


def layout(sweep: Sweep, title: str, theme: Theme) -> dict[str, Any]:
    """Return the layout, with axes in cell indices; a new sweep resets the zoom."""
    em = theme.small
    return {
        "font": font(theme),
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": theme.paper,
        "margin": {"l": 4.6 * em, "r": 4.6 * em, "t": 2.6 * em, "b": 4 * em, "pad": 0},
        "title": {"text": title, "font": font(theme, "base", "ink"), "x": 0, "xref": "paper",
                  "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top",
                  "pad": {"t": SPACE / 2}},
        "xaxis": _axis(sweep.x, theme) | {"title": _name(sweep.x, theme)},
        "yaxis": _axis(sweep.y, theme) | {"title": _name(sweep.y, theme)},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": theme.paper, "bordercolor": theme.border, "align": "left",
                       "font": font(theme, "small", "ink")},
        "uirevision": f"{sweep.x.text} {sweep.y.text}",
    }  # fmt: skip


def _axis(axis: Axis, theme: Theme) -> dict[str, Any]:
    at, words = ticks(axis)
    return bare(theme, grid=False) | {
        "tickvals": at, "ticktext": words, "tickangle": 0, "range": [-0.5, axis.cells - 0.5],
        "constrain": "domain",
    }  # fmt: skip


def _name(axis: Axis, theme: Theme) -> dict[str, Any]:
    return {"text": axis.varied.title, "font": font(theme), "standoff": 4}


def summary_texts(chart: SweepChart) -> dict[str, str]:
    """Return graph id → text alternative of the map."""
    sweep, cells_ = chart.measured.sweep, chart.measured.cells
    done = int((cells_["status"] != MISSING).sum())
    over = f"over {sweep.x.varied.title} and {sweep.y.varied.title}"
    said = f"{done:,} of {cells_.size:,} cells are computed"
    median = inside(chart.measured)
    if np.isfinite(median).any():
        ends = np.nanmin(median), np.nanmax(median)
        said += f"; median escapes from {exact(float(ends[0]))} to {exact(float(ends[1]))} steps"
    return {
        ids.SWEEP_MAP: f"Measured escape times {over}: {said}.",
        ids.SWEEP_LAW: chart.law.silence or f"The exact law's median escape times {over}.",
        ids.SWEEP_DIFFERENCE: agreement_words(chart)
        or ("The exact law applies to none of them." if done else "Nothing to compare yet."),
    }


def agreement_words(chart: SweepChart) -> str:
    """Return a sentence on how many cells agree with the law; '' if none can be compared."""
    found = chart.agreement
    if not found.cells:
        return ""
    return (f"{found.within:,} of {found.cells:,} cells where the exact law applies lie within "
            f"3 standard errors of it.")  # fmt: skip
