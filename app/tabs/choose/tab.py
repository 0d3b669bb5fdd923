"""The Choose β tab: escape time and price against β, guidance, noise budget and advice."""

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
from app.render.page import RenderedPage
from app.state.page_state import State
from app.storage import compute
from app.tabs.choose import figures
from app.tabs.choose.advice import BUDGET_GLOSS, GLOSSES, advice, own_paths, sooner_of, torch_line
from app.tabs.choose.text import PLAIN, slower_to_settle
from app.text.column_help import CHOOSE
from app.text.numbers import beta_text, ratio, rounded
from app.theme import Theme
from simulation.results.beta_choice import BUDGET, BetaChoice, Mark
from simulation.results.beta_measurement import RULE
from simulation.theory.escape_line import RETURN_REASON

KEY = "choose"
TITLE = "Choose β"
ORDER = 10
LAZY = True
PLOTS: Mapping[str, str] = MappingProxyType({
    ids.CHOOSE_TIME: "Escape time against β", ids.CHOOSE_PRICE: "Price against β",
})  # fmt: skip
_PARTS = (ids.CHOOSE_ADVICE, ids.CHOOSE_WHY, ids.CHOOSE_CODE, ids.CHOOSE_TABLE)
OUTPUTS = (
    *((graph, "figure") for graph in ids.CHOOSE_GRAPHS),
    *((ids.summary(graph), "children") for graph in ids.CHOOSE_GRAPHS),
    *((part, "children") for part in _PARTS),
    (ids.CHOOSE_BUDGET, "hidden"),
    (ids.CHOOSE_COPY, "hidden"),
    *fault_outputs(KEY),
)
NONE = "—"
SLOW, SLOWER = "▲", "; ▲ slower than SGD"
UNSETTLED = "At this step size it does not settle."
OTHER_RULE = "The chosen optimizer. Numbers are for momentum; other rules have none here."


def layout(drawing: RenderedPage) -> html.Div:
    """Return two plots on a shared axis of β, with the advice, budget and table beside them."""
    state, theme = drawing.state, drawing.state.theme(drawing.theme)
    shown = props(state, drawing.theme) if state.view.tab == KEY else closed(theme)
    now = rail.props(state, drawing.theme)
    copy: dict[str, Any] = {"data-copy-of": ids.CHOOSE_CODE}
    code = html.Div(
        [html.Code(id=ids.CHOOSE_CODE, **shown[ids.CHOOSE_CODE]),
         dmc.Button("Copy", size="compact-xs", variant="light", **copy)],
        id=ids.CHOOSE_COPY, className="line-to-copy", **shown[ids.CHOOSE_COPY],
    )  # fmt: skip
    budget = [rail.slider_row(BUDGET.key, now), html.P(BUDGET_GLOSS, className="fine")]
    named: dict[str, Any] = {"aria-label": "Which β to take"}
    side = html.Section(
        [
            html.P(id=ids.CHOOSE_ADVICE, className="take", **shown[ids.CHOOSE_ADVICE]),
            html.Div(budget, id=ids.CHOOSE_BUDGET, **shown[ids.CHOOSE_BUDGET]),
            html.P(id=ids.CHOOSE_WHY, className="why", **shown[ids.CHOOSE_WHY]),
            code,
            html.Div(id=ids.CHOOSE_TABLE, className="counts", **shown[ids.CHOOSE_TABLE]),
        ],
        className="tab-side", **named,
    )  # fmt: skip
    return html.Div(
        [
            fault_message(KEY, shown),
            html.Div([plot(graph, shown) for graph in ids.CHOOSE_GRAPHS], className="stack"),
            side,
        ],
        className="tab-body distribution choose",
    )


def props(state: State, theme_name: str) -> Props:
    """Return the tab's props for a state: component id → props."""
    theme = state.theme(theme_name)
    return guarded(KEY, lambda: _props(state, theme), lambda: closed(theme))


def _props(state: State, theme: Theme) -> Props:
    seen = compute.choices(state.experiment, state.budget)
    drawn = pieces(figures.figures(seen, theme), figures.summary_texts(seen))
    take, supposed, why = advice(seen)
    said = [f"{take}, ", html.Span(supposed, className="supposed")] if supposed else [take]
    return drawn | {
        ids.CHOOSE_ADVICE: {"children": said},
        ids.CHOOSE_BUDGET: {"hidden": bool(seen.no_price)},  # no budget without a price
        ids.CHOOSE_WHY: {"children": why},
        ids.CHOOSE_CODE: {"children": torch_line(seen)},
        ids.CHOOSE_COPY: {"hidden": seen.advised < 0},  # nothing to copy without advice
        ids.CHOOSE_TABLE: {"children": _numbers(seen, state.selected)},
    }


def closed(theme: Theme) -> dict[str, dict[str, Any]]:
    """Return the tab's props while it is closed."""
    empty = {graph: blank(theme) for graph in ids.CHOOSE_GRAPHS}
    words = dict.fromkeys(ids.CHOOSE_GRAPHS, "")
    parts: dict[str, dict[str, Any]] = {part: {"children": []} for part in _PARTS}
    shown = {part: {"hidden": False} for part in (ids.CHOOSE_BUDGET, ids.CHOOSE_COPY)}
    return pieces(empty, words) | parts | shown


def _numbers(seen: BetaChoice, chosen: int) -> list[Any]:
    if not seen.marks:
        return [html.P("Click on a plot to give the chosen optimizer that β.", className="fine")]
    gain = "faster" if seen.by_law else "rate gain"
    head: list[Any] = ["", "β", [gain, html.Br(), "(law)"], "variance",
                       ["steps to", html.Br(), "settle"], ""]  # fmt: skip
    now = seen.racing[chosen]
    same = [mark for mark in seen.marks if _is_now(seen, chosen, mark)]
    marks = seen.marks if same else (*seen.marks, now)
    rows = [_row(seen, mark, mark in (same or (now,)))
            for mark in sorted(marks, key=lambda mark: mark.momentum)]  # fmt: skip
    slow = any(math.isfinite(slower_to_settle(seen, mark)) for mark in marks)
    note = (
        f"{sooner_of(seen)} Variance: stationary, over SGD’s. Steps to settle: until a "
        f"displacement along the steepest direction has decayed to 1/e{SLOWER * slow}. "
        f"{own_paths(seen)} A click on a plot selects its β."
    )
    return [table(head, rows, "Named values of β, and the chosen one", CHOOSE),
            html.P(note, className="fine")]  # fmt: skip


def _is_now(seen: BetaChoice, chosen: int, mark: Mark) -> bool:
    """Return whether the chosen contender is heavy ball with the mark's β as displayed."""
    plain = seen.experiment.contenders[chosen].rule == RULE
    return plain and beta_text(mark.momentum) == beta_text(seen.racing[chosen].momentum)


def _row(seen: BetaChoice, mark: Mark, now: bool) -> list[Any]:
    value = beta_text(mark.momentum)
    short, whole = PLAIN.get(mark.name, "your choice now"), GLOSSES.get(mark.name, OTHER_RULE)
    advised = seen.advised >= 0 and mark == seen.marks[seen.advised]
    looks = "row-name" + " advised" * advised + " now" * now
    name = html.Span([html.Span(mark.name, className=looks), html.Span(short, className="fine")],
                     className="with-gloss", title=whole)  # fmt: skip
    does: dict[str, Any] = {"aria-label": f"Use β = {value}"} | rail.edit(beta=value)
    use = html.Button("Use", type="button", className="chip-tool", title=f"Use β = {value}", **does)
    unknown = all(map(math.isnan, (mark.speed_up, mark.price, mark.settling)))
    theory = OTHER_RULE if unknown else seen.reason or f"{RETURN_REASON}."
    settled = OTHER_RULE if unknown else seen.no_price or UNSETTLED
    return [name, html.B(value), _times(mark.speed_up, theory), _times(mark.price, settled),
            _settling(seen, mark) if math.isfinite(mark.settling) else _none(settled),
            html.Span("now", className="row-name") if now else use]  # fmt: skip


def _settling(seen: BetaChoice, mark: Mark) -> Any:
    steps = rounded(mark.settling)
    if not math.isfinite(slower_to_settle(seen, mark)):
        return steps
    return html.Span([SLOW, "\u202f", steps], className="slow", title="It settles slower than SGD.")


def _times(value: float, why_not: str) -> Any:
    return f"{ratio(value)}×" if math.isfinite(value) else _none(why_not)


def _none(why: str) -> html.Span:
    return html.Span(NONE, title=why)
