"""Edits of the Sweep tab: its two axes, the number of paths per cell, opening a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app.state.page_state import State
from app.state.work_budget import clamp_to_budget
from simulation.model.parameters import ParameterError, value_text
from simulation.sweeps.grid import AXIS_KEYS, CELL_PATHS, CELLS, Axis, axis_around
from simulation.sweeps.variables import variables

Edit = Callable[[State, Any], State]


AXIS_NAMES: Mapping[str, str] = MappingProxyType({"x": "Across", "y": "Up"})
AXIS_FIELDS: Mapping[str, str] = MappingProxyType({
    f"{which}-{part}": f"{name}: {words}"
    for which, name in AXIS_NAMES.items()
    for part, words in (("low", "from"), ("high", "to"), ("cells", "cells"))
})  # fmt: skip
"""Edit key of a text field → the field's name."""


def _end(axis: Axis, given: Any) -> float:
    """Return the end of an axis from typed text, read as the axis's parameter is."""
    end: float = axis.varied.parameter.parse(value_text(given))
    return end


def _cells(_: Axis, given: Any) -> float:
    return CELLS.parse(value_text(given))


def _scale(_: Axis, given: Any) -> str:
    return value_text(given)


def _key(which: str) -> Edit:
    """Return an edit of an axis's parameter; if the other axis has it, the axes are swapped."""

    def edit(state: State, given: Any) -> State:
        own, other = state.axis(which), "y" if which == "x" else "x"
        if given == state.axis(other).key:
            return state.with_view(**{which: state.axis(other), other: own})
        able = variables(state.experiment)
        if value_text(given) not in able:
            raise ParameterError("axis", given, "one of " + ", ".join(able), None)
        return state.with_view(**{which: axis_around(value_text(given), state.experiment)})

    return edit


def _part(which: str, name: str, read: Callable[[Axis, Any], Any]) -> Edit:
    def edit(state: State, given: Any) -> State:
        changed = replace(state.axis(which), **{name: read(state.axis(which), given)})
        return state.with_view(**{which: changed})

    return edit


def _paths(state: State, given: Any) -> State:
    return state.with_view(cell_paths=CELL_PATHS.check(CELL_PATHS.parse(value_text(given))))


def _open(state: State, given: Any) -> State:
    """Open a cell, [row, column], in Explore, beside the other optimizers; the axes are kept.

    The others are left out where the work budget would lower the cell's steps or paths for them.
    """
    rows, columns = state.sweep.shape
    fits = isinstance(given, list) and len(given) == 2 and all(type(g) is int for g in given)
    if not fits or not (0 <= given[0] < rows and 0 <= given[1] < columns):
        raise ParameterError("cell", given, f"a cell of {rows} rows and {columns} columns", None)
    kept = {key: state.axis(key) for key in AXIS_KEYS}
    view = {"tab": "", "cursor_step": None, **kept}
    cell, i, racing = state.sweep.cell(*given), state.selected, state.experiment.contenders
    beside = cell.replace(contenders=(*racing[:i], *cell.contenders, *racing[i + 1 :]))
    together = State(beside, state.view).with_view(**view, selected=i)
    alone = State(cell, state.view).with_view(**view, selected=None)
    return alone if clamp_to_budget(together)[1] else together


SWEEP_EDITS: Mapping[str, Edit] = MappingProxyType({
    **{f"{which}-key": _key(which) for which in AXIS_KEYS},
    **{f"{which}-{part}": _part(which, part, read)
       for which in AXIS_KEYS
       for part, read in (("low", _end), ("high", _end), ("cells", _cells), ("scale", _scale))},
    CELL_PATHS.key: _paths,
    "open": _open,
})  # fmt: skip
"""Edit key → function (state, value) → state; raises ParameterError for an invalid value."""
