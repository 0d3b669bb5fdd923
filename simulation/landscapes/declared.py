"""Base class of landscapes whose f₀ is declared as a formula in eigen-coordinates z = Qᵀw."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from simulation.formula.arrays import Field
from simulation.formula.formula import Formula
from simulation.formula.latex import latex
from simulation.formula.sources import constants, numpy_gradient, torch_loss
from simulation.formula.tape import lower
from simulation.kernels.records import FORMULA, TapeArrays
from simulation.landscapes.base import Floats
from simulation.landscapes.curved import CurvedLandscape
from simulation.landscapes.formula_points import field_of
from simulation.model.experiment import Experiment


class DeclaredLandscape(CurvedLandscape):
    """f₀(Qᵀw) + cᵀw; value, gradient, Hessian, tape, LaTeX and sources follow from the formula."""

    code = FORMULA
    in_eigen_coordinates = False

    @abstractmethod
    def formula(self, experiment: Experiment) -> Formula:
        """Return f₀; its weights are named as the page names the coordinates."""

    def numbers(self, experiment: Experiment) -> tuple[float, ...]:
        """Return the numbers of the formula's parameters, in their order."""
        return ()

    def field(self, experiment: Experiment) -> Field:
        """Return f₀ with its numbers, as functions of arrays of z."""
        return field_of(self.formula(experiment), self.numbers(experiment))

    def dimension(self, experiment: Experiment) -> int:
        """Return the number of weights of the formula."""
        return self.formula(experiment).dimension

    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """Return f(w) (...,)."""
        z = self._eigen_coordinates(experiment, w)
        f: Floats = self.field(experiment).value(z)
        return f + z @ self.offset(experiment)

    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇f(w) (..., d)."""
        g = self.field(experiment).gradient(self._eigen_coordinates(experiment, w))
        g = g + self.offset(experiment)
        turned: Floats = g @ self.basis(experiment).T if self.is_rotated(experiment) else g
        return turned

    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇²f(w) (..., d, d)."""
        h = self.field(experiment).hessian(self._eigen_coordinates(experiment, w))
        q = self.basis(experiment)
        turned: Floats = q @ h @ q.T if self.is_rotated(experiment) else h
        return turned

    def _eigen_coordinates(self, experiment: Experiment, w: Floats) -> Floats:
        """Return z = Qᵀw (..., d)."""
        z: Floats = np.asarray(w)
        return z @ self.basis(experiment) if self.is_rotated(experiment) else z

    def untilted_latex(self, experiment: Experiment) -> str:
        """Return the formula in LaTeX."""
        return latex(self.formula(experiment).tree)

    def tape(self, experiment: Experiment) -> TapeArrays:
        """Return ∇f₀ as a tape in the kernel's form."""
        return lower(self.formula(experiment)).arrays(self.numbers(experiment))

    def cost(self, experiment: Experiment, *, linear: bool) -> int:
        """Return the cost per coordinate: that of the tape, and of drawing a batch."""
        return lower(self.formula(experiment)).cost + self.drawing(experiment)

    def constants(self, experiment: Experiment) -> list[str]:
        """Return the script lines that define Q, if it is rotated, and the formula's parameters."""
        own = constants(self.formula(experiment), self.numbers(experiment))
        return super().constants(experiment) + own

    def gradient_source(self, experiment: Experiment) -> str:
        """Return the NumPy source of gradient(w, batch)."""
        return numpy_gradient(self.formula(experiment), rotated=self.is_rotated(experiment))

    def loss_source(self, experiment: Experiment) -> str:
        """Return the PyTorch source of loss(w, batch)."""
        return torch_loss(self.formula(experiment), rotated=self.is_rotated(experiment))
