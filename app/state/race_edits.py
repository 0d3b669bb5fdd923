"""Edits of the race: the chosen optimizer, its rule, one more, one less.

Pure functions: no components, no ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.state.page_state import State
from app.state.sliders import momentum, with_field, with_selected
from app.theme import color_order
from simulation.model.contenders import Contender
from simulation.model.parameters import ParameterError, value_text


def index(given: Any, count: int, name: str) -> int:
    """Return an index below a count, given as such; raises ParameterError."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < count:
        raise ParameterError(name, given, f"a number from 0 to {count - 1}", None)
    return given


def _select(state: State, given: Any) -> State:
    return state.with_view(selected=index(given, len(state.experiment.contenders), "contenders"))


def _rule(state: State, given: Any) -> State:
    return with_selected(state, Contender(value_text(given), momentum(state)))


def _add(state: State, given: Any) -> State:
    """Add a contender at the first common β that is not in the race, and select it."""
    racing = state.experiment.contenders
    usual = (0.9, 0.99, 0.95, 0.8, 0.5, 0.999, 0.3, 0.0)
    new = next(c for b in (*usual, 0.7) if (c := Contender("momentum", b)) not in racing)
    added = with_field(state, "contenders", (*racing, new))
    return added.with_view(selected=len(racing))


def _remove(state: State, given: Any) -> State:
    """Remove a contender (None: the selected one); the last one is kept, as are all colours."""
    racing = state.experiment.contenders
    gone = state.selected if given is None else index(given, len(racing), "contenders")
    if len(racing) == 1:
        return state
    left = with_field(state, "contenders", racing[:gone] + racing[gone + 1 :])
    used = color_order(state.view.colors)[: len(racing)]
    colors = used[:gone] + used[gone + 1 :]
    return left.with_view(selected=min(state.selected, len(racing) - 2), colors=colors)


RACE_EDITS: Mapping[str, Callable[[State, Any], State]] = MappingProxyType({
    "select": _select, "rule": _rule, "add": _add, "remove": _remove,
})  # fmt: skip
"""Edit key → function (state, value) → state; raises ParameterError for an invalid value."""
