"""The sliders: position ↔ value, and access to each number in the state.

Pure functions: no components, no ids. `controls.py` draws the sliders declared here; `edits.py`
sets them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.state.formula_values import LARGEST_SHOWN, SLOTS, parameter_of, with_parameter_of
from app.state.page_state import State
from app.state.view import HIDEABLE
from app.text.numbers import typed_text
from simulation.landscapes.registry import LANDSCAPES, landscape_of
from simulation.model.contenders import MOMENTUM, Contender
from simulation.model.experiment import PARAMETERS, Experiment, formula_text
from simulation.model.formula_parameters import LARGEST
from simulation.model.numbers import NumberError, format_number, parse_number, parse_numbers
from simulation.model.parameters import Integer, Number, Numbers, Parameter, ParameterError
from simulation.results.beta_choice import BUDGET
from simulation.results.property_panels import HORIZON, TOLERANCE

# Scale → (position of a value, value at a position). A log slider is in decades, rounded to three
# significant digits; β is in decades of 1/(1−β), in which escape times are even.
SCALES: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "linear": (float, lambda p: round(p, 6)),
    "log": (math.log10, lambda p: float(f"{10**p:.3g}")),
    "minus log": (lambda v: math.log10(-v), lambda p: -float(f"{10**p:.3g}")),
    "complement": (lambda v: -math.log10(1 - v), lambda p: round(1 - float(f"{10**-p:.3g}"), 6)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """A slider over one number of the state; `low` and `high` are positions."""

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

    @property
    def name(self) -> str:
        """The name in an error message: `Step size`, `Eigenvalue λ₊`."""
        same = self.label == self.parameter.label
        return self.label if same else HIDEABLE[self.key]

    def position(self, value: float) -> float:
        """Return the position of a value, clipped to the slider's ends."""
        try:
            exact = SCALES[self.scale][0](value)
        except ValueError:  # outside a log slider's domain: the lowest position
            return self.low
        return min(max(exact, self.low), self.high)

    def within(self, value: float) -> float:
        """Return the value clipped to the parameter's bounds, which rounding may have exceeded."""
        bounds = self.parameter
        if isinstance(bounds, Number | Integer | Numbers):
            return min(max(value, bounds.low), bounds.high)
        return value

    def at(self, position: float) -> float:
        """Return the value at a position, unchecked."""
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
    """Return the state with one parameter of its experiment changed; raises ParameterError."""
    return State(state.experiment.replace(**{name: value}), state.view)


def entries(experiment: Experiment, which: str) -> list[int]:
    """Return the indices of the list's numbers that a slider sets: `escape` or `stable`.

    Of a formula they are weights: those that change along the way out, or the others.
    """
    if not formula_text(experiment):
        return [direction(experiment, which)]
    out = landscape_of(experiment).escape_indices(experiment)
    others = [j for j in range(len(experiment.noise_sd)) if j not in out]
    return out if which == "escape" or not others else others


def direction(experiment: Experiment, which: str) -> int:
    """Return the index of the eigen-direction of a slider: `escape` or `stable`."""
    values = experiment.eigenvalues
    escape = values.index(min(values))
    others = (i for i in range(len(values)) if i != escape)
    return escape if which == "escape" else next(others, escape)  # a single direction is both


def _direction(name: str, which: str) -> tuple[Callable[[State], float], Callable[..., State]]:
    def get(state: State) -> float:
        values: tuple[float, ...] = getattr(state.experiment, name)
        eigen = name == "eigenvalues"
        places = [direction(state.experiment, which)] if eigen else entries(state.experiment, which)
        return values[places[0]]

    def put(state: State, value: float) -> State:
        index = direction(state.experiment, which)
        values = list(getattr(state.experiment, name))
        for place in [index] if name == "eigenvalues" else entries(state.experiment, which):
            values[place] = value
        changed = with_field(state, name, tuple(values))
        if name == "eigenvalues" and direction(changed.experiment, which) != index:
            raise PARAMETERS[name].error(value, reason=_order_broken(state, which))
        return changed

    return get, put


def _order_broken(state: State, which: str) -> str:
    """Return the reason why an eigenvalue is refused that would swap the two directions."""
    escape = direction(state.experiment, "escape")
    others = [v for i, v in enumerate(state.experiment.eigenvalues) if i != escape]
    smallest = typed_text(state.experiment.eigenvalues[escape])
    if which == "stable":
        return f"λ₊ must be above λ₋ = {smallest}, the smallest eigenvalue"
    return f"λ₋ must be below the next eigenvalue, {typed_text(min(others))}"


def momentum(state: State) -> float:
    """Return β of the selected contender."""
    return state.experiment.contenders[state.selected].momentum


def with_momentum(state: State, value: float) -> State:
    """Return the state with another β of the selected contender."""
    rule = state.experiment.contenders[state.selected].rule
    return with_selected(state, Contender(rule, value))


def with_selected(state: State, contender: Contender) -> State:
    """Return the state with the selected contender replaced; raises ParameterError."""
    contenders = list(state.experiment.contenders)
    contenders[state.selected] = contender
    return with_field(state, "contenders", tuple(contenders))


def _radius(state: State) -> float:
    experiment = state.experiment
    return float(LANDSCAPES[experiment.landscape].escape_radius(experiment))


def _whole(name: str, **window: Any) -> Slider:
    """Return a slider over a scalar parameter, from its declaration."""
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
    """Return a slider over a number of the view."""
    low, high = (SCALES[parameter.scale][0](v) for v in (parameter.low, parameter.high))

    def put(state: State, value: float) -> State:
        return state.with_view(**{parameter.field: parameter.check(value)})

    return Slider(key=parameter.key, parameter=parameter, low=low, high=high, step=parameter.step,
                  scale=parameter.scale, label=parameter.label, symbol=parameter.symbol,
                  get=lambda state: getattr(state, parameter.field), put=put)  # fmt: skip


def _part(name: str, which: str, **window: Any) -> Slider:
    """Return a slider over one eigen-direction's entry of a list-valued parameter."""
    parameter = PARAMETERS[name]
    get, put = _direction(name, which)
    mark = "₋" if which == "escape" else "₊"
    label = f"{parameter.label}, {which} direction"
    made: dict[str, Any] = {"label": label, "symbol": parameter.symbol + mark}
    return Slider(key=f"{parameter.key}-{which}", parameter=parameter, get=get, put=put,
                  **(made | window))  # fmt: skip


def _parameter(index: int) -> Slider:
    """Return the slider of the formula's parameter `index`; its name is the formula's."""
    key = f"p{index + 1}"
    declared = Number(
        key=key, symbol="", label=f"Parameter {index + 1}", field="parameters", default=1.0,
        low=-LARGEST, high=LARGEST, help="A parameter of the formula.",
    )  # fmt: skip
    return Slider(key=key, parameter=declared, low=-LARGEST_SHOWN, high=LARGEST_SHOWN, step=0.1,
                  scale="linear", label=declared.label, symbol="", get=parameter_of(index),
                  put=with_parameter_of(index))  # fmt: skip


_DECADES = {"scale": "log", "step": 0.01}
_BETA = Slider(
    key=MOMENTUM.key, parameter=MOMENTUM, low=0.0, high=4.0, step=0.01, scale="complement",
    label=MOMENTUM.label, symbol=MOMENTUM.symbol, get=momentum, put=with_momentum,
)  # fmt: skip

SLIDERS: Mapping[str, Slider] = MappingProxyType({
    slider.key: slider
    for slider in (
        _BETA,
        _whole("step_size"),
        *map(_parameter, range(SLOTS)),
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
    """Return the text of the field beside a slider; counts have separators: 29,600."""
    if slider.key == PARAMETERS["radius"].key and state.experiment.radius is None:
        return ""
    value = slider.get(state)
    if isinstance(slider.parameter, Integer):
        return f"{value:,}"
    return typed_text(value)


def number_from(text: str, parameter: Parameter) -> float:
    """Return a number from typed text (see `parse_number`); raises ParameterError.

    parameter: the number's, or that of a list of which the number is an entry.
    """
    if not isinstance(parameter, Numbers):
        value: float = parameter.parse(text)
        return value
    allowed = f"a number from {format_number(parameter.low)} to {format_number(parameter.high)}"
    try:
        value = parse_number(text)
    except NumberError as error:
        reason = str(error)
        allowed = "" if reason else allowed
        raise ParameterError(parameter.field, text, allowed, None, reason=reason) from None
    if not parameter.low <= value <= parameter.high:
        raise ParameterError(parameter.field, value, allowed, None)
    return value


def is_list(text: str) -> bool:
    """Return whether typed text is two numbers or more, with , or ; between: `0,5` is one."""
    if not {",", ";"} & set(text):
        return False
    try:
        parse_number(text)
    except NumberError:
        try:
            return len(parse_numbers(text)) > 1
        except NumberError:
            pass
    return False
