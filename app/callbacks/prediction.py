"""Clientside callbacks of the prediction (assets/modules/prediction.mjs)."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input

from app import ids


def register(app: Dash) -> None:
    """Register the callbacks that mark the prediction on the distance plot and judge it."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("saddlescape", "prediction_changed"),
        Input(ids.PREDICTION, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("saddlescape", "prediction_answered"),
        Input(ids.PREDICTION_ANSWER, "data"),
    )
