"""What the hand does, in the browser: sliders and fields to edits (assets/hand.js)."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State

from app import ids
from app.edits import TYPED
from app.pages import LAZY
from app.sliders import SLIDERS
from simulation.experiment import PARAMETERS

_FIELDS = (
    *SLIDERS, "rule", "landscape", "axes", "w0-x", "w0-y", *(PARAMETERS[name].key for name in TYPED)
)  # fmt: skip


def register(app: Dash) -> None:
    """One clientside function for all fields; it reads from its context which one changed.

    Sliders go without Dash: what they say is heard from their thumbs (assets/hand.js).
    """
    for key in _FIELDS:
        _in_browser(app, "moved", Input(ids.field(key), "value"), prevent_initial_call=True)
    _in_browser(app, "turned", Input(ids.TABS, "value"), prevent_initial_call=True)
    for tab in LAZY:
        kept = Output(ids.panel(tab), "keepMounted"), Input(ids.TABS, "value")
        _in_browser(app, "kept", *kept, State(ids.panel(tab), "value"))
    figures = (State(graph, "figure") for graph in ids.GRAPHS)
    _in_browser(app, "opened", Input(ids.SHOWN, "data"), State(ids.QUERY, "data"), *figures)
    _in_browser(app, "looked", Input(ids.LOOKS, "data"))
    _in_browser(app, "timed", Input(ids.MOMENTS, "data"))


def _in_browser(app: Dash, function: str, *wires: Any, **options: Any) -> None:
    told = ClientsideFunction("saddlescape", function)
    app.clientside_callback(told, *wires, **options)  # type: ignore[no-untyped-call]
