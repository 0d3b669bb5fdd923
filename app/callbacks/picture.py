"""The true figures, drawn when the hand lets go."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State

from app import ids
from app.drawing import affordable, draw
from app.pages import PAGES
from app.state import look, read


def register(app: Dash) -> None:
    """Query and theme in, four figures out, with what belongs to them."""
    app.callback(
        [
            *(Output(graph, "figure") for graph in ids.GRAPHS),
            *(Output(store, "data") for store in (ids.LOOKS, ids.MOMENTS)),
        ],
        Input(ids.QUERY, "data"),
        State(ids.LOOK, "data"),
        prevent_initial_call=True,
    )(picture)


def picture(query: str, theme: str) -> list[Any]:
    """The four figures of a query, all paths in them, the names of their looks, the moments."""
    state, _ = affordable(read(query, tuple(PAGES))[0])
    drawing = draw(state, look(f"{query}&look={theme}"))
    stores = [dict(drawing.looks), dict(drawing.moments)]
    return [*(drawing.figures[graph] for graph in ids.GRAPHS), *stores]
