"""A drawing: the four figures of a state and the words that go with them.

One path for the page at first, the true figures on release, and the frames while the hand moves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zlib import crc32

from app import ids
from app.figures import Axes, frame, summary_texts
from app.figures import draw as figures_of
from app.figures.moments import moments
from app.race import standings
from app.reading import reading
from app.ready import text, texts
from app.state import State
from app.storage import compute
from app.theme import THEMES, styles
from app.words import race_words, words
from simulation import budget
from simulation.experiment import PARAMETERS, Experiment
from simulation.parameters import ParameterError
from simulation.query import Repair
from simulation.summary import Summary
from simulation.surface import Surface

# How time runs on Explore; where it spans decades, it always runs on a log axis.
TIME_AXES = {"linear": Axes(), "log": Axes("log"), "scaled": Axes(scaled=True)}
LONG_AXES = {name: replace(axes, x="log") for name, axes in TIME_AXES.items()}
DRAG_WORK = 24_000_000  # updates of one number while the hand moves: a few screen refreshes


@dataclass(frozen=True, slots=True)
class Picture:
    """A run as it is drawn. figures: graph id → plain dict; looks: graph id → see Drawing.

    frame and said are the JSON of the figures' frame and, id by id, of props.
    """

    summary: Summary
    surface: Surface
    figures: Mapping[str, dict[str, Any]]
    looks: Mapping[str, str]
    props: Mapping[str, dict[str, Any]]
    frame: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`figures`: graph id → plain dict; `props`: id → props of the words that go with them.

    look: the theme they are drawn in, a key of THEMES. looks: graph id → the name of all that a
    frame leaves out: equal names, equal looks. moments: what the time bar needs. frame and said:
    as in Picture.
    """

    state: State
    look: str
    figures: Mapping[str, dict[str, Any]]
    looks: Mapping[str, str]
    props: Mapping[str, dict[str, Any]]
    moments: Mapping[str, Any]
    frame: str
    said: Mapping[str, str]


def _look(figure: Mapping[str, Any]) -> int:
    moving = ("x", "y", "text", "name")
    still = [
        trace["meta"] if "background" in trace["meta"]
        else {name: value for name, value in trace.items() if name not in moving}
        for trace in figure["data"]
    ]  # fmt: skip
    return crc32(json.dumps([still, figure["layout"]]).encode())


def draw(state: State, look: str, drag: bool = False) -> Drawing:
    """The drawing of a state in a theme (a key of THEMES); raises ParameterError over the budget.

    While the hand drags, an ensemble is drawn with as many paths as the moment allows.
    """
    budget.check(state.experiment)
    experiment = lighter(state.drawn) if drag else state.drawn
    awaited = tuple(c.momentum for c in state.awaited)
    seen = picture(experiment, look, state.axes, state.moment, awaited)
    timed = moments(seen.summary, seen.surface, state.moment, alone=drag)
    return Drawing(
        state, look, seen.figures, seen.looks, seen.props, timed, seen.frame, seen.said
    )  # fmt: skip


@lru_cache(maxsize=16)
def picture(
    experiment: Experiment,
    look: str,
    axes: str,
    at: int | None,
    awaited: tuple[float, ...] = (),
) -> Picture:
    """A run in a theme, on a time axis, with the cursor at a step; the last ones are kept.

    `awaited` are the β of contenders that are not drawn yet: nobody else has their colours.
    When the hand lets go, most runs are asked for again as they were drawn last.
    """
    summary, surface = compute.summary_of(experiment), ground(bare(experiment))
    theme = replace(THEMES[look], awaited=awaited)
    figures = figures_of(summary, surface, theme, TIME_AXES[axes], at)
    looks = {graph: f"{graph}-{_look(figure):08x}" for graph, figure in figures.items()}
    inks = styles(experiment.contenders, theme)
    said = words(reading(summary), inks) | race_words(standings(summary), inks)
    said |= {ids.summary(graph): {"children": t} for graph, t in summary_texts(summary).items()}
    return Picture(
        summary,
        surface,
        MappingProxyType(figures),
        MappingProxyType(looks),
        MappingProxyType(said),
        text(frame(figures)),
        MappingProxyType(texts(said)),
    )


@lru_cache(maxsize=256)
def ground(experiment: Experiment) -> Surface:
    """The landscape under the race; the same object while the landscape is the same."""
    return compute.terrain_of(experiment)


def bare(experiment: Experiment) -> Experiment:
    """The experiment without its race: what the landscape's picture depends on."""
    usual = Experiment(landscape=experiment.landscape)
    race = ("contenders", "step_size", "hold", "steps", "paths", "boost", "period", "batch")
    return experiment.replace(**{name: getattr(usual, name) for name in race})


def lighter(experiment: Experiment) -> Experiment:
    """The experiment with fewer paths, where all of them would make the hand wait."""
    work = budget.work(experiment)
    paths = max(1, experiment.paths * DRAG_WORK // max(work, 1))
    return experiment if work <= DRAG_WORK else experiment.replace(paths=paths)


def affordable(state: State) -> tuple[State, list[Repair]]:
    """The nearest state within the live work budget, and what was lowered."""
    repairs: list[Repair] = []
    while True:
        try:
            budget.check(state.experiment)
            return state, repairs
        except ParameterError as error:
            smaller = state.experiment.replace(**{error.field: error.nearest})
            key = PARAMETERS[error.field].key
            repairs.append(Repair(key, str(error.value), str(error.nearest), error.allowed))
            state = State(smaller, state.view)
