"""The live work budget applied to a state of the page."""

from __future__ import annotations

from app.state.page_state import State
from simulation.model.experiment import PARAMETERS
from simulation.model.parameters import ParameterError
from simulation.model.query import Repair
from simulation.runs import budget


def clamp_to_budget(state: State) -> tuple[State, list[Repair]]:
    """Return the nearest state within the live work budget, and the repairs made."""
    repairs: list[Repair] = []
    while True:
        try:
            budget.check(state.experiment)
            return state, repairs
        except ParameterError as error:
            parameter = PARAMETERS[error.field]
            smaller = state.experiment.replace(**{error.field: error.nearest})
            given, used = (parameter.format(value) for value in (error.value, error.nearest))
            repairs.append(Repair(parameter.key, given, used, error.allowed))
            state = State(smaller, state.view)
