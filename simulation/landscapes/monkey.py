"""`monkey`: a degenerate saddle with three valleys and no negative eigenvalue."""

from __future__ import annotations

import numpy as np

from simulation.formula.formula import Formula, formula_of
from simulation.landscapes.base import Floats, View, rotation
from simulation.landscapes.declared import DeclaredLandscape
from simulation.model.experiment import Experiment

REACH = 1.0  # distance of the minima from the saddle


class Monkey(DeclaredLandscape):
    """f = x³ − 3xy² + ¾(x² + y²)², rotated by θ; in polar form r³cos 3φ + ¾r⁴."""

    name = "monkey"
    title = "Monkey saddle"
    about = "A saddle so flat that no eigenvalue is negative: the theory does not apply."
    short = "Monkey saddle"

    def formula(self, experiment: Experiment) -> Formula:
        """Return the polynomial in w₁ and w₂, or in z₁ and z₂ if it is rotated."""
        x, y = ("z1", "z2") if self.is_rotated(experiment) else ("w1", "w2")
        return formula_of(f"{x}^3-3*{x}*{y}^2+3/4*({x}^2+{y}^2)^2")

    def dimension(self, experiment: Experiment) -> int:
        """Return 2."""
        return 2

    def basis(self, experiment: Experiment) -> Floats:
        """Return the rotated basis (2, 2)."""
        return rotation(2, experiment.rotation)

    def saddle(self, experiment: Experiment) -> Floats:
        """Return the origin (2,), from which the escape is measured under a tilt too."""
        return np.zeros(2)

    def minima(self, experiment: Experiment) -> Floats:
        """Return the minima of the three valleys (3, 2); under a tilt, by Newton's method."""
        angles = np.deg2rad([60.0, 180.0, 300.0])
        places = REACH * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return self.minima_from(experiment, places @ self.basis(experiment).T)

    def default_radius(self, experiment: Experiment) -> float:
        """Return half the distance to the minima."""
        return 0.5 * REACH

    def view(self, experiment: Experiment) -> View:
        """Return the whole plane of w."""
        half = max(1.5 * REACH, *(1.1 * abs(s) for s in experiment.start or ()))
        return View(np.eye(2), ("w₁", "w₂"), (-half, half), (-half, half))

    def theory_limitation(self, experiment: Experiment) -> str:
        """Return the reason: the theory needs a negative eigenvalue."""
        return "No eigenvalue is negative at this saddle, so nothing grows at an exponential rate."
