"""The true figures, drawn when the hand lets go."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output

from app import ids
from app.drawing import affordable, draw
from app.pages import PAGES
from app.state import look, read


def register(app: Dash) -> None:
    """Query and theme in, four figures out."""
    app.callback(
        [*(Output(graph, "figure") for graph in ids.GRAPHS), Output(ids.LOOKS, "data")],
        Input(ids.QUERY, "data"),
        Input(ids.LOOK, "data"),
        prevent_initial_call=True,
    )(picture)


def picture(query: str, theme: str) -> list[Any]:
    """The four figures of a query, all paths in them, and the names of their looks."""
    state, _ = affordable(read(query, tuple(PAGES))[0])
    drawing = draw(state, look(f"{query}&look={theme}"))
    return [*(drawing.figures[graph] for graph in ids.GRAPHS), dict(drawing.looks)]
