"""The view: all state besides the experiment, and its serialisation in the URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from app.lessons.parser import lessons
from app.theme import PLACES, THEMES
from simulation.model.experiment import Experiment
from simulation.model.numbers import NumberError, parse_number
from simulation.model.parameters import Choice, Integer, Parameter, ParameterError
from simulation.results.beta_choice import BUDGET
from simulation.results.property_panels import HORIZON, TOLERANCE
from simulation.sweeps.grid import CELL_PATHS, Axis
from simulation.sweeps.variables import variables

AXES = Choice(
    field="axes", key="axes", symbol="t", label="Time axis", default="auto",
    choices=("auto", "linear", "log", "scaled"),
    help="Steps t, log t, or t/(1−β): at the same step size the curves then coincide. "
         "Auto is log t if the escapes span more than a factor of 30, else t. The axis ends soon "
         "after the last escape, at T at the latest. "
         "Properties and Distribution always run on a log axis.",
)  # fmt: skip

CURSOR_STEP = Integer(
    field="cursor_step", key="t", symbol="t", label="Step at the cursor", default=0, low=0,
    high=3_000_000, help="Step selected with the time bar.",
)  # fmt: skip

LESSONS_TAB, SWEEP_TAB, DISTRIBUTION_TAB = "lessons", "sweep", "distribution"
LAYOUT_MODES = ("present", "embed")  # empty: the whole page
HIDEABLE: Mapping[str, str] = MappingProxyType({
    "chips": "Optimizers", "rule": "Rule", "beta": "Momentum β", "eta": "Step size η",
    "hold": "Held fixed", "landscape": "Landscape", "eig-stable": "Eigenvalue λ₊",
    "eig-escape": "Eigenvalue λ₋", "rot": "Rotation θ", "noise": "Noise",
    "sd-stable": "Noise level σ₊", "sd-escape": "Noise level σ₋", "c-escape": "Tilt c₋",
    "batch": "Samples, batch", "T": "Steps T", "N": "Paths N", "R": "Escape radius R",
    "w0": "Start w₀, seed", "axes": "Time axis",
})  # fmt: skip
"""Control key → its name, for the controls that a link may hide."""


@dataclass(frozen=True, slots=True)
class View:
    """How the experiment is displayed. Empty strings and None mean the default."""

    tab: str = ""
    selected: int | None = None  # the contender that the β slider edits; None: the last
    theme: str = ""  # the link's theme; empty: the browser's
    x: Axis | None = None  # axes of the Sweep tab
    y: Axis | None = None
    cell_paths: int | None = None
    axes: str = ""  # time axis, one of AXES; empty: the lesson's, or auto
    epsilon: float | None = None  # ε of the Properties tab
    horizon: int | None = None  # τ of the Properties tab
    budget: float | None = None  # B of the Choose β tab
    cursor_step: int | None = None  # the cursor's step; None: the first escape
    lesson: int | None = None  # number of the open lesson
    reveal: bool = False  # whether the lesson's answer is drawn
    colors: tuple[int, ...] = ()  # places whose colours come first; the others follow in order
    hide: tuple[str, ...] = ()  # keys of HIDEABLE that the link hides
    layout_mode: str = ""  # one of LAYOUT_MODES; empty: the whole page
    paths_stated: bool = False  # whether N is stated on Distribution, though it is the default


@dataclass(frozen=True, slots=True)
class ViewKey:
    """A view attribute in the URL. `read` (text, experiment, tabs) raises ParameterError."""

    attribute: str
    read: Callable[[str, Experiment, tuple[str, ...]], Any]
    format: Callable[[Any], str] = str


def _tab(text: str, _: Experiment, tabs: tuple[str, ...]) -> str:
    return _one_of(text, "tab", tabs, "one of the page's tabs")


def _lesson(text: str, *_: Any) -> int:
    count = len(lessons())
    number = _whole(text, 0)
    if not 1 <= number <= count:
        near = min(max(number, 1), count)
        raise ParameterError("lesson", text, f"a lesson from 1 to {count}", near)
    return number


def _whole(text: str, otherwise: int) -> int:
    """Return the integer that a text means; `otherwise` if it means none."""
    try:
        number = parse_number(text, whole=True)
    except NumberError:
        return otherwise
    return int(number) if number.is_integer() and abs(number) < 1e6 else otherwise


def _reveal(text: str, *_: Any) -> bool:
    if text not in ("0", "1"):
        raise ParameterError("reveal", text, "1 to show a lesson's answer", None)
    return text == "1"


def _frame(text: str, *_: Any) -> str:
    return _one_of(text, "view", LAYOUT_MODES, "one of " + ", ".join(LAYOUT_MODES))


def _hide(text: str, *_: Any) -> tuple[str, ...]:
    """Return keys of HIDEABLE; an unknown key is replaced by the closest one."""
    given = [part for part in text.split(",") if part]
    near = [get_close_matches(part, HIDEABLE, 1) for part in given]
    keys = {found[0] for found in near if found}
    known = tuple(key for key in HIDEABLE if key in keys)
    if any(part not in HIDEABLE for part in given):
        raise ParameterError("hide", text, "some of " + ", ".join(HIDEABLE), known or None)
    return known


def _colors(text: str, *_: Any) -> tuple[int, ...]:
    """Return places of a race in the order in which their colours are used."""
    given = [_whole(part, -1) for part in text.split(",")]
    known = tuple(dict.fromkeys(place for place in given if 0 <= place < PLACES))
    if list(known) != given:
        allowed = f"different numbers from 0 to {PLACES - 1}"
        raise ParameterError("colors", text, allowed, known or None)
    return known


def _theme(text: str, _: Experiment, __: tuple[str, ...]) -> str:
    return _one_of(text, "theme", tuple(THEMES), "one of " + ", ".join(THEMES))


def _one_of(text: str, key: str, choices: tuple[str, ...], allowed: str) -> str:
    if text not in choices:
        near = get_close_matches(text, choices, 1)
        raise ParameterError(key, text, allowed, near[0] if near else "")
    return text


def _selected(text: str, experiment: Experiment, _: tuple[str, ...]) -> int:
    number = _whole(text, -1)
    if not 0 <= number < len(experiment.contenders):
        raise ParameterError("sel", text, "the number of an optimizer, from 0", None)
    return number


def _declared(parameter: Parameter) -> ViewKey:
    """Return the view key of a declared parameter."""

    def read_(text: str, _: Experiment, __: tuple[str, ...]) -> Any:
        try:
            return parameter.check(parameter.parse(text))
        except ParameterError as error:
            why = error.requirement(parameter.label)
            raise ParameterError(parameter.key, text, "", error.nearest, reason=why) from None

    return ViewKey(parameter.field, read_, parameter.format)


def _axis(key: str) -> ViewKey:
    def read_(text: str, experiment: Experiment, _: tuple[str, ...]) -> Axis:
        try:
            axis = Axis.parse(text)
        except ParameterError as error:  # of the axis, or of the parameter that it varies
            why = error.requirement("an axis" if error.field == "axis" else error.label)
            raise ParameterError(key, text, "", None, reason=why) from None
        if axis.key not in variables(experiment):
            why = f"{axis.varied.title} changes nothing in this experiment"
            raise ParameterError(key, text, "", None, reason=why)
        return axis

    return ViewKey(key, read_, lambda axis: axis.text)


VIEW_KEYS: Mapping[str, ViewKey] = MappingProxyType({
    "tab": ViewKey("tab", _tab),
    "sel": ViewKey("selected", _selected),
    "theme": ViewKey("theme", _theme),
    "x": _axis("x"),
    "y": _axis("y"),
    CELL_PATHS.key: _declared(CELL_PATHS),
    **{parameter.key: _declared(parameter)
       for parameter in (AXES, TOLERANCE, HORIZON, BUDGET, CURSOR_STEP)},
    "lesson": ViewKey("lesson", _lesson),
    "reveal": ViewKey("reveal", _reveal, lambda shown: "1"),
    "colors": ViewKey("colors", _colors, lambda places: ",".join(map(str, places))),
    "hide": ViewKey("hide", _hide, ",".join),
    "view": ViewKey("layout_mode", _frame),
})  # fmt: skip
"""URL key → how it is read and written, in the URL's order."""
