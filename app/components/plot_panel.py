"""A plot on a tab, with its name and its text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from dash import dcc, html

from app import ids
from app.components.help import helped
from app.theme import Theme

CONFIG: Any = {  # plotly.js options; Dash's type for them is too narrow
    "displaylogo": False,
    "displayModeBar": "hover",
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "sendChartToCloud"],
    "showTips": False,
    "plotlyServerURL": "",
}

Props = Mapping[str, Mapping[str, Any]]


def blank(theme: Theme) -> dict[str, Any]:
    """Return the figure of a plot that is not drawn yet."""
    axis = {"visible": False}
    return {"data": [], "layout": {"paper_bgcolor": theme.paper, "plot_bgcolor": theme.paper,
                                   "xaxis": axis, "yaxis": axis}}  # fmt: skip


def plot(graph: str, shown: Props, config: Any = CONFIG) -> html.Figure:
    """Return a plot; `shown` has its figure and, under `ids.summary(graph)`, its text."""
    said = ids.summary(graph)
    attributes: dict[str, Any] = {"aria-labelledby": said}
    return html.Figure(
        [
            dcc.Graph(id=graph, config=config, responsive=True, className="graph", **shown[graph]),
            html.Figcaption(id=said, className="for-readers", **shown[said]),
        ],
        className=f"plot plot-{graph}", role="group", title="", **attributes,
    )  # fmt: skip


def pieces(
    figures: Mapping[str, Mapping[str, Any]], words: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Return figures and texts, both by graph id, as props: component id → props."""
    drawn = {graph: {"figure": figure} for graph, figure in figures.items()}
    return drawn | {ids.summary(graph): {"children": said} for graph, said in words.items()}


def table(
    head: list[Any], rows: list[list[Any]], caption: str, helps: Sequence[str] = ()
) -> html.Table:
    """Return a table of numbers; the first cell of a row is its header; helps: a text a column."""
    told = [helped(cell, text) if text else cell for cell, text in zip_longest(head, helps)]
    unseen = html.Span("optimizer", className="for-readers")
    return html.Table(
        [
            html.Caption(caption, className="for-readers"),
            html.Thead(html.Tr([html.Th(cell or unseen, scope="col") for cell in told])),
            html.Tbody([
                html.Tr([html.Th(first, scope="row"), *(html.Td(cell) for cell in rest)])
                for first, *rest in rows
            ]),
        ],
        className="numbers",
    )  # fmt: skip
