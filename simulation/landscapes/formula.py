"""Landscapes that are given as formulas: the catalogue's, and the reader's own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulation.formula.chosen import is_free, parameter_names
from simulation.formula.formula import Formula
from simulation.formula.graph import Op
from simulation.formula.points import StationaryPoints
from simulation.landscapes.base import NOWHERE, Floats, View
from simulation.landscapes.curved import SAME
from simulation.landscapes.declared import DeclaredLandscape
from simulation.landscapes.formula_points import (
    defined_near,
    escapable,
    numbers_of,
    points_of,
    spectrum_of,
)
from simulation.model.classics import CLASSICS
from simulation.model.experiment import Experiment, declared_formula

PARTIAL = frozenset({Op.DIV, Op.POW, Op.SQRT, Op.LOG})
"""Operations without a value for some numbers."""
MOST_SHOWN = 20
"""Stationary points that the map of a function of two weights shows together."""
DELAY = 0.04
"""In e-folding times: a little less than the largest at which the law gives the escape time."""
DEGENERATE = "No eigenvalue is negative at this saddle, so nothing grows at an exponential rate."


class FormulaLandscape(DeclaredLandscape):
    """A function of the weights given as text, with the saddle nearest to `near` or the start."""

    ignores = ("rotation", "eigenvalues")
    own_fields: tuple[str, ...] = ("parameters", "near")

    def __init__(self, name: str) -> None:
        """Take the catalogue's entry `name`, or `formula`: the experiment's own."""
        self.name = name
        classic = CLASSICS.get(name)
        self.title = self.short = classic.title if classic else "Your own function"
        self.about = classic.about if classic else "Any function of the weights, as a formula."
        if not classic:
            self.own_fields = ("formula", *self.own_fields)

    def uses(self, experiment: Experiment, field: str) -> bool:
        """As in the base class; `dimension` only if the formula has a sum over all weights."""
        formula = declared_formula(experiment)
        if field == "dimension":
            return is_free(formula)
        if field == "parameters":
            return bool(parameter_names(formula))
        return super().uses(experiment, field)

    def formula(self, experiment: Experiment) -> Formula:
        """Return the experiment's own formula, or the catalogue's."""
        return declared_formula(experiment)

    def numbers(self, experiment: Experiment) -> tuple[float, ...]:
        """Return the values of the formula's parameters, in their order."""
        return numbers_of(experiment)

    def points(self, experiment: Experiment) -> StationaryPoints:
        """Return the stationary points of f without tilt."""
        field = self.field(experiment)
        seeds = [np.zeros(field.dimension)]
        seeds += [np.array(w) for w in (experiment.near, self._given_start(experiment)) if w]
        return points_of(declared_formula(experiment), numbers_of(experiment),
                       tuple(tuple(map(float, w)) for w in seeds))  # fmt: skip

    def _given_start(self, experiment: Experiment) -> tuple[float, ...] | None:
        """Return the start if it has one number per weight."""
        start, d = experiment.start, self.dimension(experiment)
        return start if start is not None and len(start) == d else None

    def untilted_saddle(self, experiment: Experiment) -> Floats:
        """Return the saddle (d,) nearest to `near`, else to the start, else to the origin.

        If there is none: the nearest maximum or degenerate point, else the start itself.
        """
        towards = np.array(
            experiment.near or self._given_start(experiment) or np.zeros(self.dimension(experiment))
        )
        found = self.points(experiment)
        ways = escapable(found, aimed=experiment.near is not None)
        if not ways.any():
            where = tuple(map(float, towards))
            return defined_near(self.formula(experiment), self.numbers(experiment), where)
        places, values = found.places[ways], found.values[ways]
        away = np.linalg.norm(places - towards, axis=1)
        order = np.lexsort((*places.T[::-1], values, away.round(9)))
        nearest: Floats = places[order[0]]
        return nearest

    def saddles(self, experiment: Experiment) -> Floats:
        """Return the saddles (S, d), that of the race first; of three weights or more, only that.

        None if there is nothing to escape from. Under a tilt only that of the race is known.
        """
        chosen = self.saddle(experiment)
        if not self.has_saddle(experiment):
            return np.empty((0, len(chosen)))
        found = self.points(experiment)
        others = found.places[[kind == "saddle" for kind in found.kinds]]
        if len(chosen) > 2 or self.offset(experiment).any():
            others = others[:0]
        apart = np.linalg.norm(others - chosen, axis=1) > 1e-6
        return np.vstack([chosen, others[apart]])

    def is_valley(self, experiment: Experiment) -> bool:
        """Return whether the search found a continuum."""
        return "continuum" in self.points(experiment).kinds

    def is_partial(self, experiment: Experiment) -> bool:
        """Return whether the formula has an operation without a value everywhere."""
        return not PARTIAL.isdisjoint(declared_formula(experiment).graph.ops)

    def has_saddle(self, experiment: Experiment) -> bool:
        """Return whether there is a stationary point with a direction in which f falls."""
        found = self.points(experiment)
        return bool(found.falls.any())

    def spectrum_at(self, experiment: Experiment, w: Floats) -> tuple[Floats, Floats]:
        """Return the spectrum (d,), (d, d) as in the base class; zeros where f has no Hessian."""
        where = tuple(map(float, w))
        values, vectors = spectrum_of(self.formula(experiment), self.numbers(experiment), where)
        return values.copy(), vectors.copy()

    def escape_directions(self, experiment: Experiment) -> Floats:
        """Return orthonormal rows (k, d); all directions where no eigenvalue is negative."""
        untilted, _ = self.spectrum_at(experiment, self.untilted_saddle(experiment))
        steep = untilted[0] < -SAME * np.abs(untilted).max()
        if not (steep and self.has_saddle(experiment)):
            return np.eye(len(untilted))
        return super().escape_directions(experiment)

    def minima(self, experiment: Experiment) -> Floats:
        """Return the minima (M, d); under a tilt, by Newton's method from those without."""
        found = self.points(experiment)
        places = found.places[[kind in ("minimum", "continuum") for kind in found.kinds]]
        if not self.offset(experiment).any() or not len(places):
            return np.array(places)
        return self.minima_from(experiment, places)

    def _nearest_minima(self, experiment: Experiment) -> Floats:
        """Return the minima (M, d) without tilt, nearest to the saddle first."""
        found, saddle = self.points(experiment), self.untilted_saddle(experiment)
        places = found.places[[kind in ("minimum", "continuum") for kind in found.kinds]]
        order = np.argsort(np.linalg.norm(places - saddle, axis=1), kind="stable")
        nearest: Floats = places[order]
        return nearest

    def default_radius(self, experiment: Experiment) -> float:
        """Return half the distance to the nearest minimum, or less: where the law gives the time.

        That is where ∫(1/q − 1) d log s, q = ⟨∇f(w* + sv), v⟩/(λs), is at most DELAY on average
        over both sides (`theory/linear_range.py`). 0.5 for half the distance if there is none.
        """
        return _default_radius(self, experiment)

    def axes(self, experiment: Experiment) -> Floats:
        """Return the view's axes (2, d): the weights', or the way out and towards a minimum."""
        d = self.dimension(experiment)
        if d == 2:
            return np.eye(2)
        saddle = self.untilted_saddle(experiment)
        _, vectors = self.spectrum_at(experiment, saddle)
        first = vectors[:, 0]
        others = [*(self._nearest_minima(experiment) - saddle), *vectors.T[1:]]
        for other in others:
            across = other - (other @ first) * first
            size = float(np.linalg.norm(across))
            if size > 1e-6 * max(1.0, float(np.linalg.norm(other))):
                return np.stack([first, across / size])
        return np.stack([first, vectors[:, 1]])

    def view(self, experiment: Experiment) -> View:
        """Return a square around the stationary points and the start, or around the nearest ones.

        Around all where they are at most MOST_SHOWN, in two dimensions; else around the saddle and
        its two nearest minima.
        """
        axes, formula = self.axes(experiment), declared_formula(experiment)
        found = self.points(experiment)
        labels = (formula.weights[0], formula.weights[1])
        if len(formula.weights) > 2:
            labels = ("along the way out", "across it")
        saddle, start = self.untilted_saddle(experiment), self.start(experiment)
        seen = np.vstack([saddle, start, self._nearest_minima(experiment)[:2]]) @ axes.T
        if len(axes) == len(saddle) and 0 < found.total <= MOST_SHOWN:
            seen = np.vstack([found.places, start])
        middle = 0.5 * (seen.min(axis=0) + seen.max(axis=0))
        half = 0.75 * float(np.ptp(seen, axis=0).max()) or 2.0
        half = max(half, 1.5 * self.escape_radius(experiment))
        (x, y) = ((float(c) - half, float(c) + half) for c in middle)
        return View(axes, labels, x, y)

    def start(self, experiment: Experiment) -> Floats:
        """Return w₀ (d,): as given, in the drawn plane through the saddle, or the saddle."""
        if experiment.start is None:
            return self.saddle(experiment)
        given = self._given_start(experiment)
        if given is not None:
            return np.array(given)
        axes, saddle = self.axes(experiment), self.untilted_saddle(experiment)
        w: Floats = saddle - (axes @ saddle) @ axes + np.array(experiment.start) @ axes
        return w

    def theory_limitation(self, experiment: Experiment) -> str:
        """Return '' or why there is no law: no saddle, or one without a negative eigenvalue."""
        if not self.has_saddle(experiment):
            return NOWHERE
        values, _ = self.spectrum_at(experiment, self.untilted_saddle(experiment))
        return "" if values[0] < -SAME * np.abs(values).max() else DEGENERATE

    def escape_indices(self, experiment: Experiment) -> list[int]:
        """Return the indices of the weights that change along the way out."""
        moved = np.abs(self.escape_directions(experiment)).max(axis=0) > 1e-9
        return [int(j) for j in np.flatnonzero(moved)]

    def falling(self, experiment: Experiment) -> NDArray[np.float64]:
        """Return 1 for the weights (d,) along which f falls without end from the saddle."""
        field, saddle = self.field(experiment), self.untilted_saddle(experiment)
        d = len(saddle)
        steps = np.geomspace(10.0, 1e8, 15)
        out = np.zeros(d)
        for j in range(d):
            for sign in (1.0, -1.0):
                f = field.value(saddle + sign * steps[:, None] * np.eye(d)[j])
                f = np.append(field.value(saddle), f)
                out[j] = max(out[j], float((f[1:] < f[:-1]).all()))
        return out


@lru_cache(maxsize=64)  # asked for several times a page
def _default_radius(place: FormulaLandscape, experiment: Experiment) -> float:
    saddle = place.untilted_saddle(experiment)
    away = np.linalg.norm(place._nearest_minima(experiment) - saddle, axis=1)
    away = away[away > 1e-6]
    half = 0.5 * float(away[0]) if len(away) else 0.5
    values, vectors = place.spectrum_at(experiment, saddle)
    if not (place.has_saddle(experiment) and values[0] < -SAME * np.abs(values).max()):
        return float(f"{half:.3g}")
    s, v = half * np.geomspace(1e-3, 1, 121), vectors[:, 0]
    field, sides = place.field(experiment), []
    for side in (s, -s):
        q = (field.gradient(saddle + side[:, None] * v) @ v) / (values[0] * side)
        slower = np.where(q > 0, 1 / np.where(q > 0, q, 1.0) - 1, np.inf)
        steps = 0.5 * (slower[1:] + slower[:-1]) * np.diff(np.log(s))
        sides.append(np.cumsum(steps))
    fits = np.abs(sides[0] + sides[1]) / 2 <= DELAY
    if fits.all() or not fits[0]:  # everywhere, or so near that no radius would do
        return float(f"{half:.2g}")
    return float(f"{s[int(np.argmin(fits))]:.2g}")
