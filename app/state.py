"""The page's state: the experiment and how it is looked at, and its one query string.

`read` never fails and never loses anything: what it had to change it reports as repairs.
DESIGN.md section 9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote

from app.theme import THEMES
from simulation.choose import BUDGET
from simulation.experiment import Experiment
from simulation.parameters import Choice, Integer, Parameter, ParameterError
from simulation.properties import HORIZON, TOLERANCE, usual_epsilon, usual_horizon
from simulation.query import Repair, format_query, repair_query

AXES = Choice(
    field="axes", key="axes", symbol="t", label="Time axis", default="linear",
    choices=("linear", "log", "scaled"),
    help="Steps t, log t, or t/(1−β): at the same step size the curves then fall on one another. "
         "Properties and Distribution always run on a log axis.",
)  # fmt: skip

MOMENT = Integer(
    field="moment", key="t", symbol="t", label="Step at the cursor", default=0, low=0,
    high=3_000_000, help="Where the time bar stands.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """How the experiment is looked at. Empty strings and None mean "as usual"."""

    tab: str = ""
    selected: int | None = None  # the contender that the β slider moves; None: the last
    theme: str = ""  # chosen for this link; empty: the reader's own
    axes: str = ""  # how time runs, one of AXES; empty: linear
    epsilon: float | None = None  # ε of the Properties tab
    horizon: int | None = None  # τ of the Properties tab
    budget: float | None = None  # B of the Choose β tab
    moment: int | None = None  # the step at the cursor; None: when the first escapes


@dataclass(frozen=True, slots=True)
class State:
    """All that an address says."""

    experiment: Experiment = field(default_factory=Experiment)
    view: View = field(default_factory=View)

    @property
    def selected(self) -> int:
        """Index of the contender that the β slider moves."""
        last = len(self.experiment.contenders) - 1
        return last if self.view.selected is None else min(self.view.selected, last)

    @property
    def axes(self) -> str:
        """How time runs: one of AXES."""
        return self.view.axes or AXES.default

    @property
    def epsilon(self) -> float:
        """ε of the regions in which the properties are asked for."""
        given = self.view.epsilon
        return usual_epsilon(self.experiment) if given is None else given

    @property
    def horizon(self) -> int:
        """τ of APCG."""
        given = self.view.horizon
        return usual_horizon(self.experiment) if given is None else given

    @property
    def budget(self) -> float:
        """B, how many times SGD's settled variance is accepted."""
        return BUDGET.default if self.view.budget is None else self.view.budget

    @property
    def moment(self) -> int | None:
        """The step at the cursor, within the run; None: when the first contender escapes."""
        at = self.view.moment
        return None if at is None else min(at, self.experiment.steps)

    def with_view(self, **changes: object) -> State:
        """The same experiment, looked at differently."""
        return replace(self, view=replace(self.view, **changes))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ViewKey:
    """A view attribute in the address. `read` (text, experiment, tabs) raises ParameterError."""

    attribute: str
    read: Callable[[str, Experiment, tuple[str, ...]], Any]
    format: Callable[[Any], str] = str


def _tab(text: str, _: Experiment, tabs: tuple[str, ...]) -> str:
    return _one_of(text, "tab", tabs, "one of the page's tabs")


def _theme(text: str, _: Experiment, __: tuple[str, ...]) -> str:
    return _one_of(text, "theme", tuple(THEMES), "one of " + ", ".join(THEMES))


def _one_of(text: str, key: str, choices: tuple[str, ...], allowed: str) -> str:
    if text not in choices:
        raise ParameterError(key, text, allowed, "")
    return text


def _selected(text: str, experiment: Experiment, _: tuple[str, ...]) -> int:
    number = int(text) if text.isdecimal() and len(text) < 4 else len(experiment.contenders)
    if number >= len(experiment.contenders):
        raise ParameterError("sel", text, "the number of a contender, from 0", None)
    return number


def _declared(parameter: Parameter) -> ViewKey:
    """A view attribute with a declaration of its own."""

    def read_(text: str, _: Experiment, __: tuple[str, ...]) -> Any:
        return parameter.check(parameter.parse(text))

    return ViewKey(parameter.field, read_, parameter.format)


VIEW_KEYS: Mapping[str, ViewKey] = MappingProxyType({
    "tab": ViewKey("tab", _tab),
    "sel": ViewKey("selected", _selected),
    "theme": ViewKey("theme", _theme),
    **{parameter.key: _declared(parameter)
       for parameter in (AXES, TOLERANCE, HORIZON, BUDGET, MOMENT)},
})  # fmt: skip
"""View key → how it is read and written, in the address's order."""
PASSING_KEYS = ("look",)  # said by the browser with a request, never part of an address


def read(text: str, tabs: tuple[str, ...] = ("explore",)) -> tuple[State, list[Repair]]:
    """The nearest valid state to a query string, and what was changed. Never raises."""
    experiment, repairs = repair_query(text, known=(*VIEW_KEYS, *PASSING_KEYS))
    given = _first_values(text)
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
            repairs.append(Repair(key, given[key], near, error.allowed))
    return canonical(State(experiment, View(**changes))), repairs


def write(state: State) -> str:
    """The state's one query string, without `?`."""
    view = canonical(state).view
    values = {key: getattr(view, known.attribute) for key, known in VIEW_KEYS.items()}
    parts = [f"{key}={quote(VIEW_KEYS[key].format(v))}" for key, v in values.items()
             if v not in ("", None)]  # fmt: skip
    return "&".join(filter(None, [format_query(state.experiment), *parts]))


def canonical(state: State) -> State:
    """One state, one record: what is as usual is not said."""
    view, last = state.view, len(state.experiment.contenders) - 1
    return state.with_view(
        tab="" if view.tab == "explore" else view.tab,
        selected=None if state.selected == last else state.selected,
        axes="" if state.axes == AXES.default else state.axes,
        epsilon=None if state.epsilon == usual_epsilon(state.experiment) else state.epsilon,
        budget=None if state.budget == BUDGET.default else state.budget,
        moment=state.moment,
        horizon=None if state.horizon == usual_horizon(state.experiment) else state.horizon,
    )


def look(text: str) -> str:
    """The theme in force: the link's own, else what the browser says, else light."""
    given = _first_values(text)
    themes = (given.get("theme", ""), given.get("look", ""))
    return next((theme for theme in themes if theme in THEMES), next(iter(THEMES)))


def _first_values(text: str) -> dict[str, str]:
    pairs = parse_qsl(text.lstrip("?")[:8_000], keep_blank_values=True, errors="replace")
    return dict(reversed(pairs))
