"""The Distribution tab: escape times over many paths as histogram and CDF, with the exact law."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import dash_mantine_components as dmc
import numpy as np
from dash import html

from app import ids
from app.components import controls as rail
from app.components.plot_panel import blank, pieces, plot, table
from app.components.tab_guard import Props, fault_message, fault_outputs, guarded
from app.render.page import LONG_AXES, RenderedPage
from app.state.page_state import State
from app.storage import compute
from app.tabs.distribution import figures
from app.text.column_help import DISTRIBUTION
from app.text.minima import minimum_inside
from app.text.numbers import count, exact, number
from app.theme import Style, Theme, styles
from simulation.diagnostics.escape import EscapeStatistics
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.results.escape_distribution import Distribution, affordable_paths
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest

KEY = "distribution"
TITLE = "Distribution"
ORDER = 40
LAZY = True
PLOTS: Mapping[str, str] = MappingProxyType({
    ids.HISTOGRAM: "Histogram of escape times", ids.CDF: "Share that has escaped",
})  # fmt: skip
OUTPUTS = (
    *((graph, "figure") for graph in ids.DISTRIBUTION_GRAPHS),
    *((ids.summary(graph), "children") for graph in ids.DISTRIBUTION_GRAPHS),
    (ids.DISTRIBUTION_TABLE, "children"),
    (ids.DISTRIBUTION_PATHS, "children"),
    *fault_outputs(KEY),
)
ENSEMBLES = (64, 256, 1024, 4096)
NONE = "—"
ALONE = "One path cannot be compared with a law: choose more paths above."
LAW: list[Any] = [
    "Dotted: the exact law, below as the chance that a path is outside the escape radius at step ",
    html.I("t"), ", above as the histogram of the same law. Dashed: the law of the growing mode "
    "alone. Largest gap: the largest difference between the measured share and the exact law, "
    "0 to 1.",
]  # fmt: skip
QUICKER = 10  # factor on the step size, and divisor of the number of steps
SMALL = 0.05  # η |λ| up to which the larger step barely changes the race


def layout(drawing: RenderedPage) -> html.Div:
    """Return two plots, one above the other, and beside them the table."""
    state, theme = drawing.state, drawing.state.theme(drawing.theme)
    shown = props(state, drawing.theme) if state.view.tab == KEY else closed(theme)
    side = [
        html.Div(id=ids.DISTRIBUTION_PATHS, className="papers", **shown[ids.DISTRIBUTION_PATHS]),
        html.Div(id=ids.DISTRIBUTION_TABLE, className="counts", **shown[ids.DISTRIBUTION_TABLE]),
    ]
    named: dict[str, Any] = {"aria-label": "Escape times and their law"}
    return html.Div(
        [
            fault_message(KEY, shown),
            html.Div([plot(graph, shown) for graph in ids.DISTRIBUTION_GRAPHS], className="stack"),
            html.Section(side, className="tab-side", **named),
        ],
        className="tab-body distribution",
    )  # fmt: skip


def props(state: State, theme_name: str) -> Props:
    """Return the tab's props for a state: component id → props."""
    theme = state.theme(theme_name)
    return guarded(KEY, lambda: _props(state, theme), lambda: closed(theme))


def _props(state: State, theme: Theme) -> Props:
    seen = compute.escape_times(state.ensemble)
    drawn = figures.figures(seen, theme, LONG_AXES[state.axes])
    counts = _counts(seen, styles(state.experiment.contenders, theme))
    counts += own_paths(state)
    return pieces(drawn, figures.summary_texts(seen)) | {
        ids.DISTRIBUTION_TABLE: {"children": counts},
        ids.DISTRIBUTION_PATHS: {"children": ensembles(state.ensemble, state.experiment.paths)},
    }


def closed(theme: Theme) -> dict[str, dict[str, Any]]:
    """Return the tab's props while it is closed."""
    empty = {graph: blank(theme) for graph in ids.DISTRIBUTION_GRAPHS}
    words = dict.fromkeys(ids.DISTRIBUTION_GRAPHS, "")
    return pieces(empty, words) | {
        ids.DISTRIBUTION_TABLE: {"children": []},
        ids.DISTRIBUTION_PATHS: {"children": []},
    }


def own_paths(state: State) -> list[Any]:
    """Return a note where the tab runs more paths than the rest of the page."""
    own, shared = state.ensemble.paths, state.experiment.paths
    if own == shared:
        return []
    said = f"The {exact(own)} paths are of this tab's own; the rest of the page has N = "
    return [html.P(f"{said}{exact(shared)}.", className="fine")]


def ensembles(experiment: Experiment, shared: int) -> list[Any]:
    """Return buttons for the number of paths, up to the maximum of the work budget.

    shared: N of the rest of the page, offered too.
    """
    most = affordable_paths(experiment)
    sizes = [n for n in ENSEMBLES if n <= most]
    sizes += [most] if most > 1 and most < ENSEMBLES[-1] and most not in sizes else []
    sizes = sorted({*sizes, min(experiment.paths, most), min(shared, most)})
    buttons = [
        dmc.Button(exact(n), size="compact-xs", **_pressed(n == experiment.paths),
                   **rail.edit(N=str(n)))
        for n in sizes
    ]  # fmt: skip
    more = [] if most >= ENSEMBLES[-1] else [*quicker(experiment, most), *simpler(experiment, most)]
    return [html.Span("Paths:"), *buttons, *more]


def simpler(experiment: Experiment, most: int) -> list[Any]:
    """Return a button for more paths on the quadratic saddle, with the same contenders."""
    quadratic = Experiment(landscape="quadratic", contenders=experiment.contenders)
    sizes = [n for n in ENSEMBLES if most < n <= affordable_paths(quadratic)]
    if not sizes:
        return []
    edits = {"landscape": quadratic.landscape, "N": str(sizes[-1])}
    name = f"{exact(sizes[-1])} on the quadratic saddle"
    return [dmc.Button(name, size="compact-xs", variant="subtle", **rail.edit(**edits))]


def quicker(experiment: Experiment, most: int) -> list[Any]:
    """Return a button for more paths in fewer, larger steps, if the run affords few paths."""
    size, steps = float(f"{QUICKER * experiment.step_size:.6g}"), experiment.steps // QUICKER
    try:
        fast = experiment.replace(step_size=size, steps=steps)
    except ParameterError:  # outside the allowed range
        return []
    steepest = float(np.abs(landscape_of(fast).linearisation(fast).eigenvalues).max())
    sizes = [n for n in ENSEMBLES if most < n <= affordable_paths(fast)]
    if not sizes or fast.step_size * steepest > SMALL:
        return []
    n = sizes[-1]
    why = f"Step size {number(fast.step_size)}, T = {exact(fast.steps)}: about the same race"
    edits = {"eta": str(fast.step_size), "T": str(fast.steps), "N": str(n)}
    name = f"{exact(n)} at {QUICKER} η, T/{QUICKER}"
    said: Any = {"root": {"title": why}}
    return [dmc.Button(name, size="compact-xs", variant="subtle", attributes=said,
                       **rail.edit(**edits))]  # fmt: skip


def _pressed(chosen: bool) -> dict[str, Any]:
    return {"variant": "outline" if chosen else "light", "aria-pressed": str(chosen).lower()}


def _counts(seen: Distribution, line_styles: tuple[Style, ...]) -> list[Any]:
    head: list[Any] = [
        "",
        ["escaped", html.Br(), f"of {exact(seen.experiment.paths)}"],
        ["median", html.Br(), "10–90 %"]
        if seen.experiment.paths > 1
        else ["escape", html.Br(), "time"],
        ["exact", html.Br(), "law"],
        ["largest", html.Br(), "gap"],
    ]
    rows = [_row(seen, i, style) for i, style in enumerate(line_styles)]
    notes = [html.P(note, className="fine") for note in remarks(seen)]
    key = [html.P(LAW, className="fine")] if not all(seen.reasons) else []
    return [table(head, rows, "Escape times", DISTRIBUTION), *key, *notes]


def _row(seen: Distribution, i: int, style: Style) -> list[Any]:
    escape, law, gap = seen.escape[i], float(seen.exact_median[i]), float(seen.exact_gap[i])
    name = html.Span(style.name, className="row-name", style={"--text": style.text})
    missing = html.Span(NONE, title=seen.reasons[i])
    return [
        name,
        exact(escape.escaped),
        [html.B(_steps(escape.median)), " ", html.Span(quantile_range(escape), className="fine")]
        if escape.total > 1
        else html.B(_steps(escape.median)),
        count(law) if math.isfinite(law) else missing,
        gap_of(seen, gap) if math.isfinite(gap) else missing,
    ]


def gap_of(seen: Distribution, gap: float) -> Any:
    """Return the gap, or a dash for a single path."""
    return f"{gap:.3f}" if seen.experiment.paths > 1 else html.Span(NONE, title=ALONE)


def _steps(value: float) -> str:
    return exact(value) if math.isfinite(value) else NONE


def quantile_range(escape: EscapeStatistics) -> str:
    """Return the 10 and 90 % quantiles; the latter may lie beyond the run."""
    if math.isfinite(escape.low) and not math.isfinite(escape.high):
        return f"{_steps(escape.low)} and more"
    return f"{_steps(escape.low)}–{_steps(escape.high)}" if math.isfinite(escape.low) else NONE


def remarks(seen: Distribution) -> list[str]:
    """Return remarks on the numbers, of one or two sentences each."""
    experiment = seen.experiment
    if is_at_rest(experiment):
        return [AT_REST_REASON]
    said = []
    waiting = sum(e.total - e.escaped for e in seen.escape)
    if waiting:
        gone = sum(e.diverged for e in seen.escape)
        diverged = f", {exact(gone)} of them because they diverge" if gone else ""
        said.append(
            f"{exact(waiting)} of {exact(sum(e.total for e in seen.escape))} paths have not "
            f"escaped by T = {exact(experiment.steps)}{diverged}: they count as later than T."
        )
        said += filter(None, [minimum_inside(experiment)])
    if any(math.isfinite(gap) for gap in seen.exact_gap):
        said.append(
            f"Of samples of {exact(experiment.paths)} draws from the law, 5 % have a gap above "
            f"{seen.sampling:.3f}."
            if experiment.paths > 1
            else ALONE
        )
    return said + [r for r in dict.fromkeys(seen.reasons) if r]
