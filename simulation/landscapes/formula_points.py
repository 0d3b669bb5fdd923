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


@lru_cache(maxsize=64)  # asked for many times a page
def defined_near(formula: Formula, numbers: tuple[float, ...], w: tuple[float, ...]) -> Floats:
    """Return w (d,), or the first place around it where f and its Hessian have a value; else w.

    Places tried: at nine distances, along the axes, the diagonals and 32 other directions.
    """
    field, d = field_of(formula, numbers), len(w)
    others = np.random.default_rng(0).normal(size=(32, d))
    ways = np.vstack([np.ones(d), -np.ones(d), np.eye(d), -np.eye(d), others])
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    tried = np.array(w) + np.geomspace(0.1, 10.0, 9)[:, None, None] * ways
    places = np.vstack([w, tried.reshape(-1, d)])
    known = np.isfinite(field.value(places)) & np.isfinite(field.gradient(places)).all(axis=-1)
    for some in np.array_split(places[known], max(1, int(known.sum()) // 32)):
        for place, hessian in zip(some, field.hessian(some), strict=True):
            if np.isfinite(hessian).all():
                return frozen(place)
    return frozen(places[0])


@lru_cache(maxsize=256)  # asked for many times a page
def spectrum_of(
    formula: Formula, numbers: tuple[float, ...], w: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Return eigenvalues (d,), ascending, and eigenvectors (d, d) of ∇²f at w, as columns.

    Zeros and the axes where f has no Hessian. The arrays are kept and cannot be written to.
    """
    hessian = field_of(formula, numbers).hessian(np.array(w))
    if not np.isfinite(hessian).all():
        return frozen(np.zeros(len(w))), frozen(np.eye(len(w)))
    values, vectors = np.linalg.eigh(hessian)
    return frozen(values), frozen(vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0))


def frozen(places: Floats) -> Floats:
    """Return a copy of an array (...,) that cannot be written to, to be kept in a cache."""
    copy = places.copy()
    copy.flags.writeable = False
    return copy
