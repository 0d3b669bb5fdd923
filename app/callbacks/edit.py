"""Clientside callbacks of sliders, fields and tabs (assets/modules/controls.mjs)."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State

from app import ids
from app.state.edits import TYPED
from app.state.formula_edits import FORMULA_FIELDS
from app.state.sliders import SLIDERS
from app.tabs.registry import LAZY
from simulation.model.experiment import PARAMETERS

_FIELDS = (
    *SLIDERS, "rule", "landscape", "axes", "w0-x", "w0-y", *FORMULA_FIELDS,
    *(PARAMETERS[name].key for name in TYPED)
)  # fmt: skip


def register(app: Dash) -> None:
    """Register one clientside function for all fields; it reads the changed one from its context.

    Sliders bypass Dash: controls.mjs listens to the events of their thumbs.
    """
    for key in _FIELDS:
        _in_browser(
            app, "control_changed", Input(ids.field(key), "value"), prevent_initial_call=True
        )
    _in_browser(app, "tab_changed", Input(ids.TABS, "value"), prevent_initial_call=True)
    _in_browser(app, "title_changed", Input(ids.TITLE, "data"), prevent_initial_call=True)
    for tab in LAZY:
        kept = Output(ids.panel(tab), "keepMounted"), Input(ids.TABS, "value")
        _in_browser(app, "keep_mounted", *kept, State(ids.panel(tab), "value"))
    figures = (State(graph, "figure") for graph in ids.GRAPHS)
    _in_browser(app, "page_loaded", Input(ids.SHOWN, "data"), State(ids.QUERY, "data"), *figures)
    _in_browser(app, "figures_loaded", Input(ids.LOOKS, "data"))
    _in_browser(app, "cursor_data_loaded", Input(ids.MOMENTS, "data"))


def _in_browser(app: Dash, function: str, *wires: Any, **options: Any) -> None:
    told = ClientsideFunction("saddlescape", function)
    app.clientside_callback(told, *wires, **options)  # type: ignore[no-untyped-call]
