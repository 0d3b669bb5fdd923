"""The values of a formula's parameters, by their place in the formula."""

from __future__ import annotations

from collections.abc import Callable

from app.state.page_state import State
from simulation.formula.chosen import parameter_names
from simulation.model.experiment import (
    PARAMETERS,
    Experiment,
    declared_formula,
    formula_text,
    parameter_value,
)

SLOTS = 8
"""Sliders for a formula's parameters; further ones are typed in the list."""
LARGEST_SHOWN = 10.0
"""Magnitude at the ends of their sliders; a field takes more."""


def names(experiment: Experiment) -> tuple[str, ...]:
    """Return the names of the formula's parameters; () where there is no formula."""
    return parameter_names(declared_formula(experiment)) if formula_text(experiment) else ()


def parameter_of(index: int) -> Callable[[State], float]:
    """Return a getter of the first number of the formula's parameter `index`; 1 if unused."""

    def get(state: State) -> float:
        known = names(state.experiment)
        if index >= len(known):
            return 1.0
        return parameter_value(state.experiment, known[index])[0]

    return get


def with_parameter_of(index: int) -> Callable[[State, float], State]:
    """Return a setter of the formula's parameter `index`; raises ParameterError if unused."""

    def put(state: State, value: float) -> State:
        known = names(state.experiment)
        if index >= len(known):
            raise PARAMETERS["parameters"].error(value, reason="the formula has no such parameter")
        given = dict(state.experiment.parameters)
        rest = given.get(known[index], ())[1:]
        changed = tuple({**given, known[index]: (value, *rest)}.items())
        return State(state.experiment.replace(parameters=changed), state.view)

    return put
