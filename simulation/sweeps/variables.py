"""Parameters that a sweep can vary, derived from the declarations.

For a list (eigenvalues, noise, tilt) the entry of the escape direction, `eig.out`, and for the
eigenvalues also the largest, `eig.top`; for the contenders the momentum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from simulation.formula.chosen import parameter_names
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import MOMENTUM, Contender
from simulation.model.experiment import (
    PARAMETERS,
    Experiment,
    declared_formula,
    formula_text,
    parameter_value,
)
from simulation.model.formula_parameters import LARGEST
from simulation.model.parameters import Integer, Number, Numbers, ParameterError
from simulation.rules import RULES

Scalar = Number | Integer

NOT_SWEPT = ("steps", "paths", "seed")
"""Fields that determine how precisely a cell is measured, not its value."""

IN_RULE = ("step_size", "boost", "momentum")
"""Fields that affect the update rule only: cells that differ only in these share their noise."""

OF_RULES = frozenset(field for rule in RULES.values() for field in rule.reads)
"""Fields that are read by some rules only."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One scalar parameter of an experiment: its declaration, setter and getter.

    `put(experiment, value)` returns the experiment with that value, and raises ParameterError;
    `get(experiment)` returns its value.
    """

    key: str
    parameter: Scalar
    put: Callable[[Experiment, float], Experiment]
    get: Callable[[Experiment], float]
    in_rule: bool

    @property
    def title(self) -> str:
        """Symbol and name, for an axis: `β, momentum`."""
        name = self.parameter.label.lower()
        return f"{self.parameter.symbol}, {name}" if self.parameter.symbol else name


def put_momentum(experiment: Experiment, value: float) -> Experiment:
    """Return the experiment with its only contender's β set."""
    (contender,) = experiment.contenders
    return experiment.replace(contenders=(Contender(contender.rule, value),))


def get_momentum(experiment: Experiment) -> float:
    """Return the last contender's β."""
    return experiment.contenders[-1].momentum


def _field(name: str) -> Callable[[Experiment, float], Experiment]:
    return lambda experiment, value: experiment.replace(**{name: value})


def _value(name: str) -> Callable[[Experiment], float]:
    def get(experiment: Experiment) -> float:
        value = getattr(experiment, name)
        return landscape_of(experiment).escape_radius(experiment) if value is None else value

    return get


def _entry(name: str, places: Callable[[Experiment], list[int]]) -> Callable[..., Experiment]:
    def put(experiment: Experiment, value: float) -> Experiment:
        values = list(getattr(experiment, name))
        chosen = places(experiment)
        for place in chosen:
            values[place] = value
        changed = experiment.replace(**{name: tuple(values)})
        if places(changed) != chosen:
            reason = "it must remain the smallest (or largest) eigenvalue along the whole axis"
            raise ParameterError(name, value, "", None, reason=reason)
        return changed

    return put


def out_places(experiment: Experiment) -> list[int]:
    """Return the indices of the noise and the tilt that act along the escape direction."""
    return landscape_of(experiment).escape_indices(experiment)


def low_places(experiment: Experiment) -> list[int]:
    """Return the indices of the smallest eigenvalue."""
    values = experiment.eigenvalues
    return [j for j, value in enumerate(values) if value == min(values)]


def top_places(experiment: Experiment) -> list[int]:
    """Return the indices of the largest eigenvalue."""
    values = experiment.eigenvalues
    return [j for j, value in enumerate(values) if value == max(values)]


def _read(name: str, places: Callable[[Experiment], list[int]]) -> Callable[..., float]:
    def get(experiment: Experiment) -> float:
        value: float = getattr(experiment, name)[places(experiment)[0]]
        return value

    return get


def _as_number(declared: Numbers, **changes: str) -> Number:
    shared = ("field", "help", "low", "high", "scale", "step")
    kept = {name: getattr(declared, name) for name in shared}
    return Number(default=declared.default[-1], **{**kept, **changes})


def _declared() -> list[Variable]:
    found = [Variable(MOMENTUM.key, MOMENTUM, put_momentum, get_momentum, True)]
    for name, parameter in PARAMETERS.items():
        if isinstance(parameter, Number | Integer) and name not in NOT_SWEPT:
            field, in_rule = (_field(name), _value(name)), name in IN_RULE
            found.append(Variable(parameter.key, parameter, *field, in_rule))
    for name, symbol, ending, label, places in (
        ("eigenvalues", "λ₋", "out", "smallest eigenvalue", low_places),
        ("eigenvalues", "λ₊", "top", "largest eigenvalue", top_places),
        ("noise_sd", "σ", "out", "noise along the way out", out_places),
        ("tilt", "c", "out", "tilt along the way out", out_places),
    ):
        declared = PARAMETERS[name]
        if isinstance(declared, Numbers):
            key = f"{declared.key}.{ending}"
            number = _as_number(declared, key=key, symbol=symbol, label=label)
            found.append(Variable(key, number, _entry(name, places), _read(name, places), False))
    return found


VARIABLES: Mapping[str, Variable] = MappingProxyType({s.key: s for s in _declared()})
"""Key → variable: `beta`, `eta`, `R`, `batch`, `eig.out`, `sd.out`, …"""


PARAMETER_KEY = re.compile(r"^p\.([A-Za-z][A-Za-z0-9]{0,19})$")


@lru_cache(maxsize=256)
def variable(key: str) -> Variable:
    """Return the variable of a key: of VARIABLES, or `p.a`, the parameter a of a formula.

    Raises ParameterError for an unknown key.
    """
    if key in VARIABLES:
        return VARIABLES[key]
    named = PARAMETER_KEY.match(key)
    if not named:
        raise ParameterError("axis", key, "one of " + ", ".join(VARIABLES), None)
    return _of_formula(key, named[1])


def _of_formula(key: str, name: str) -> Variable:
    number = Number(
        key=key, symbol=name, label="parameter", default=1.0, low=-LARGEST, high=LARGEST,
        field="parameters", help="A parameter of the formula.",
    )  # fmt: skip

    def put(experiment: Experiment, value: float) -> Experiment:
        given = dict(experiment.parameters)
        rest = given.get(name, ())[1:]
        return experiment.replace(parameters=tuple({**given, name: (value, *rest)}.items()))

    return Variable(key, number, put, lambda e: parameter_value(e, name)[0], False)


def variables(experiment: Experiment) -> Mapping[str, Variable]:
    """Return those of VARIABLES that have an effect with this landscape, noise and rules."""
    place = landscape_of(experiment)
    read = {field for c in experiment.contenders for field in RULES[c.rule].reads}
    names = parameter_names(declared_formula(experiment)) if formula_text(experiment) else ()
    of_formula = {f"p.{name}": variable(f"p.{name}") for name in names}
    return of_formula | {
        key: found
        for key, found in VARIABLES.items()
        if place.uses(experiment, found.parameter.field)
        and (found.parameter.field not in OF_RULES or found.parameter.field in read)
    }
