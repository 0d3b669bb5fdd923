"""Clientside callback of the prediction (assets/modules/prediction.mjs)."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input

from app import ids


def register(app: Dash) -> None:
    """Register the callback that marks the prediction on the distance plot."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("saddlescape", "prediction_changed"),
        Input(ids.PREDICTION, "value"),
        prevent_initial_call=True,
    )
