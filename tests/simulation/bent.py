"""A test landscape: a valley that bends away from the escape direction, so that a tilt turns it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simulation.landscapes.base import Floats, View, rotation
from simulation.landscapes.curved import CurvedLandscape
from simulation.model.experiment import Experiment


class Bent(CurvedLandscape):
    """f = (x − ½y²)² − ½y² + ¼y⁴, turned by θ; its minima are (½, ±1). It has no kernel."""

    name = "monkey"  # of an experiment with the same needs
    code: ClassVar[int] = -1

    def dimension(self, experiment: Experiment) -> int:
        """2."""
        return 2

    def basis(self, experiment: Experiment) -> Floats:
        """The turned plane (2, 2)."""
        return rotation(2, experiment.rotation)

    def untilted_latex(self, experiment: Experiment) -> str:
        """f in z."""
        return r"(z_1 - \tfrac12 z_2^2)^2 - \tfrac12 z_2^2 + \tfrac14 z_2^4"

    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """f(w) (...,)."""
        z = np.asarray(w) @ self.basis(experiment)
        x, y = z[..., 0], z[..., 1]
        f: Floats = (x - y**2 / 2) ** 2 - y**2 / 2 + y**4 / 4 + z @ self.offset(experiment)
        return f

    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """∇f(w) (..., 2)."""
        q = self.basis(experiment)
        z = np.asarray(w) @ q
        x, y = z[..., 0], z[..., 1]
        off = x - y**2 / 2
        slope = np.stack([2 * off, y**3 - y - 2 * off * y], axis=-1)
        g: Floats = (slope + self.offset(experiment)) @ q.T
        return g

    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """∇²f(w) (..., 2, 2)."""
        q = self.basis(experiment)
        z = np.asarray(w) @ q
        x, y = z[..., 0], z[..., 1]
        xx, xy, yy = np.full_like(x, 2.0), -2 * y, 6 * y**2 - 1 - 2 * x
        h: Floats = q @ np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2) @ q.T
        return h

    def minima(self, experiment: Experiment) -> Floats:
        """Both ends of the valley, or the one that a tilt leaves."""
        guesses = np.array([[0.5, 1.0], [0.5, -1.0]]) @ self.basis(experiment).T
        return self.minima_from(experiment, guesses)

    def default_radius(self, experiment: Experiment) -> float:
        """Half-way to the minima."""
        return 0.5

    def view(self, experiment: Experiment) -> View:
        """The plane itself."""
        return View(np.eye(2), ("w₁", "w₂"), (-1.5, 1.5), (-1.5, 1.5))
