"""A formula with the numbers of its parameters: its functions, and its stationary points."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulation.formula.arrays import Field
from simulation.formula.chosen import parameter_names
from simulation.formula.formula import Formula, bind
from simulation.formula.points import StationaryPoints, stationary_points
from simulation.landscapes.base import Floats
from simulation.model.experiment import Experiment, declared_formula, parameter_value


def escapable(found: StationaryPoints, *, aimed: bool) -> NDArray[np.bool_]:
    """Return which stationary points (n,) can be escaped from: the saddles.

    Where there are none, or for a point that is `aimed` at: all from which f falls somewhere.
    """
    saddles = np.array([kind == "saddle" for kind in found.kinds], dtype=np.bool_)
    return saddles if saddles.any() and not aimed else found.falls


def defined_near(field: Field, w: Floats) -> Floats:
    """Return w (d,), or the first place around it where f and its Hessian have a value; else w.

    Places tried: at nine distances, along the axes, the diagonals and 32 other directions.
    """
    d = len(w)
    others = np.random.default_rng(0).normal(size=(32, d))
    ways = np.vstack([np.ones(d), -np.ones(d), np.eye(d), -np.eye(d), others])
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    tried = w + np.geomspace(0.1, 10.0, 9)[:, None, None] * ways
    place: Floats
    for place in (w, *tried.reshape(-1, d)):
        parts = field.value(place), field.gradient(place), field.hessian(place)
        if all(np.isfinite(part).all() for part in parts):
            return place
    return w


def numbers_of(experiment: Experiment) -> tuple[float, ...]:
    """Return the values of the formula's parameters, in their order."""
    formula = declared_formula(experiment)
    names = parameter_names(formula)
    return bind(formula, {name: parameter_value(experiment, name) for name in names})


@lru_cache(maxsize=64)
def field_of(formula: Formula, numbers: tuple[float, ...]) -> Field:
    """Return f as functions of arrays."""
    return Field(formula, numbers)


@lru_cache(maxsize=64)
def points_of(
    formula: Formula, numbers: tuple[float, ...], seeds: tuple[tuple[float, ...], ...]
) -> StationaryPoints:
    """Return the stationary points; the search starts at each seed too."""
    return stationary_points(field_of(formula, numbers), np.array(seeds))
