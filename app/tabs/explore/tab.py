"""The Explore tab: the landscape with its paths; distance, correlation and value beside it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dash import dcc, html

from app import ids
from app.components.plot_panel import CONFIG
from app.render.page import RenderedPage

KEY = "explore"
TITLE = "Explore"
ORDER = 0
PLOTS: Mapping[str, str] = MappingProxyType({
    ids.LANDSCAPE: "Landscape", ids.DISTANCE: "Escape distance",
    ids.CORRELATION: "Correlation", ids.VALUE: "Function value",
})  # fmt: skip

_NAMES = {
    ids.LANDSCAPE: "Landscape and paths; click anywhere to start there, or type w₀ under Controls",
    ids.DISTANCE: "Escape distance",
    ids.CORRELATION: "Momentum–escape correlation",
    ids.VALUE: "Function value",
}


def layout(drawing: RenderedPage) -> html.Div:
    """Return the four plots and below them the container of the time bar."""
    return html.Div(
        [
            _plot(ids.LANDSCAPE, drawing),
            html.Div([_plot(graph, drawing) for graph in ids.GRAPHS[1:]], className="stack"),
            html.Div(id=ids.TIME_BAR, className="time-bar"),
        ],
        className="explore",
    )


def _plot(graph: str, drawing: RenderedPage) -> html.Figure:
    """Return a plot with its name and its text alternative."""
    attributes: dict[str, Any] = {
        "aria-label": _NAMES[graph],
        "aria-describedby": ids.summary(graph),
    }
    return html.Figure(
        [
            dcc.Graph(id=graph, figure=drawing.figures[graph], config=CONFIG, responsive=True,
                      className="graph"),
            html.Figcaption(drawing.props[ids.summary(graph)]["children"], id=ids.summary(graph),
                            className="for-readers"),
        ],
        className=f"plot plot-{graph}", role="group", **attributes,
    )  # fmt: skip
