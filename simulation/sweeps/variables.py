"""What a sweep can vary: every number of an experiment, made from the declarations.

A list (eigenvalues, noise, tilt) offers the entry along the way out, `eig.out`, and the
eigenvalues their largest, `eig.top`; the contenders offer the momentum of the one that is swept.
Source: DESIGN.md section 11.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import MOMENTUM, Contender
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.parameters import Integer, Number, Numbers, ParameterError
from simulation.rules import RULES

Scalar = Number | Integer

NOT_SWEPT = ("steps", "paths", "seed")
"""They say how well a cell is measured, not what it is."""

IN_RULE = ("step_size", "boost", "momentum")
"""Only the update rule changes with them: cells that differ in nothing else share their noise."""

OF_RULES = frozenset(field for rule in RULES.values() for field in rule.reads)
"""Fields that some rules read, and nothing else does."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One number of an experiment: its declaration, and how it is set.

    `put(experiment, value)` is the experiment with that value, and raises ParameterError;
    `get(experiment)` is its value.
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
    """The experiment with one contender's β set."""
    (contender,) = experiment.contenders
    return experiment.replace(contenders=(Contender(contender.rule, value),))


def get_momentum(experiment: Experiment) -> float:
    """The last contender's β."""
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
            reason = "it stays the smallest (or the largest) eigenvalue all along the axis"
            raise ParameterError(name, value, "", None, reason=reason)
        return changed

    return put


def out_places(experiment: Experiment) -> list[int]:
    """The entries of the noise and the tilt that act along the way out."""
    return landscape_of(experiment).escape_indices(experiment)


def low_places(experiment: Experiment) -> list[int]:
    """The entries that belong to the smallest eigenvalue."""
    values = experiment.eigenvalues
    return [j for j, value in enumerate(values) if value == min(values)]


def top_places(experiment: Experiment) -> list[int]:
    """The entries that belong to the largest eigenvalue."""
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
"""Key → what can be swept: `beta`, `eta`, `R`, `batch`, `eig.out`, `sd.out`, …"""


def variables(experiment: Experiment) -> Mapping[str, Variable]:
    """Those of SWEEPABLE that change something: with the landscape, the noise and the rules."""
    place = landscape_of(experiment)
    read = {field for c in experiment.contenders for field in RULES[c.rule].reads}
    return {
        key: found
        for key, found in VARIABLES.items()
        if place.uses(experiment, found.parameter.field)
        and (found.parameter.field not in OF_RULES or found.parameter.field in read)
    }
