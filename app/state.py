"""The page's state: the experiment and how it is looked at, and its one query string.

`read` never fails and never loses anything: what it had to change it reports as repairs.
DESIGN.md section 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote

from app.theme import THEMES
from simulation.experiment import Experiment
from simulation.query import Repair, format_query, repair_query


@dataclass(frozen=True, slots=True)
class View:
    """How the experiment is looked at. Empty strings and None mean "as usual"."""

    tab: str = ""
    selected: int | None = None  # the contender that the β slider moves; None: the last
    theme: str = ""  # chosen for this link; empty: the reader's own


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

    def with_view(self, **changes: object) -> State:
        """The same experiment, looked at differently."""
        return replace(self, view=replace(self.view, **changes))  # type: ignore[arg-type]


# View key → (attribute, what is allowed in words).
VIEW_KEYS: Mapping[str, tuple[str, str]] = {
    "tab": ("tab", "one of the page's tabs"),
    "sel": ("selected", "the number of a contender, from 0"),
    "theme": ("theme", "one of " + ", ".join(THEMES)),
}
PASSING_KEYS = ("look",)  # said by the browser with a request, never part of an address


def read(text: str, tabs: tuple[str, ...] = ("explore",)) -> tuple[State, list[Repair]]:
    """The nearest valid state to a query string, and what was changed. Never raises."""
    experiment, repairs = repair_query(text, known=(*VIEW_KEYS, *PASSING_KEYS))
    given = _first_values(text)
    checks = {
        "tab": lambda value: value in tabs,
        "sel": lambda value: value.isdecimal() and len(value) < 4
        and int(value) < len(experiment.contenders),
        "theme": lambda value: value in THEMES,
    }  # fmt: skip
    changes: dict[str, object] = {}
    for key, (attribute, allowed) in VIEW_KEYS.items():
        if key not in given:
            continue
        if checks[key](given[key]):
            changes[attribute] = int(given[key]) if key == "sel" else given[key]
        else:
            repairs.append(Repair(key, given[key], "the usual one", allowed))
    return canonical(State(experiment, View(**changes))), repairs  # type: ignore[arg-type]


def write(state: State) -> str:
    """The state's one query string, without `?`."""
    view = canonical(state).view
    values = {"tab": view.tab, "sel": view.selected, "theme": view.theme}
    parts = [f"{key}={quote(str(v))}" for key, v in values.items() if v not in ("", None)]
    return "&".join(filter(None, [format_query(state.experiment), *parts]))


def canonical(state: State) -> State:
    """One state, one record: what is as usual is not said."""
    usual = len(state.experiment.contenders) - 1
    selected = None if state.selected == usual else state.selected
    tab = "" if state.view.tab == "explore" else state.view.tab
    return state.with_view(selected=selected, tab=tab)


def look(text: str) -> str:
    """The theme in force: the link's own, else what the browser says, else light."""
    given = _first_values(text)
    themes = (given.get("theme", ""), given.get("look", ""))
    return next((theme for theme in themes if theme in THEMES), next(iter(THEMES)))


def _first_values(text: str) -> dict[str, str]:
    pairs = parse_qsl(text.lstrip("?")[:8_000], keep_blank_values=True, errors="replace")
    return dict(reversed(pairs))
