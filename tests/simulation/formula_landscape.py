"""A landscape that is a formula and nothing else, for tests of the engine."""

from __future__ import annotations

import numpy as np

from simulation.formula.arrays import Field
from simulation.formula.formula import bind, formula_of
from simulation.formula.latex import latex
from simulation.formula.tape import lower
from simulation.kernels.records import FORMULA
from simulation.landscapes.base import View
from simulation.landscapes.curved import CurvedLandscape


class FormulaOnly(CurvedLandscape):
    """A formula whose escape is measured from the origin along the first axis."""

    code = FORMULA

    def __init__(self, text, d=None, **numbers):
        self.formula = formula_of(text, d)
        self.numbers = bind(self.formula, numbers)
        self.field = Field(self.formula, self.numbers)

    def dimension(self, experiment):
        return self.formula.dimension

    def untilted_latex(self, experiment):
        return latex(self.formula.tree)

    def value(self, experiment, w):
        return self.field.value(w)

    def gradient(self, experiment, w):
        return self.field.gradient(w) + self.offset(experiment)

    def hessian(self, experiment, w):
        return self.field.hessian(w)

    def saddle(self, experiment):
        return np.zeros(self.formula.dimension)

    def minima(self, experiment):
        return np.empty((0, self.formula.dimension))

    def escape_directions(self, experiment):
        return np.eye(self.formula.dimension)[:1]

    def default_radius(self, experiment):
        return 1.0

    def view(self, experiment):
        return View(np.eye(self.formula.dimension)[:2], ("w₁", "w₂"), (-2, 2), (-2, 2))

    def tape(self, experiment):
        return lower(self.formula).arrays(self.numbers)
