"""The Sweep tab: median escape times over two varied parameters, beside the exact law's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from app import ids
from app.components.plot_panel import CONFIG, blank, pieces, plot
from app.components.tab_guard import Props, fault_message, guarded
from app.components.text_field import text_field, text_props
from app.render.page import RenderedPage
from app.state.edits import TEXT_FIELDS
from app.state.page_state import State
from app.state.sweep_edits import AXIS_NAMES
from app.state.view import SWEEP_TAB
from app.sweep_jobs.jobs import Status, law_of, name_of, sweeps
from app.tabs.sweep import figures
from app.tabs.sweep.text import cost_of, hints, status_words, words
from app.text.numbers import typed_text
from app.theme import Theme
from simulation.export import MAP_FORMATS
from simulation.model.parameters import ParameterError
from simulation.sweeps.chart import SweepChart, sweep_chart
from simulation.sweeps.grid import AXIS_KEYS, CELL_PATHS, SCALES, Sweep, format_sweep
from simulation.sweeps.preview import preview, previewed
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.variables import variables

KEY = SWEEP_TAB
TITLE = "Sweep"
ORDER = 50
LAZY = True
PLOTS: Mapping[str, str] = MappingProxyType({
    ids.SWEEP_MAP: "Measured map", ids.SWEEP_LAW: "Map of the exact law",
    ids.SWEEP_DIFFERENCE: "Measured against the law",
})  # fmt: skip
TICK = 700  # ms between two polls of a running sweep

KEYBOARD = (
    "The maps. Arrow keys move from cell to cell, Home and End to the ends of the row, Enter opens "
    "the cell in Explore."
)
TOOLBAR: Any = {**CONFIG, "modeBarButtons": [["resetScale2d"]]}  # more would cover the titles
TO_OPEN = "Click a cell, or move to it with the arrow keys and press Enter, to open it in Explore."


def layout(drawing: RenderedPage) -> html.Div:
    """Return the two axes, cost and progress, and three maps."""
    state, theme = drawing.state, drawing.state.theme(drawing.theme)
    shown = progress(state, drawing.theme) if state.view.tab == KEY else closed(theme)
    now = props(state, drawing.theme)
    named: dict[str, Any] = {"aria-label": "Parameters of the sweep"}
    maps: dict[str, Any] = {"aria-label": KEYBOARD, "aria-describedby": ids.SWEEP_CELL}
    aloud: dict[str, Any] = {"aria-live": "polite", "data-hint": TO_OPEN}
    axes = [_axis_row(key, now) for key in AXIS_KEYS]
    return html.Div(
        [
            fault_message(KEY, shown),
            html.Section(
                [html.Div(axes, className="sweep-axes"), _run_row(now, shown)],
                className="sweep-controls", **named,
            ),
            html.Div(
                [plot(graph, shown, TOOLBAR) for graph in ids.SWEEP_GRAPHS],
                id=ids.SWEEP_KEYS, className="sweep-maps", tabIndex=0, role="application", **maps,
            ),
            html.Div(
                [html.P(id=ids.SWEEP_CELL, className="sweep-cell", **aloud),
                 html.P(id=ids.SWEEP_WORDS, **shown[ids.SWEEP_WORDS]),
                 html.Div(id=ids.SWEEP_TAKE, className="papers", **shown[ids.SWEEP_TAKE])],
                className="sweep-foot",
            ),
            dcc.Interval(id=ids.SWEEP_CLOCK, interval=TICK, **shown[ids.SWEEP_CLOCK]),
            dcc.Store(id=ids.SWEEP_SEEN, **shown[ids.SWEEP_SEEN]),
        ],
        className="tab-body sweep",
    )  # fmt: skip


def props(state: State, theme_name: str) -> Props:
    """Return the props of the fields for a state: component id → props."""
    out: Props = {}
    able = [{"value": k, "label": s.title} for k, s in variables(state.experiment).items()]
    for key in AXIS_KEYS:
        axis = state.axis(key)
        out |= {
            ids.field(f"{key}-key"): {"value": axis.key, "data": able},
            ids.field(f"{key}-low"): text_props(typed_text(axis.low)),
            ids.field(f"{key}-high"): text_props(typed_text(axis.high)),
            ids.field(f"{key}-cells"): text_props(str(axis.cells)),
            ids.field(f"{key}-scale"): {"value": axis.scale},
        }
    return out | {ids.field(CELL_PATHS.key): text_props(f"{state.cell_paths:,}")}


def progress(state: State, theme_name: str, seen: str = "") -> Props:
    """Return the sweep's props; without the maps if `seen` shows that they are up to date."""
    theme = state.theme(theme_name)
    return guarded(KEY, lambda: _progress(state, theme, seen), lambda: closed(theme))


def _progress(state: State, theme: Theme, seen: str) -> Props:
    try:
        sweep = state.sweep
    except ParameterError as error:
        return refused(theme, str(error))
    status = sweeps().status(sweep)
    stands = standing(sweep, status, theme)
    if stands[ids.SWEEP_SEEN]["data"] == seen:
        return stands
    chart = chart_of(sweep, sweeps().measured(sweep).tobytes())
    coarse = None if status.done or cost_of(sweep)[0] else preview(sweep)
    chart = previewed(chart, coarse) if coarse else chart
    told = figures.figures(chart, theme, hints(chart, status, coarse))
    drawn = pieces(told, figures.summary_texts(chart))
    return drawn | stands | {
        ids.SWEEP_WORDS: {"children": words(chart, coarse)},
        ids.SWEEP_TAKE: {"children": take_away(sweep, status)},
    }  # fmt: skip


def standing(sweep: Sweep, status: Status, theme: Theme) -> Props:
    """Return the props of the progress bar, the buttons and the status text."""
    busy = status.state in ("waiting", "running")
    refusal, cost = cost_of(sweep)
    ready = not busy and status.state != "done" and not refusal
    share = 100 * status.done / status.cells
    return {
        ids.SWEEP_COST: {"children": refusal or cost},
        ids.SWEEP_START: {"disabled": not ready,
                          "children": "Resume" if status.done and ready else "Start"},
        ids.SWEEP_CANCEL: {"disabled": not busy},
        ids.SWEEP_BAR: {"value": share},
        ids.SWEEP_STATUS: {"children": status_words(status)},
        ids.SWEEP_CLOCK: {"disabled": not busy},
        ids.SWEEP_SEEN: {"data": seen_of(sweep, status, theme)},
    }  # fmt: skip


def seen_of(sweep: Sweep, status: Status, theme: Theme) -> str:
    """Return a key of the maps' content: equal keys, equal maps."""
    return f"{name_of(sweep)} {status.done or status.state} {theme.name}"


@lru_cache(maxsize=8)
def chart_of(sweep: Sweep, cells: bytes) -> SweepChart:
    """Return the chart of a result map given as bytes."""
    return sweep_chart(ResultMap.of(sweep, cells), law_of(sweep))


def take_away(sweep: Sweep, status: Status) -> list[Any]:
    """Return links to the map as files, and the command that computes it."""
    if not status.done:
        return []
    query = format_sweep(sweep)
    links = [html.A(name.upper(), href=f"sweep/map.{name}?{query}", download=f"map.{name}")
             for name in MAP_FORMATS]  # fmt: skip
    return [html.Span("The map:"), *links, html.Code(f"saddlescape sweep '{query}'")]


def closed(theme: Theme) -> Props:
    """Return the tab's props while it is closed."""
    return refused(theme, "")


def refused(theme: Theme, why: str) -> Props:
    """Return the tab's props if there is no valid sweep; `why` is shown as the reason."""
    empty = {graph: blank(theme) for graph in ids.SWEEP_GRAPHS}
    drawn = pieces(empty, dict.fromkeys(ids.SWEEP_GRAPHS, ""))
    return drawn | {
        ids.SWEEP_COST: {"children": why},
        ids.SWEEP_START: {"disabled": True, "children": "Start"},
        ids.SWEEP_CANCEL: {"disabled": True},
        ids.SWEEP_BAR: {"value": 0},
        ids.SWEEP_STATUS: {"children": ""},
        ids.SWEEP_CLOCK: {"disabled": True},
        ids.SWEEP_SEEN: {"data": why},
        ids.SWEEP_WORDS: {"children": ""},
        ids.SWEEP_TAKE: {"children": []},
    }


def _axis_row(key: str, now: Props) -> html.Div:
    name = AXIS_NAMES[key]
    scales = [{"value": scale, "label": scale.replace("-", " ")} for scale in SCALES]
    return html.Div(
        [
            html.Span(name, className="name"),
            _select(f"{key}-key", f"{name}: parameter", now),
            _text(f"{key}-low", now),
            html.Span("to", className="name"),
            _text(f"{key}-high", now),
            _text(f"{key}-cells", now),
            html.Span("cells", className="name"),
            _select(f"{key}-scale", f"{name}: scale", now, data=scales),
        ],
        className="sweep-axis",
    )


def _run_row(now: Props, shown: Props) -> html.Div:
    start = dmc.Button(
        id=ids.SWEEP_START, size="compact-sm", className="sweep-start", **shown[ids.SWEEP_START]
    )
    cancel = dmc.Button("Cancel", id=ids.SWEEP_CANCEL, size="compact-sm", variant="light",
                        **shown[ids.SWEEP_CANCEL])  # fmt: skip
    bar = dmc.Progress(id=ids.SWEEP_BAR, className="sweep-bar", **{"aria-label": "Progress"},
                       **shown[ids.SWEEP_BAR])  # fmt: skip
    spoken_aloud: dict[str, Any] = {"aria-live": "polite"}
    return html.Div(
        [
            html.Span(CELL_PATHS.label, className="name", title=CELL_PATHS.help),
            _text(CELL_PATHS.key, now),
            start,
            cancel,
            html.Div(
                [bar,
                 html.Div([html.Span(id=ids.SWEEP_COST, **shown[ids.SWEEP_COST]),
                           html.Span(id=ids.SWEEP_STATUS, **shown[ids.SWEEP_STATUS])],
                          className="sweep-said", **spoken_aloud)],
                className="sweep-progress",
            ),
        ],
        className="sweep-run",
    )  # fmt: skip


def _text(key: str, now: Props) -> dmc.TextInput:
    return text_field(key, TEXT_FIELDS[key], now)


def _select(key: str, name: str, now: Props, **more: Any) -> dmc.Select:
    return dmc.Select(id=ids.field(key), size="xs", allowDeselect=False,
                      withCheckIcon=False, className="picker", **{"aria-label": name},
                      comboboxProps={"shadow": "md"}, **more, **now[ids.field(key)])  # fmt: skip
