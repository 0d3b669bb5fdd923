"""Rendering of the page: the four figures of a state and their texts.

The first page, the full figures on release, and the deltas during a drag share this path.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zlib import crc32

from app import ids
from app.components.headline import headline_props, standings_props
from app.figures.axes import Axes
from app.figures.explore import draw as figures_of
from app.figures.explore import summary_texts
from app.render.cursor_data import cursor_data
from app.render.delta import delta
from app.state.page_state import State
from app.storage import compute
from app.text.outcome import outcome
from app.text.standings import standings
from app.theme import Theme, styles
from simulation.model.experiment import Experiment
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain
from simulation.runs import budget

# Time axes of Explore, and those of the tabs whose time spans decades, which are always
# logarithmic.
TIME_AXES = {"auto": Axes("auto"), "linear": Axes(), "log": Axes("log"),
             "scaled": Axes(scaled=True)}  # fmt: skip
LONG_AXES = {name: replace(axes, x="log") for name, axes in TIME_AXES.items()}
DRAG_WORK = 24_000_000  # scalar updates per response during a drag: a few screen refreshes


@dataclass(frozen=True, slots=True)
class RenderedRun:
    """A rendered run. figures: graph id → plain dict; fingerprints: as in RenderedPage.

    delta: as `delta.delta` returns it.
    """

    summary: Summary
    surface: Terrain
    figures: Mapping[str, dict[str, Any]]
    fingerprints: Mapping[str, str]
    props: Mapping[str, dict[str, Any]]
    delta: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A rendered page. figures: graph id → plain dict; props: component id → props of its texts.

    theme: a key of THEMES. fingerprints: graph id → hash of everything that a delta omits, so that
    equal fingerprints mean equal styles. cursor_data: see `cursor_data`. delta: as in
    RenderedRun.
    """

    state: State
    theme: str
    figures: Mapping[str, dict[str, Any]]
    fingerprints: Mapping[str, str]
    props: Mapping[str, dict[str, Any]]
    cursor_data: Mapping[str, Any]
    delta: Mapping[str, Any]


def _fingerprint(figure: Mapping[str, Any]) -> int:
    moving = ("x", "y", "text", "name")
    still = [
        trace["meta"] if "background" in trace["meta"]
        else {name: value for name, value in trace.items() if name not in moving}
        for trace in figure["data"]
    ]  # fmt: skip
    return crc32(json.dumps([still, figure["layout"]]).encode())


def render(state: State, theme: str, drag: bool = False) -> RenderedPage:
    """Render a state in a theme (a key of THEMES); raises ParameterError over the work budget.

    drag: draw only as many paths as fit into DRAG_WORK.
    """
    budget.check(state.experiment)
    experiment = (
        fewer_paths_for_drag(state.visible_experiment) if drag else state.visible_experiment
    )
    axes = TIME_AXES[state.axes]
    if state.asks:  # any step can be predicted, and the axis tells no answer
        axes = replace(axes, end=math.inf)
    chosen = min(state.selected, len(experiment.contenders) - 1)
    seen = render_run(experiment, state.theme(theme), axes, chosen, Storing(kept=not drag))
    timed = cursor_data(seen.summary, state.theme(theme), state.cursor_step, alone=drag)
    return RenderedPage(
        state,
        theme,
        seen.figures,
        seen.fingerprints,
        seen.props,
        timed,
        seen.delta,
    )


@dataclass(frozen=True, slots=True)
class Storing:
    """Whether a new result is stored: no part of a cache key, as the result is the same."""

    kept: bool = field(compare=False)


@lru_cache(maxsize=64)
def render_run(
    experiment: Experiment, theme: Theme, axes: Axes, chosen: int, storing: Storing
) -> RenderedRun:
    """Render a run in a theme, on a time axis; the latest are cached.

    chosen: the contender that the headline is about. storing: False during a drag.

    On release, most runs are requested again exactly as drawn last: by each of a class's readers.
    """
    summary = compute.summary_of(experiment, kept=storing.kept)
    surface = terrain(without_race(experiment))
    figures = figures_of(summary, surface, theme, axes)
    fingerprints = {
        graph: f"{graph}-{_fingerprint(figure):08x}" for graph, figure in figures.items()
    }
    inks = styles(experiment.contenders, theme)
    said = headline_props(outcome(summary, chosen), inks) | standings_props(
        standings(summary), inks
    )
    said |= {ids.summary(graph): {"children": t} for graph, t in summary_texts(summary).items()}
    return RenderedRun(
        summary,
        surface,
        MappingProxyType(figures),
        MappingProxyType(fingerprints),
        MappingProxyType(said),
        delta(figures),
    )


@lru_cache(maxsize=256)
def terrain(experiment: Experiment) -> Terrain:
    """Return the landscape's terrain; the same object for the same landscape."""
    return compute.terrain_of(experiment)


def without_race(experiment: Experiment) -> Experiment:
    """Return the experiment with default race parameters: all that the terrain depends on."""
    usual = Experiment(landscape=experiment.landscape)
    race = ("contenders", "step_size", "hold", "steps", "paths", "boost", "period", "batch")
    return experiment.replace(**{name: getattr(usual, name) for name in race})


def fewer_paths_for_drag(experiment: Experiment) -> Experiment:
    """Return the experiment with fewer paths, if all of them would delay the drag."""
    work = budget.work(experiment)
    paths = max(1, experiment.paths * DRAG_WORK // max(work, 1))
    return experiment if work <= DRAG_WORK else experiment.replace(paths=paths)
