"""Callbacks that fill the open tab when a slider is released."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from app import ids
from app.state.page_state import read, resolve_theme
from app.state.work_budget import clamp_to_budget
from app.tabs.registry import TAB_MODULES


def register(app: Dash) -> None:
    """Register one callback for each tab with OUTPUTS of its own."""
    for page in TAB_MODULES.values():
        if not hasattr(page, "OUTPUTS"):
            continue
        app.callback(
            [Output(component, prop) for component, prop in page.OUTPUTS],
            Input(ids.due(page.KEY), "data"),
            State(ids.LOOK, "data"),
            prevent_initial_call=True,
        )(filler(page))


def filler(page: ModuleType) -> Callable[[str, str], list[Any]]:
    """Return a callback from query and theme to the values of the tab's OUTPUTS.

    The callback raises PreventUpdate while the tab is closed.
    """

    def fill(query: str, theme: str) -> list[Any]:
        state, _ = clamp_to_budget(read(query, tuple(TAB_MODULES))[0])
        if state.view.tab != page.KEY:
            raise PreventUpdate
        shown = page.props(state, resolve_theme(f"{query}&look={theme}"))
        return [shown[component][prop] for component, prop in page.OUTPUTS]

    return fill
