"""Choose β: escape time and its price against β, the guidance, a budget, one sentence of advice."""

from __future__ import annotations

import math
from typing import Any

import dash_mantine_components as dmc
from dash import html

from app import controls as rail
from app import engine, ids
from app.advice import advice, torch_line
from app.drawing import Drawing
from app.figures import choose as figures
from app.figures.text import count, ratio
from app.pages.plots import blank, pieces, plot, table
from app.state import State
from app.theme import THEMES, Theme
from simulation.choose import BUDGET, Choice, Mark

KEY = "choose"
TITLE = "Choose β"
ORDER = 10
_PARTS = (ids.CHOOSE_ADVICE, ids.CHOOSE_CODE, ids.CHOOSE_TABLE)
OUTPUTS = (
    *((graph, "figure") for graph in ids.CHOOSE_GRAPHS),
    *((ids.summary(graph), "children") for graph in ids.CHOOSE_GRAPHS),
    *((part, "children") for part in _PARTS),
)
NONE = "—"


def layout(drawing: Drawing) -> html.Div:
    """Two plots over one axis of β, and beside them the advice, the budget and the numbers."""
    state, theme = drawing.state, THEMES[drawing.look]
    shown = props(state, drawing.look) if state.view.tab == KEY else closed(theme)
    now = rail.props(state, drawing.look)
    copy: dict[str, Any] = {"data-copy-of": ids.CHOOSE_CODE}
    code = html.Div(
        [html.Code(id=ids.CHOOSE_CODE, **shown[ids.CHOOSE_CODE]),
         dmc.Button("Copy", size="compact-xs", variant="light", **copy)],
        className="line-to-copy",
    )  # fmt: skip
    named: dict[str, Any] = {"aria-label": "Which β to take"}
    side = html.Section(
        [
            html.Div(id=ids.CHOOSE_ADVICE, className="advice", **shown[ids.CHOOSE_ADVICE]),
            rail.slider_row(BUDGET.key, now),
            code,
            html.Div(id=ids.CHOOSE_TABLE, className="counts", **shown[ids.CHOOSE_TABLE]),
        ],
        className="distribution-side", **named,
    )  # fmt: skip
    return html.Div(
        [html.Div([plot(graph, shown) for graph in ids.CHOOSE_GRAPHS], className="stack"), side],
        className="distribution choose",
    )


def props(state: State, look: str) -> dict[str, dict[str, Any]]:
    """What the tab shows for a state: component id → props."""
    theme = THEMES[look]
    seen = engine.choices(state.experiment, state.budget)
    drawn = pieces(figures.figures(seen, theme), figures.summary_texts(seen))
    take, why = advice(seen)
    said = [html.P(take, className="take"), html.P(why, className="why")]
    return drawn | {
        ids.CHOOSE_ADVICE: {"children": said},
        ids.CHOOSE_CODE: {"children": torch_line(seen)},
        ids.CHOOSE_TABLE: {"children": _numbers(seen)},
    }


def closed(theme: Theme) -> dict[str, dict[str, Any]]:
    """The same while the tab has not been opened."""
    empty = {graph: blank(theme) for graph in ids.CHOOSE_GRAPHS}
    words = dict.fromkeys(ids.CHOOSE_GRAPHS, "")
    return pieces(empty, words) | {part: {"children": []} for part in _PARTS}


def _numbers(seen: Choice) -> list[Any]:
    if not seen.marks:
        return [html.P("Press on a plot to give the chosen contender that β.", className="fine")]
    head: list[Any] = ["", "β", "sooner", "variance", ["settles", html.Br(), "in steps"], ""]
    rows = [_row(mark, i == seen.advised) for i, mark in enumerate(seen.marks)]
    note = (
        "Sooner, and variance after settling, are against SGD at the same step size. "
        if seen.experiment.hold == "step"
        else "Sooner is against SGD with the same thing held, variance against SGD’s. "
    )
    press = "Use gives the chosen contender that β; so does a press or a drag on the plots."
    return [table(head, rows, "Values of β that mark something"),
            html.P(note + press, className="fine")]  # fmt: skip


def _row(mark: Mark, advised: bool) -> list[Any]:
    value = figures.beta(mark.momentum)
    name = html.Span(mark.name, className="row-name advised" if advised else "row-name")
    does: dict[str, Any] = {"aria-label": f"Use β = {value}"} | rail.edit(beta=value)
    use = html.Button("Use", type="button", className="chip-tool", title=f"Use β = {value}", **does)
    settles = count(mark.settling) if math.isfinite(mark.settling) else NONE
    price = f"{ratio(mark.price)}×" if math.isfinite(mark.price) else NONE
    return [name, html.B(value), f"{ratio(mark.speed_up)}×", price, settles, use]
