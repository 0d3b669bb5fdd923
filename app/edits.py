"""What a control does to the state: slider position ↔ value, and one small edit per key.

Pure: no component, no id. `controls.py` draws what is declared here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.lessons import lessons
from app.state import AXES, LESSONS_TAB, State
from app.sweep_edits import SWEEP_EDITS
from app.theme import THEMES
from simulation.choose import BUDGET
from simulation.contenders import MOMENTUM, Contender
from simulation.experiment import PARAMETERS, Experiment
from simulation.landscapes import LANDSCAPES
from simulation.parameters import Integer, Number, Numbers, Parameter, ParameterError
from simulation.presets import PRESETS
from simulation.properties import HORIZON, TOLERANCE

# Scale → (position of a value, value at a position). A log slider moves in decades and stops at
# three significant digits; β moves in decades of 1/(1−β), where escape times are even.
SCALES: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "linear": (float, lambda p: round(p, 6)),
    "log": (math.log10, lambda p: float(f"{10**p:.3g}")),
    "minus log": (lambda v: math.log10(-v), lambda p: -float(f"{10**p:.3g}")),
    "complement": (lambda v: -math.log10(1 - v), lambda p: round(1 - float(f"{10**-p:.3g}"), 6)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """A slider over one number of the experiment; `low` and `high` are positions."""

    key: str
    parameter: Parameter
    low: float
    high: float
    step: float
    scale: str
    label: str
    symbol: str
    get: Callable[[State], float]
    put: Callable[[State, float], State]

    def position(self, value: float) -> float:
        """Where the thumb is for a value; on the slider's grid where the grid means this value."""
        try:
            exact = SCALES[self.scale][0](value)
        except ValueError:  # a log slider cannot show it: the thumb rests at the end
            return self.low
        near = round(exact, 2) + 0.0
        exact = near if self.at(near) == value else exact
        return min(max(exact, self.low), self.high)

    def within(self, value: float) -> float:
        """The value, where three significant digits have taken it past the parameter's bounds."""
        bounds = self.parameter
        if isinstance(bounds, Number | Integer | Numbers):
            return min(max(value, bounds.low), bounds.high)
        return value

    def at(self, position: float) -> float:
        """The value where the thumb is, before the parameter's own check."""
        return SCALES[self.scale][1](position)


def _put(name: str) -> Callable[[State, float], State]:
    def put(state: State, value: Any) -> State:
        return with_field(state, name, value)

    return put


def _get(name: str) -> Callable[[State], float]:
    def get(state: State) -> float:
        value: float = getattr(state.experiment, name)
        return value

    return get


def with_field(state: State, name: str, value: Any) -> State:
    """The state with one field of its experiment changed; raises ParameterError."""
    return State(state.experiment.replace(**{name: value}), state.view)


def direction(experiment: Experiment, which: str) -> int:
    """Index of the eigen-direction a first-screen control speaks of: `escape`, `stable`."""
    values = experiment.eigenvalues
    escape = values.index(min(values))
    others = (i for i in range(len(values)) if i != escape)
    return escape if which == "escape" else next(others, escape)  # one only: it is both


def _direction(name: str, which: str) -> tuple[Callable[[State], float], Callable[..., State]]:
    def get(state: State) -> float:
        values: tuple[float, ...] = getattr(state.experiment, name)
        return values[direction(state.experiment, which)]

    def put(state: State, value: float) -> State:
        index = direction(state.experiment, which)
        values = list(getattr(state.experiment, name))
        values[index] = value
        return with_field(state, name, tuple(values))

    return get, put


def _momentum(state: State) -> float:
    return state.experiment.contenders[state.selected].momentum


def with_momentum(state: State, value: float) -> State:
    """The selected contender with another β."""
    rule = state.experiment.contenders[state.selected].rule
    return _with_selected(state, Contender(rule, value))


def _with_selected(state: State, contender: Contender) -> State:
    contenders = list(state.experiment.contenders)
    contenders[state.selected] = contender
    return with_field(state, "contenders", tuple(contenders))


def _radius(state: State) -> float:
    experiment = state.experiment
    return float(LANDSCAPES[experiment.landscape].escape_radius(experiment))


def _whole(name: str, **window: Any) -> Slider:
    """A slider over a whole field, from its declaration."""
    parameter = PARAMETERS[name]
    assert isinstance(parameter, Number | Integer)
    ends = [SCALES[parameter.scale][0](v) for v in (parameter.low, parameter.high)]
    made: dict[str, Any] = {
        "key": parameter.key, "parameter": parameter, "low": ends[0], "high": ends[1],
        "step": parameter.step, "scale": parameter.scale, "label": parameter.label,
        "symbol": parameter.symbol, "get": _get(name), "put": _put(name),
    }  # fmt: skip
    return Slider(**(made | window))


def _looked_at(parameter: Number | Integer) -> Slider:
    """A slider over a number that says how the experiment is looked at."""
    low, high = (SCALES[parameter.scale][0](v) for v in (parameter.low, parameter.high))

    def put(state: State, value: float) -> State:
        return state.with_view(**{parameter.field: parameter.check(value)})

    return Slider(key=parameter.key, parameter=parameter, low=low, high=high, step=parameter.step,
                  scale=parameter.scale, label=parameter.label, symbol=parameter.symbol,
                  get=lambda state: getattr(state, parameter.field), put=put)  # fmt: skip


def _part(name: str, which: str, **window: Any) -> Slider:
    """A slider over one eigen-direction's entry of a field."""
    parameter = PARAMETERS[name]
    get, put = _direction(name, which)
    mark = "₋" if which == "escape" else "₊"
    label = f"{parameter.label}, {which} direction"
    made: dict[str, Any] = {"label": label, "symbol": parameter.symbol + mark}
    return Slider(key=f"{parameter.key}-{which}", parameter=parameter, get=get, put=put,
                  **(made | window))  # fmt: skip


_DECADES = {"scale": "log", "step": 0.01}
_BETA = Slider(
    key=MOMENTUM.key, parameter=MOMENTUM, low=0.0, high=4.0, step=0.01, scale="complement",
    label=MOMENTUM.label, symbol=MOMENTUM.symbol, get=_momentum, put=with_momentum,
)  # fmt: skip

SLIDERS: Mapping[str, Slider] = MappingProxyType({
    slider.key: slider
    for slider in (
        _BETA,
        _whole("step_size"),
        _part("eigenvalues", "stable", low=-3.0, high=2.0, **_DECADES),
        _part("eigenvalues", "escape", low=-3.0, high=1.0, scale="minus log", step=0.01),
        _whole("rotation"),
        _part("noise_sd", "stable", low=-4.0, high=1.0, **_DECADES),
        _part("noise_sd", "escape", low=-4.0, high=1.0, **_DECADES),
        _part("tilt", "escape", label="Tilt", low=-0.1, high=0.1, scale="linear", step=0.001),
        _whole("steps"),
        _whole("paths"),
        _whole("radius", low=-3.0, high=2.0, get=_radius),
        _whole("boost"),
        _whole("period"),
        _looked_at(TOLERANCE),
        _looked_at(HORIZON),
        _looked_at(BUDGET),
    )
})  # fmt: skip
"""Control key → its slider, in the rail's order."""


def text_of(slider: Slider, state: State) -> str:
    """What the field beside a slider says; counts read 29,600."""
    if slider.key == PARAMETERS["radius"].key and state.experiment.radius is None:
        return ""
    value = slider.get(state)
    if isinstance(slider.parameter, Integer):
        return f"{value:,}"
    return spoken(value)


def spoken(value: float) -> str:
    """A number as a person writes it: six digits, `5e-5`, `−0.1`."""
    text = f"{value:.6g}"
    mantissa, e, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if e else text).replace("-", "−")


def number_from(text: str, parameter: Parameter) -> float:
    """A number as people type it: `1,000`, `−0.1`, `5e-5`; raises ParameterError."""
    plain = text.replace("−", "-").replace(",", "").replace("\u202f", "").strip()
    try:
        return float(plain)
    except ValueError:
        raise ParameterError(parameter.field, text, parameter.allowed, None) from None


def _slide(slider: Slider) -> Callable[[State, Any], State]:
    """A number is a position of the slider, a text is a value typed in its field."""

    def edit(state: State, given: Any) -> State:
        optional = getattr(slider.parameter, "optional", False)
        if isinstance(given, str) and not given.strip() and optional:
            return with_field(state, slider.parameter.field, None)
        if isinstance(given, str):
            return slider.put(state, number_from(given, slider.parameter))
        value = slider.within(slider.at(_number(given, slider)))
        return slider.put(state, round(value) if isinstance(slider.parameter, Integer) else value)

    return edit


def _number(given: Any, slider: Slider) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ParameterError(slider.parameter.field, given, "a position of its slider", None)
    return min(max(float(given), slider.low), slider.high)


def _typed(name: str) -> Callable[[State, Any], State]:
    """A field typed as text in the URL's own grammar, or picked by name."""
    parameter = PARAMETERS[name]

    def edit(state: State, given: Any) -> State:
        plain = str(given).replace("−", "-").replace(" ", "")
        if isinstance(parameter, Integer):
            return with_field(state, name, number_from(plain, parameter))
        return with_field(state, name, parameter.parse(plain))

    return edit


def _start(state: State, given: Any) -> State:
    """A click on the landscape: [x, y] in view coordinates, kept to a thousandth."""
    parameter = PARAMETERS["start"]
    if not isinstance(given, list) or len(given) != 2:
        raise ParameterError("start", given, parameter.allowed, None)
    return with_field(state, "start", tuple(round(_real(v), 3) for v in given))


def _start_part(index: int) -> Callable[[State, Any], State]:
    def edit(state: State, given: Any) -> State:
        start = list(state.experiment.start)
        start[index] = number_from(str(given), PARAMETERS["start"])
        return with_field(state, "start", tuple(start))

    return edit


def _real(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ParameterError("start", given, PARAMETERS["start"].allowed, None)
    return float(given)


def _landscape(state: State, given: Any) -> State:
    """Another landscape starts from its own defaults, with the same race and seed."""
    name, was = PARAMETERS["landscape"].check(given), state.experiment
    return State(Experiment(landscape=name, contenders=was.contenders, seed=was.seed), state.view)


def _preset(state: State, given: Any) -> State:
    index = _index(given, len(PRESETS), "preset")
    return State(tuple(PRESETS)[index].experiment, state.view).with_view(selected=None)


def _index(given: Any, count: int, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < count:
        raise ParameterError(name, given, f"a number from 0 to {count - 1}", None)
    return given


def _select(state: State, given: Any) -> State:
    return state.with_view(selected=_index(given, len(state.experiment.contenders), "contenders"))


def _rule(state: State, given: Any) -> State:
    return _with_selected(state, Contender(str(given), _momentum(state)))


def _add(state: State, given: Any) -> State:
    """One more contender, at the first usual β that does not race yet; it becomes selected."""
    racing = state.experiment.contenders
    usual = (0.9, 0.99, 0.95, 0.8, 0.5, 0.999, 0.3, 0.0)
    new = next(c for b in (*usual, 0.7) if (c := Contender("momentum", b)) not in racing)
    added = with_field(state, "contenders", (*racing, new))
    return added.with_view(selected=len(racing))


def _remove(state: State, given: Any) -> State:
    """One contender less (None: the selected one); the last one stays."""
    racing = state.experiment.contenders
    gone = state.selected if given is None else _index(given, len(racing), "contenders")
    if len(racing) == 1:
        return state
    left = with_field(state, "contenders", racing[:gone] + racing[gone + 1 :])
    return left.with_view(selected=min(state.selected, len(racing) - 2))


def _theme(state: State, given: Any) -> State:
    if given not in ("", *THEMES):
        raise ParameterError("theme", given, "one of " + ", ".join(THEMES), None)
    return state.with_view(theme=given)


def _axes(state: State, given: Any) -> State:
    return state.with_view(axes=AXES.check(given))


def _tab(state: State, given: Any) -> State:
    return state.with_view(tab=str(given))


def _lesson(state: State, given: Any) -> State:
    """Opens a lesson on its own experiment, its answer not yet drawn."""
    index = _index(given, len(lessons()) + 1, "lesson")
    if not index:
        return state.with_view(tab=LESSONS_TAB, lesson=None, reveal=False)
    view = {"tab": LESSONS_TAB, "lesson": index, "reveal": False, "selected": None, "moment": None}
    return State(lessons()[index - 1].experiment, state.view).with_view(**view)


def _reveal(state: State, given: Any) -> State:
    return state.with_view(reveal=given is True)


def _frame(state: State, given: Any) -> State:
    """The whole page again."""
    if given != "":
        raise ParameterError("view", given, "a link chooses its view", None)
    return state.with_view(frame="")


TYPED = ("eigenvalues", "noise_sd", "tilt", "noise", "hold", "samples", "batch", "seed")
"""Fields that are typed or picked whole, without a slider."""

EDITS: Mapping[str, Callable[[State, Any], State]] = MappingProxyType({
    **{key: _slide(slider) for key, slider in SLIDERS.items()},
    **{PARAMETERS[name].key: _typed(name) for name in TYPED},
    **SWEEP_EDITS,
    "landscape": _landscape, "preset": _preset, "w0": _start,
    "w0-x": _start_part(0), "w0-y": _start_part(1),
    "select": _select, "rule": _rule, "add": _add, "remove": _remove,
    "theme": _theme, "tab": _tab, "axes": _axes,
    "lesson": _lesson, "reveal": _reveal, "view": _frame,
})  # fmt: skip
"""Edit key → what it does to a state. Raises ParameterError where it cannot be done."""


def apply(state: State, edits: Mapping[str, Any]) -> State:
    """The state after all edits, in the order given; raises ParameterError."""
    for key, given in edits.items():
        if key not in EDITS:
            raise ParameterError(str(key)[:40], given, "no control has this name", None)
        state = EDITS[key](state, given)
    return state


def spoken_error(error: ParameterError) -> str:
    """One sentence for the page: the field's name, the value, what is allowed."""
    label = PARAMETERS[error.field].label if error.field in PARAMETERS else error.field
    shown = spoken(error.value) if isinstance(error.value, float) else str(error.value)
    return " ".join(f"{label} {shown[:60]} is not possible: {error.allowed}.".split())
