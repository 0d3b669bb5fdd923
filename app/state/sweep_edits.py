"""Edits of the Sweep tab: its two axes, the number of paths per cell, opening a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app.state.page_state import State
from simulation.model.numbers import NumberError, parse_number
from simulation.model.parameters import ParameterError
from simulation.sweeps.grid import AXIS_KEYS, CELL_PATHS, CELLS, axis_around
from simulation.sweeps.variables import variables

Edit = Callable[[State, Any], State]


def number(given: Any) -> float:
    """Return the end of an axis from typed text; raises ParameterError."""
    try:
        return parse_number(str(given))
    except NumberError as error:
        raise ParameterError("axis", given, "a number", None, reason=str(error)) from None


def _key(which: str) -> Edit:
    """Return an edit of an axis's parameter; if the other axis has it, the axes are swapped."""

    def edit(state: State, given: Any) -> State:
        own, other = state.axis(which), "y" if which == "x" else "x"
        if given == state.axis(other).key:
            return state.with_view(**{which: state.axis(other), other: own})
        able = variables(state.experiment)
        if str(given) not in able:
            raise ParameterError("axis", given, "one of " + ", ".join(able), None)
        return state.with_view(**{which: axis_around(str(given), state.experiment)})

    return edit


def _part(which: str, name: str, read: Callable[[Any], Any]) -> Edit:
    def edit(state: State, given: Any) -> State:
        changed = replace(state.axis(which), **{name: read(given)})
        return state.with_view(**{which: changed})

    return edit


def _paths(state: State, given: Any) -> State:
    return state.with_view(cell_paths=CELL_PATHS.check(CELL_PATHS.parse(str(given))))


def _open(state: State, given: Any) -> State:
    """Open a cell, [row, column], as the experiment of Explore; the axes are kept."""
    rows, columns = state.sweep.shape
    fits = isinstance(given, list) and len(given) == 2 and all(type(g) is int for g in given)
    if not fits or not (0 <= given[0] < rows and 0 <= given[1] < columns):
        raise ParameterError("cell", given, f"a cell of {rows} rows and {columns} columns", None)
    kept = {key: state.axis(key) for key in AXIS_KEYS}
    opened = State(state.sweep.cell(*given), state.view)
    return opened.with_view(tab="", selected=None, **kept)


SWEEP_EDITS: Mapping[str, Edit] = MappingProxyType({
    **{f"{which}-key": _key(which) for which in AXIS_KEYS},
    **{f"{which}-low": _part(which, "low", number) for which in AXIS_KEYS},
    **{f"{which}-high": _part(which, "high", number) for which in AXIS_KEYS},
    **{f"{which}-cells": _part(which, "cells", lambda given: CELLS.parse(str(given)))
       for which in AXIS_KEYS},
    **{f"{which}-scale": _part(which, "scale", str) for which in AXIS_KEYS},
    CELL_PATHS.key: _paths,
    "open": _open,
})  # fmt: skip
"""Edit key → function (state, value) → state; raises ParameterError for an invalid value."""
