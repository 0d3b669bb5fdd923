"""Callbacks of the Sweep tab: start, cancel and progress of a sweep; opening a cell."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from app import ids
from app.components.tab_guard import fault_outputs
from app.state.page_state import State as PageState
from app.state.page_state import read, resolve_theme
from app.state.sweep_edits import SWEEP_EDITS
from app.sweep_jobs.jobs import sweeps
from app.tabs.registry import TAB_MODULES
from app.tabs.sweep import tab as sweep_tab
from simulation.model.parameters import ParameterError

STANDING = (
    (ids.SWEEP_COST, "children"), (ids.SWEEP_START, "disabled"), (ids.SWEEP_START, "children"),
    (ids.SWEEP_CANCEL, "disabled"), (ids.SWEEP_BAR, "value"), (ids.SWEEP_STATUS, "children"),
    (ids.SWEEP_CLOCK, "disabled"), (ids.SWEEP_SEEN, "data"),
)  # fmt: skip
DRAWN = (
    *((graph, "figure") for graph in ids.SWEEP_GRAPHS),
    *((ids.summary(graph), "children") for graph in ids.SWEEP_GRAPHS),
    (ids.SWEEP_WORDS, "children"), (ids.SWEEP_TAKE, "children"),
    *fault_outputs(sweep_tab.KEY),
)  # fmt: skip


def register(app: Dash) -> None:
    """Add the tab's callbacks to `app`."""
    app.callback(
        [Output(component, prop) for component, prop in (*STANDING, *DRAWN)],
        Input(ids.SWEEP_CLOCK, "n_intervals"),
        Input(ids.SWEEP_START, "n_clicks"),
        Input(ids.SWEEP_CANCEL, "n_clicks"),
        Input(ids.due(sweep_tab.KEY), "data"),
        State(ids.QUERY, "data"),
        State(ids.LOOK, "data"),
        State(ids.SWEEP_SEEN, "data"),
        prevent_initial_call=True,
    )(watch)
    moved = ClientsideFunction("saddlescape", "control_changed")
    for key in SWEEP_EDITS.keys() - {"open"}:
        app.clientside_callback(  # type: ignore[no-untyped-call]
            moved, Input(ids.field(key), "value"), prevent_initial_call=True
        )


def watch(
    tick: int | None,
    start: int | None,
    cancel: int | None,
    due: str | None,
    query: str,
    theme: str,
    seen: str,
) -> list[Any]:
    """Start or cancel the sweep if a button was clicked; return its progress.

    Raises PreventUpdate while the tab is closed.
    """
    state = opened_tab(query)
    act(state, set(ctx.triggered_prop_ids.values()))
    return shown(state, resolve_theme(f"{query}&look={theme}"), seen)


def opened_tab(query: str) -> PageState:
    """Return the page state; raises PreventUpdate while the tab is closed."""
    state, _ = read(query, tuple(TAB_MODULES))
    if state.view.tab != sweep_tab.KEY:
        raise PreventUpdate
    return state


def act(state: PageState, triggers: Set[str]) -> None:
    """Start or cancel the sweep; ignore an invalid one, whose cost line shows the reason.

    triggers: all of them, as Dash merges a click with a simultaneous tick of the interval.
    """
    try:
        if ids.SWEEP_START in triggers:
            sweeps().start(state.sweep)
        if ids.SWEEP_CANCEL in triggers:
            sweeps().cancel(state.sweep)
    except ParameterError:
        return


def shown(state: PageState, theme: str, seen: str) -> list[Any]:
    """Return the outputs; the maps get `no_update` if they are already up to date."""
    now = sweep_tab.progress(state, theme, seen)
    return [now.get(component, {}).get(prop, no_update) for component, prop in (*STANDING, *DRAWN)]
