"""`quadratic`: the saddle ½Σλ_i z_i², unbounded below."""

from __future__ import annotations

import numpy as np

from simulation.landscapes.base import Floats
from simulation.landscapes.separable import Separable
from simulation.model.experiment import Experiment


class Quadratic(Separable):
    """f(w) = ½wᵀAw + cᵀw."""

    name = "quadratic"
    title = "Quadratic saddle"
    about = "A pure saddle, where the theory of the escape is exact."
    short = "Quadratic saddle"
    numpy_gradient = '''def gradient(w, batch):
    """∇f of f(w) = ½ Σ λ_j z_j², z = Qᵀw."""
    z = w @ Q
    return (LAMBDA * z) @ Q.T
'''
    torch_loss = '''def loss(w, batch):
    """f(w) = ½ Σ λ_j z_j², z = Qᵀw, summed over the paths."""
    z = w @ EIGENVECTORS
    return (0.5 * LAMBDA * z**2).sum()
'''

    def default_radius(self, experiment: Experiment) -> float:
        """Return 1."""
        return 1.0

    def falling(self, experiment: Experiment) -> Floats:
        """Return 1 for each coordinate (d,) with λ < 0, or with λ = 0 and a tilt."""
        values, slope = self.eigenvalues(experiment), self.offset(experiment)
        return np.where((values < 0) | ((values == 0) & (slope != 0)), 1.0, 0.0)
