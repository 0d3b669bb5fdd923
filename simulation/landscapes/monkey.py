"""`monkey`: a degenerate saddle with three valleys and no negative eigenvalue."""

from __future__ import annotations

import numpy as np

from simulation.kernels.records import MONKEY
from simulation.landscapes.base import Floats, View, rotation
from simulation.landscapes.curved import CurvedLandscape
from simulation.model.experiment import Experiment

REACH = 1.0  # distance of the minima from the saddle


class Monkey(CurvedLandscape):
    """f = x³ − 3xy² + ¾(x² + y²)², rotated by θ; in polar form r³cos 3φ + ¾r⁴."""

    name = "monkey"
    title = "Monkey saddle"
    about = "A saddle so flat that no eigenvalue is negative: the theory does not apply."
    short = "Monkey saddle"
    code = MONKEY
    numpy_gradient = '''def gradient(w, batch):
    """∇f of f(x, y) = x³ − 3xy² + ¾(x² + y²)², z = Qᵀw."""
    z = w @ Q
    x, y = z[..., 0], z[..., 1]
    ring = 3.0 * (x * x + y * y)
    return np.stack([3.0 * (x * x - y * y) + ring * x, -6.0 * x * y + ring * y], axis=-1) @ Q.T
'''
    torch_loss = '''def loss(w, batch):
    """f(x, y) = x³ − 3xy² + ¾(x² + y²)², z = Qᵀw, summed over the paths."""
    z = w @ EIGENVECTORS
    x, y = z[..., 0], z[..., 1]
    return (x**3 - 3.0 * x * y**2 + 0.75 * (x**2 + y**2) ** 2).sum()
'''

    def dimension(self, experiment: Experiment) -> int:
        """Return 2."""
        return 2

    def basis(self, experiment: Experiment) -> Floats:
        """Return the rotated basis (2, 2)."""
        return rotation(2, experiment.rotation)

    def untilted_latex(self, experiment: Experiment) -> str:
        """Return the polynomial in w₁ and w₂, or in z₁ and z₂ if it is rotated."""
        x, y = ("z_1", "z_2") if self.is_rotated(experiment) else ("w_1", "w_2")
        return rf"{x}^3 - 3 {x} {y}^2 + \tfrac34 \left({x}^2 + {y}^2\right)^2"

    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """Return f(w) (...,)."""
        z = np.asarray(w) @ self.basis(experiment)
        x, y = z[..., 0], z[..., 1]
        f: Floats = x**3 - 3 * x * y**2 + 0.75 * (x**2 + y**2) ** 2
        return f + z @ self.offset(experiment)

    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇f(w) (..., 2)."""
        q = self.basis(experiment)
        z = np.asarray(w) @ q
        x, y = z[..., 0], z[..., 1]
        ring = 3 * (x**2 + y**2)
        slope = np.stack([3 * (x**2 - y**2) + ring * x, -6 * x * y + ring * y], axis=-1)
        g: Floats = (slope + self.offset(experiment)) @ q.T
        return g

    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇²f(w) (..., 2, 2)."""
        q = self.basis(experiment)
        z = np.asarray(w) @ q
        x, y = z[..., 0], z[..., 1]
        xx, yy = 6 * x + 9 * x**2 + 3 * y**2, -6 * x + 3 * x**2 + 9 * y**2
        xy = -6 * y + 6 * x * y
        h = np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2)
        turned: Floats = q @ h @ q.T
        return turned

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
