"""What the hand does, in the browser: sliders and fields to edits (assets/hand.js)."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, State

from app import ids
from app.edits import SLIDERS, TYPED
from simulation.experiment import PARAMETERS

_FIELDS = (
    *SLIDERS, "rule", "landscape", "w0-x", "w0-y", *(PARAMETERS[name].key for name in TYPED)
)  # fmt: skip


def register(app: Dash) -> None:
    """One clientside function for all controls; it reads from its context which one moved."""
    moved = [ids.slider(key) for key in SLIDERS] + [ids.field(key) for key in _FIELDS]
    for component in moved:
        app.clientside_callback(
            ClientsideFunction("saddlescape", "moved"),
            Input(component, "value"),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction("saddlescape", "opened"),
        Input(ids.SHOWN, "data"), State(ids.QUERY, "data"),
    )  # fmt: skip
    app.clientside_callback(ClientsideFunction("saddlescape", "looked"), Input(ids.LOOKS, "data"))
    app.clientside_callback(
        ClientsideFunction("saddlescape", "turned"),
        Input(ids.TABS, "value"),
        prevent_initial_call=True,
    )
