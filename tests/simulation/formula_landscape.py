"""A landscape that is a formula and nothing else, for tests of the engine."""

from __future__ import annotations

import numpy as np

from simulation.formula.formula import bind, formula_of
from simulation.landscapes.base import View
from simulation.landscapes.declared import DeclaredLandscape


class FormulaOnly(DeclaredLandscape):
    """A formula whose escape is measured from the origin along the first axis."""

    def __init__(self, text, d=None, **numbers):
        self._formula = formula_of(text, d)
        self._numbers = bind(self._formula, numbers)

    def formula(self, experiment):
        return self._formula

    def numbers(self, experiment):
        return self._numbers

    def saddle(self, experiment):
        return np.zeros(self._formula.dimension)

    def minima(self, experiment):
        return np.empty((0, self._formula.dimension))

    def escape_directions(self, experiment):
        return np.eye(self._formula.dimension)[:1]

    def default_radius(self, experiment):
        return 1.0

    def view(self, experiment):
        return View(np.eye(self._formula.dimension)[:2], ("w₁", "w₂"), (-2, 2), (-2, 2))
