"""Edits: the changes of state made by the controls, one small function per key.

Pure functions: no components, no ids. `sliders.py` defines the numbers that have sliders.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.lessons.parser import lessons
from app.state.formula_edits import FORMULA_EDITS, FORMULA_FIELDS
from app.state.page_state import State
from app.state.race_edits import RACE_EDITS, index
from app.state.sliders import SLIDERS, Slider, is_list, number_from, with_field
from app.state.sweep_edits import AXIS_FIELDS, SWEEP_EDITS
from app.state.view import AXES, LESSONS_TAB
from app.state.work_budget import clamp_to_budget
from app.theme import THEMES
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.parameters import Choice, Integer, Numbers, ParameterError, value_text
from simulation.model.query import Repair
from simulation.presets import PRESETS
from simulation.runs import budget
from simulation.sweeps.grid import CELL_PATHS


def _slide(slider: Slider) -> Callable[[State, Any], State]:
    """Return an edit: a number is a position of the slider, a string a value typed in its field.

    The field of one direction also takes the list for all of them.
    """
    parameter = slider.parameter

    def edit(state: State, given: Any) -> State:
        optional = getattr(parameter, "optional", False)
        if isinstance(given, str) and not given.strip() and optional:
            return with_field(state, parameter.field, None)
        if isinstance(given, str) and isinstance(parameter, Numbers) and is_list(given):
            return with_field(state, parameter.field, parameter.parse(given.strip()))
        if isinstance(given, str):
            return slider.put(state, number_from(given, parameter))
        value = slider.within(slider.at(_number(given, slider)))
        value = round(value) if isinstance(parameter, Integer) else value
        try:
            return slider.put(state, value)
        except ParameterError as error:
            raise error.about(slider.name, value) from None

    return edit


def _number(given: Any, slider: Slider) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        what = "a position of its slider"
        raise ParameterError(slider.parameter.field, given, what, None, label=slider.name)
    return min(max(float(given), slider.low), slider.high)


def _typed(name: str) -> Callable[[State, Any], State]:
    """Return an edit of a parameter typed in the URL's format, or picked by name."""
    parameter = PARAMETERS[name]

    def edit(state: State, given: Any) -> State:
        return with_field(state, name, parameter.parse(value_text(given).strip()))

    return edit


def _paths(state: State, given: Any) -> State:
    """Set N, from the slider or as typed: it is stated then, even if it is the default."""
    return _slide(SLIDERS[PARAMETERS["paths"].key])(state, given).with_view(paths_stated=True)


def _start(state: State, given: Any) -> State:
    """Set the start from a click: [x, y] in view coordinates, rounded to three decimals."""
    parameter = PARAMETERS["start"]
    if not isinstance(given, list) or len(given) != 2:
        raise parameter.error(given)
    return with_field(state, "start", tuple(round(_real(v), 3) for v in given))


def _start_part(index: int) -> Callable[[State, Any], State]:
    def edit(state: State, given: Any) -> State:
        start = list(start_shown(state.experiment))
        start[index] = number_from(value_text(given), PARAMETERS["start"])
        return with_field(state, "start", tuple(start))

    return edit


def start_shown(experiment: Experiment) -> tuple[float, float]:
    """Return the start in view coordinates."""
    if experiment.start is not None and len(experiment.start) == 2:
        return experiment.start[0], experiment.start[1]
    place = landscape_of(experiment)
    x, y = place.view(experiment).project(place.start(experiment))
    return float(x), float(y)


def _real(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise PARAMETERS["start"].error(given)
    return float(given)


def _landscape(state: State, given: Any) -> State:
    """Change the landscape: its own defaults, the same contenders and seed."""
    name, was = PARAMETERS["landscape"].check(given), state.experiment
    made = Experiment(landscape=name, contenders=was.contenders, seed=was.seed)
    return State(made, state.view).with_view(cursor_step=None, paths_stated=False)


def _preset(state: State, given: Any) -> State:
    chosen = index(given, len(PRESETS), "preset")
    opened = State(tuple(PRESETS)[chosen].experiment, state.view)
    return opened.with_view(selected=None, cursor_step=None, paths_stated=False, colors=())


def _theme(state: State, given: Any) -> State:
    if given not in ("", *THEMES):
        raise ParameterError("theme", given, "one of " + ", ".join(THEMES), None)
    return state.with_view(theme=given)


def _axes(state: State, given: Any) -> State:
    return state.with_view(axes=AXES.check(given))


def _tab(state: State, given: Any) -> State:
    """Open a tab; a lesson that is left gives its experiment whole, as the address says it."""
    tab = value_text(given)
    left = {} if tab == LESSONS_TAB else {"lesson": None, "reveal": False}
    return state.with_view(tab=tab, **left)


def _lesson(state: State, given: Any) -> State:
    """Open a lesson with its own experiment, its answer hidden; 0 opens the list of lessons."""
    number = index(given, len(lessons()) + 1, "lesson")
    if not number:
        return state.with_view(tab=LESSONS_TAB, lesson=None, reveal=False)
    lesson = lessons()[number - 1]
    view = {
        "tab": LESSONS_TAB,
        "lesson": number,
        "reveal": False,
        "selected": None,
        "cursor_step": None,
        "colors": (),
    }
    return State(lesson.experiment, state.view).with_view(**view, axes="")


def _reveal(state: State, given: Any) -> State:
    return state.with_view(reveal=given is True)


def _frame(state: State, given: Any) -> State:
    """Present the page, or return to the whole page."""
    if given not in ("", "present"):
        raise ParameterError("view", given, "", None, reason="a link chooses its view")
    return state.with_view(layout_mode=given)


TYPED = ("eigenvalues", "noise_sd", "tilt", "noise", "hold", "samples", "batch", "seed")
"""Parameters that are typed or picked, without a slider."""

EDITS: Mapping[str, Callable[[State, Any], State]] = MappingProxyType({
    **{key: _slide(slider) for key, slider in SLIDERS.items()},
    **{PARAMETERS[name].key: _typed(name) for name in TYPED},
    **SWEEP_EDITS,
    **FORMULA_EDITS,
    **RACE_EDITS,
    PARAMETERS["paths"].key: _paths,
    "landscape": _landscape, "preset": _preset, "w0": _start,
    "w0-x": _start_part(0), "w0-y": _start_part(1),
    "theme": _theme, "tab": _tab, "axes": _axes,
    "lesson": _lesson, "reveal": _reveal, "view": _frame,
})  # fmt: skip
"""Edit key → function (state, value) → state; raises ParameterError for an invalid value."""


TEXT_FIELDS: Mapping[str, str] = MappingProxyType({
    **{key: slider.name for key, slider in SLIDERS.items()},
    **{PARAMETERS[name].key: PARAMETERS[name].label for name in TYPED
       if not isinstance(PARAMETERS[name], Choice)},
    **{key: PARAMETERS[name].label for key, name in FORMULA_FIELDS.items()},
    "w0-x": "Start w₀, first coordinate", "w0-y": "Start w₀, second coordinate",
    **AXIS_FIELDS, CELL_PATHS.key: CELL_PATHS.label,
})  # fmt: skip
"""Edit key → the control's name, of the edits that may be typed."""


def apply(state: State, edits: Mapping[str, Any]) -> State:
    """Return the state after all edits, in the order given; raises ParameterError."""
    for key, given in edits.items():
        state = _apply_one(state, key, given)
    return state


def _apply_one(state: State, key: str, given: Any) -> State:
    """Return the state after an edit; an error about typed text has the field's name and text."""
    if key not in EDITS:
        raise ParameterError("control", str(key), "", None, reason="no control has this name")
    try:
        return EDITS[key](state, given)
    except ParameterError as error:
        if isinstance(given, str) and key in TEXT_FIELDS:
            raise error.about(TEXT_FIELDS[key], given) from None
        raise


@dataclass(frozen=True, slots=True)
class Applied:
    """The state after edits; `refused`: edit key → its error; `repairs`: what was lowered."""

    state: State
    refused: Mapping[str, ParameterError]
    repairs: tuple[Repair, ...] = ()


def apply_valid(state: State, edits: Mapping[str, Any]) -> Applied:
    """Return the state after the valid edits, in the order given, within the live work budget.

    Over the budget, the edits of amounts (paths, batch, optimizers) are refused together. Without
    such edits, as after a change of landscape, the amounts are lowered.
    """
    after, refused = _valid(state, edits)
    amounts = [key for key in edits if key in _FACTOR_OF and key not in refused]
    try:
        budget.check(after.experiment, changed=[_FACTOR_OF[key] for key in amounts])
        return Applied(after, refused)
    except ParameterError as error:
        last = amounts[-1] if amounts else ""
        blamed = next((key for key in amounts if _FACTOR_OF[key] == error.field), last)
        if blamed:
            after, _ = _valid(state, {k: v for k, v in edits.items() if k not in amounts})
            refused[blamed] = _about_field(error, blamed, edits[blamed])
    nearest, repairs = clamp_to_budget(after)
    return Applied(nearest, refused, tuple(repairs))


def _valid(state: State, edits: Mapping[str, Any]) -> tuple[State, dict[str, ParameterError]]:
    refused: dict[str, ParameterError] = {}
    for key, given in edits.items():
        try:
            state = _apply_one(state, key, given)
        except ParameterError as error:
            refused[key] = error
    return state, refused


def _about_field(error: ParameterError, key: str, given: Any) -> ParameterError:
    """Return the error with a text field's name and typed text, if it is about the field."""
    if key not in TEXT_FIELDS or error.field != _FACTOR_OF[key]:
        return error
    return error.about(TEXT_FIELDS[key], given if isinstance(given, str) else error.value)


_FACTOR_OF: Mapping[str, str] = {
    **{PARAMETERS[name].key: name for name in budget.FACTORS},
    "add": "contenders", "rule": "contenders",
}  # fmt: skip
"""Edit key → the factor of the work that it changes."""
