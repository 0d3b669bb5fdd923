"""The Properties tab: APAG, APCG, CNC and GrACE along the run (the paper's Figures 3 and 4)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import dash_mantine_components as dmc
from dash import html

from app import ids
from app.components import controls as rail
from app.components.plot_panel import blank, pieces, plot, table
from app.components.tab_guard import Props, fault_message, fault_outputs, guarded
from app.render.page import LONG_AXES, RenderedPage
from app.state.page_state import State
from app.storage import compute
from app.tabs.properties import figures
from app.tabs.properties.styles import PANEL_STYLES
from app.text.column_help import PROPERTIES
from app.text.numbers import exact, number, percent
from app.theme import Style, Theme, styles
from simulation.results.property_panels import HORIZON, TOLERANCE, Panel, Properties

KEY = "properties"
TITLE = "Properties"
ORDER = 30
LAZY = True
PLOTS: Mapping[str, str] = MappingProxyType({
    ids.GRADIENT: "Gradient norm", ids.APAG: "APAG", ids.APCG: "APCG", ids.CNC: "CNC",
    ids.GRACE: "GrACE",
})  # fmt: skip
OUTPUTS = (
    *((graph, "figure") for graph in ids.PROPERTY_GRAPHS),
    *((ids.summary(graph), "children") for graph in ids.PROPERTY_GRAPHS),
    (ids.PROPERTY_TABLE, "children"),
    *fault_outputs(KEY),
)

# The paper's figures: landscape → label of the button, ε and τ.
PAPER: Mapping[str, tuple[str, str, str]] = MappingProxyType({
    "toy": ("Toy (3)", "0.02", "300000"),
    "phase-retrieval": ("Phase retrieval (4)", "1", "500"),
})  # fmt: skip

SPELLED = {
    name: html.Abbr(face.short, title=f"{face.short}: {face.words}")
    for name, face in PANEL_STYLES.items()
}
HEAD = (
    "",
    [SPELLED["apag"], html.Br(), "below −½"],
    [SPELLED["apcg"], html.Br(), "below 0"],
    [SPELLED["apcg"], html.Br(), "c′"],
    [SPELLED["cnc"], html.Br(), "γ"],
    [SPELLED["grace"], html.Br(), "above 0"],
    [SPELLED["grace"], html.Br(), "c", html.Sub("h")],
)
NOTE = (
    "Shaded, %: the time in which it is required, on the first path",
    html.Span("; ×: the drawn steps at which it fails", className="crossed"),
    ". c′, γ, c", html.Sub("h"), ": the constants for which it holds at every step. APCG and GrACE "
    "allow any: below or above 0 they do not fail.",
)  # fmt: skip
NONE = "—"


def layout(drawing: RenderedPage) -> html.Div:
    """Return five plots and, in the sixth cell, the controls and the table."""
    state, theme = drawing.state, drawing.state.theme(drawing.theme)
    shown = props(state, drawing.theme) if state.view.tab == KEY else closed(theme)
    return html.Div(
        [
            fault_message(KEY, shown),
            plot(ids.GRADIENT, shown),
            _side(drawing, shown),
            *(plot(graph, shown) for graph in ids.PROPERTY_GRAPHS[1:]),
        ],
        className="tab-body properties",
    )


def props(state: State, theme_name: str) -> Props:
    """Return the tab's props for a state: component id → props."""
    theme = state.theme(theme_name)
    return guarded(KEY, lambda: _props(state, theme), lambda: closed(theme))


def _props(state: State, theme: Theme) -> Props:
    seen = compute.properties(state.experiment, state.epsilon, state.horizon)
    drawn = figures.figures(seen, state.selected, theme, LONG_AXES[state.axes])
    words = figures.summary_texts(seen, state.selected)
    counts = _counts(seen, styles(state.experiment.contenders, theme), state.selected)
    return pieces(drawn, words) | {ids.PROPERTY_TABLE: {"children": counts}}


def closed(theme: Theme) -> dict[str, dict[str, Any]]:
    """Return the tab's props while it is closed."""
    empty = {graph: blank(theme) for graph in ids.PROPERTY_GRAPHS}
    words = dict.fromkeys(ids.PROPERTY_GRAPHS, "")
    return pieces(empty, words) | {ids.PROPERTY_TABLE: {"children": []}}


def _side(drawing: RenderedPage, shown: dict[str, dict[str, Any]]) -> html.Section:
    now = rail.props(drawing.state, drawing.theme)
    papers = [
        dmc.Button(name, size="compact-xs", variant="light",
                   **rail.edit(landscape=landscape, eps=epsilon, tau=horizon))
        for landscape, (name, epsilon, horizon) in PAPER.items()
    ]  # fmt: skip
    named: dict[str, Any] = {"aria-label": "Where the properties are required, and beyond 0 or −½"}
    return html.Section(
        [
            html.Div([rail.slider_row(TOLERANCE.key, now), rail.slider_row(HORIZON.key, now)],
                     className="pair"),
            html.Div(id=ids.PROPERTY_TABLE, className="counts", **shown[ids.PROPERTY_TABLE]),
            html.Div([html.Span("The paper's Figures 3 and 4:"), *papers], className="papers"),
            _meanings(),
        ],
        className="tab-side", **named,
    )  # fmt: skip


def _meanings() -> html.Details:
    """Return what the numbers are, and of each property its name, meaning and where required."""
    rows = [
        part
        for face in PANEL_STYLES.values()
        for part in (
            html.Dt(f"{face.short}: {face.words}"),
            html.Dd(f"{face.meaning} Required {face.asked}."),
        )
    ]
    parts = [html.Summary("What they mean"), html.P(list(NOTE)), html.Dl(rows)]
    return html.Details(parts, className="fine meanings")


def _counts(seen: Properties, line_styles: tuple[Style, ...], chosen: int) -> list[Any]:
    rows = [_row(seen, i, style, i == chosen) for i, style in enumerate(line_styles)]
    caption = "How often each property is beyond its bound, and constants"
    return [table(list(HEAD), rows, caption, PROPERTIES)]


def _row(seen: Properties, i: int, style: Style, chosen: bool) -> list[Any]:
    apag, apcg, cnc, grace = (seen.panels[name] for name in ("apag", "apcg", "cnc", "grace"))
    attributes = {"aria-pressed": str(chosen).lower()} | rail.edit(select=i)
    name = html.Button(style.name, className="row-name chosen" if chosen else "row-name",
                       type="button", style={"--text": style.text}, **attributes)  # fmt: skip
    return [name, _share(apag, i), _share(apcg, i), _constant(apcg, i), _constant(cnc, i),
            _share(grace, i), _constant(grace, i)]  # fmt: skip


def _share(panel: Panel, i: int) -> Any:
    """Return the fraction of time beyond the bound and, if that is a failure, how often."""
    if not panel.looks[i]:
        return html.Span(NONE, title=panel.reasons[i])
    share = html.B(percent(float(panel.share[i])))
    if not PANEL_STYLES[panel.name].crosses:
        return share
    required = exact(panel.looks[i])
    of = f"At {exact(panel.failures[i])} of the {required} drawn steps at which it is required"
    return [share, " ", html.Span(f"{exact(panel.failures[i])}\u202f×", className="fine", title=of)]


def _constant(panel: Panel, i: int) -> Any:
    value = float(panel.constant[i])
    if math.isfinite(value):
        return number(value, 2, whole=4).replace(" × ", "×")
    return html.Span(NONE, title=panel.reasons[i])
