"""Edits of a landscape that is given as a formula.

Pure functions: no components, no ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.state.formula_values import names
from app.state.page_state import State
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import PARAMETERS, Experiment, default_of, formula_text
from simulation.model.parameters import value_text

LARGEST_STEP, STABLE_SHARE = 0.01, 0.2
OWN = "formula"


def usual_step(experiment: Experiment) -> float:
    """Return a step size that is stable at the saddle and the nearest minimum: 0.2/λ, one digit."""
    place = landscape_of(experiment)
    points = [place.saddle(experiment), *place.minima(experiment)[:2]]
    largest = max(float(place.hessian(experiment, w).max()) for w in points)
    if not largest > 0:
        return LARGEST_STEP
    digits = f"{STABLE_SHARE / largest:.0e}"
    return min(LARGEST_STEP, max(1e-7, float(digits)))


def _formula(state: State, given: Any) -> State:
    """Set the reader's own formula, with the parameters that it shares with the last one."""
    parameter, was = PARAMETERS["formula"], state.experiment
    text = parameter.check(parameter.parse(value_text(given)))
    if text == formula_text(was):
        return state
    new = Experiment(landscape=OWN, formula=text, contenders=was.contenders, seed=was.seed)
    kept = tuple(pair for pair in was.parameters if pair[0] in names(new))
    new = new.replace(parameters=kept)
    if not formula_text(was):
        return State(new.replace(step_size=usual_step(new)), state.view)
    for name in ("noise", "noise_sd", "steps", "paths", "radius", "hold", "samples", "batch"):
        if getattr(was, name) != default_of(name, was.landscape):
            new = new.replace(**{name: getattr(was, name)})
    chosen = was.step_size not in (usual_step(was), default_of("step_size", was.landscape))
    return State(new.replace(step_size=was.step_size if chosen else usual_step(new)), state.view)


def _near(state: State, given: Any) -> State:
    """Race from the stationary point nearest to the given one; the start goes there."""
    parameter = PARAMETERS["near"]
    values = parameter.parse(given) if isinstance(given, str) else given
    changed = state.experiment.replace(near=parameter.check(values), start=None)
    return State(changed, state.view)


def _parameters(state: State, given: Any) -> State:
    """Set all parameters from `a:2,b:1;0.5`."""
    parameter = PARAMETERS["parameters"]
    values = parameter.check(parameter.parse(value_text(given)))
    return State(state.experiment.replace(parameters=values), state.view)


FORMULA_FIELDS: Mapping[str, str] = MappingProxyType(
    {PARAMETERS[name].key: name for name in ("formula", "parameters", "dimension")}
)
"""Key of a text field → the parameter that is typed in it."""


def _dimension(state: State, given: Any) -> State:
    """Set the number of weights that a sum runs over; the start and the saddle are chosen anew."""
    parameter = PARAMETERS["dimension"]
    value = parameter.check(parameter.parse(value_text(given)))
    changed = state.experiment.replace(dimension=value, near=None, start=None)
    return State(changed, state.view)


FORMULA_EDITS: Mapping[str, Callable[[State, Any], State]] = MappingProxyType(
    {
        PARAMETERS["formula"].key: _formula,
        PARAMETERS["near"].key: _near,
        PARAMETERS["parameters"].key: _parameters,
        PARAMETERS["dimension"].key: _dimension,
    }
)
"""Edit key → function (state, value) → state."""
