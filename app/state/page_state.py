"""The page's state: the experiment and its view, and their canonical query string.

`read` never raises; it reports what it had to change as repairs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from app.lessons.parser import lessons
from app.lessons.records import Lesson
from app.state.sweep_axes import axis_of
from app.state.view import AXES, DISTRIBUTION_TAB, HIDEABLE, LESSONS_TAB, VIEW_KEYS, View
from app.theme import THEMES, Theme, recolored, shortest_order
from simulation.model.experiment import (
    PARAMETERS,
    PER_DIRECTION,
    Experiment,
    directions,
    formula_text,
    without_repeats,
)
from simulation.model.link import query_of, query_pairs
from simulation.model.parameters import ParameterError
from simulation.model.query import LONGEST, VERSION, Repair, format_query, repair_query
from simulation.results.beta_choice import BUDGET
from simulation.results.escape_distribution import OWN_PATHS, affordable_paths
from simulation.results.property_panels import usual_epsilon, usual_horizon
from simulation.sweeps.grid import CELL_PATHS, Axis, Sweep, default_axis

PASSING_KEYS = ("look",)  # sent by the browser with a request, never part of the URL


@dataclass(frozen=True, slots=True)
class State:
    """The experiment and the view of a URL."""

    experiment: Experiment = field(default_factory=Experiment)
    view: View = field(default_factory=View)

    @property
    def selected(self) -> int:
        """Index of the contender that the β slider edits."""
        last = len(self.experiment.contenders) - 1
        return last if self.view.selected is None else min(self.view.selected, last)

    def axis(self, key: str) -> Axis:
        """Return the Sweep tab's axis "x" or "y"."""
        return axis_of(key, self.experiment, {"x": self.view.x, "y": self.view.y})

    @property
    def cell_paths(self) -> int:
        """Number of paths per cell of the Sweep tab."""
        return CELL_PATHS.default if self.view.cell_paths is None else self.view.cell_paths

    @property
    def sweep(self) -> Sweep:
        """The Sweep tab's sweep of the selected contender; raises ParameterError."""
        chosen = self.experiment.contenders[self.selected : self.selected + 1]
        experiment = self.experiment.replace(contenders=chosen, paths=self.cell_paths)
        return Sweep(experiment, self.axis("x"), self.axis("y"))

    @property
    def axes(self) -> str:
        """The time axis, one of AXES."""
        return self.view.axes or self.usual_axes

    @property
    def usual_axes(self) -> str:
        """The default time axis: that of the open lesson, else linear; outside a lesson, auto."""
        opened = self.lesson if self.view.tab == LESSONS_TAB else None
        return (opened.axes or "linear") if opened else AXES.default

    @property
    def ensemble(self) -> Experiment:
        """The run of the Distribution tab: OWN_PATHS paths or more, unless N is stated.

        N is stated if it is not the landscape's default, or by `paths_stated`.
        """
        experiment = self.experiment
        if self.view.paths_stated or experiment.paths != usual_paths(experiment):
            return experiment
        most = min(OWN_PATHS, affordable_paths(experiment))
        return experiment.replace(paths=max(most, experiment.paths))

    @property
    def epsilon(self) -> float:
        """ε of the regions in which the properties are required."""
        given = self.view.epsilon
        return usual_epsilon(self.experiment) if given is None else given

    @property
    def horizon(self) -> int:
        """τ of APCG."""
        given = self.view.horizon
        return usual_horizon(self.experiment) if given is None else given

    @property
    def budget(self) -> float:
        """B, the accepted ratio of stationary variance to SGD's."""
        return BUDGET.default if self.view.budget is None else self.view.budget

    @property
    def cursor_step(self) -> int | None:
        """The cursor's step, within the run; None: the first contender's escape."""
        at = self.view.cursor_step
        return None if at is None else min(at, self.experiment.steps)

    @property
    def lesson(self) -> Lesson | None:
        """The open lesson, if any."""
        return None if self.view.lesson is None else lessons()[self.view.lesson - 1]

    @property
    def visible_experiment(self) -> Experiment:
        """The experiment drawn: without its last contender until a lesson's answer is revealed."""
        racing = self.experiment.contenders
        if self.view.lesson is None or self.view.reveal or len(racing) == 1:
            return self.experiment
        return self.experiment.replace(contenders=racing[:-1])

    @property
    def asks(self) -> bool:
        """Whether a lesson's question waits for its answer, which is not drawn."""
        return self.visible_experiment != self.experiment

    @property
    def hidden(self) -> frozenset[str]:
        """The keys of HIDEABLE that are hidden; a lesson shows only the controls it needs."""
        if self.lesson is not None:
            return frozenset(HIDEABLE) - set(self.lesson.controls)
        return frozenset(self.view.hide)

    def theme(self, name: str) -> Theme:
        """Return a theme of THEMES, with the colours of this race."""
        return recolored(THEMES[name], self.view.colors)

    def with_view(self, **changes: object) -> State:
        """Return the state with changes to its view."""
        return replace(self, view=replace(self.view, **changes))  # type: ignore[arg-type]


def read(text: str, tabs: tuple[str, ...] = ("explore",)) -> tuple[State, list[Repair]]:
    """Return the nearest valid state to a query string, and the repairs made. Never raises."""
    experiment, repairs = repair_query(text, known=(*VIEW_KEYS, *PASSING_KEYS))
    given = _first_values(text)
    repairs = _cut(repairs, given, experiment)
    changes: dict[str, Any] = {}
    for key, known in VIEW_KEYS.items():
        if key not in given:
            continue
        try:
            changes[known.attribute] = known.read(given[key], experiment, tabs)
        except ParameterError as error:
            near = "the usual one"
            if error.nearest not in ("", None):
                changes[known.attribute] = error.nearest
                near = known.format(error.nearest)
            repairs.append(Repair(key, given[key], near, error.requirement("it")))
    changes["paths_stated"] = PARAMETERS["paths"].key in given
    if "lesson" in changes:
        changes.setdefault("tab", LESSONS_TAB)
        said = {"v", *(parameter.key for parameter in PARAMETERS.values())}
        if said.isdisjoint(given):
            experiment = lessons()[changes["lesson"] - 1].experiment
    return canonical(State(experiment, View(**changes))), repairs


def _cut(repairs: list[Repair], given: dict[str, str], experiment: Experiment) -> list[Repair]:
    """Return the repairs, including those of lists with more numbers than directions."""
    out, d = list(repairs), directions(experiment)
    for name in PER_DIRECTION:
        parameter = PARAMETERS[name]
        before = next((repair for repair in out if repair.key == parameter.key), None)
        try:
            said = before.used if before else given[parameter.key]
            values = parameter.check(parameter.parse(said))
        except (KeyError, ParameterError):  # not given, or repaired to no list
            continue
        if len(without_repeats(values)) > d:
            used = parameter.format(without_repeats(getattr(experiment, name)))
            what = "weight" if formula_text(experiment) else "eigen-direction"
            why = f"{d} {what}{'s' * (d > 1)}, a number each"
            if before:
                out.remove(before)
                why = f"{before.why}; {why}"
            out.append(Repair(parameter.key, given[parameter.key], used, why))
    return out


def write(state: State) -> str:
    """Return the state's canonical query string, without `?`."""
    state = canonical(state)
    view = state.view
    values = {key: getattr(view, known.attribute) for key, known in VIEW_KEYS.items()}
    parts = [f"{key}={quote(VIEW_KEYS[key].format(v), safe=':.-,')}" for key, v in values.items()
             if v is not False and v not in ("", None, ())]  # fmt: skip
    return "&".join(filter(None, [_experiment_text(state), *parts]))


def _experiment_text(state: State) -> str:
    """Return the experiment's query.

    It is empty for the open lesson's own experiment; another experiment whose query would be empty
    gives `v=1`.
    """
    said = format_query(state.experiment)
    if state.view.paths_stated:
        said = "&".join(filter(None, [said, f"{PARAMETERS['paths'].key}={state.experiment.paths}"]))
    if state.lesson is None:
        return said
    return "" if state.experiment == state.lesson.experiment else said or f"v={VERSION}"


def canonical(state: State) -> State:
    """Return the canonical state, in which default values of the view are unset."""
    view, last = state.view, len(state.experiment.contenders) - 1
    return state.with_view(
        tab="" if view.tab == "explore" else view.tab,
        selected=None if state.selected == last else state.selected,
        x=None if state.axis("x") == default_axis("x", state.experiment) else state.axis("x"),
        y=None if state.axis("y") == default_axis("y", state.experiment) else state.axis("y"),
        cell_paths=None if state.cell_paths == CELL_PATHS.default else view.cell_paths,
        axes="" if state.axes == state.usual_axes else state.axes,
        epsilon=None if state.epsilon == usual_epsilon(state.experiment) else state.epsilon,
        budget=None if state.budget == BUDGET.default else state.budget,
        cursor_step=state.cursor_step,
        lesson=view.lesson if view.tab == LESSONS_TAB else None,
        reveal=view.reveal and view.tab == LESSONS_TAB and view.lesson is not None,
        paths_stated=view.paths_stated
        and view.tab == DISTRIBUTION_TAB
        and state.experiment.paths == usual_paths(state.experiment),
        colors=shortest_order(view.colors),
        horizon=None if state.horizon == usual_horizon(state.experiment) else state.horizon,
    )


def usual_paths(experiment: Experiment) -> int:
    """Return the landscape's default number of paths."""
    return Experiment(landscape=experiment.landscape).paths


def theme_of(view: View, preferred: str) -> str:
    """Return the theme in force: the view's, large type for presenting, else `preferred`."""
    return view.theme or ("projector" if view.layout_mode == "present" else preferred)


def resolve_theme(text: str) -> str:
    """Return the theme in force: the link's, else the browser's, else light."""
    given = _first_values(text)
    large = "projector" if given.get("view") == "present" else ""
    themes = (given.get("theme", ""), large, given.get("look", ""))
    return next((theme for theme in themes if theme in THEMES), next(iter(THEMES)))


def _first_values(text: str) -> dict[str, str]:
    return dict(reversed(query_pairs(query_of(text)[:LONGEST])))
