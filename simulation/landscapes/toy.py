"""`toy`: the paper's (3), a saddle between two minima."""

from __future__ import annotations

from simulation.kernels.records import TOY
from simulation.landscapes.separable import Separable
from simulation.model.experiment import Experiment


class Toy(Separable):
    """The paper's (3): f(w) = ½wᵀAw + b̄ᵀw + ‖w‖₁₀¹⁰."""

    name = "toy"
    title = "The paper's toy"
    about = "The paper's objective (3): a saddle between two minima."
    short = "Toy saddle"
    power = 10.0
    code = TOY
    numpy_gradient = '''def gradient(w, batch):
    """∇f of f(w) = Σ ½λ_j z_j² + z_j¹⁰, z = Qᵀw: the paper's (3)."""
    z = w @ Q
    return (LAMBDA * z + 10.0 * z**9) @ Q.T
'''
    torch_loss = '''def loss(w, batch):
    """f(w) = Σ ½λ_j z_j² + z_j¹⁰, z = Qᵀw, the paper's (3), summed over the paths."""
    z = w @ EIGENVECTORS
    return (0.5 * LAMBDA * z**2 + z**10).sum()
'''

    def wall(self, experiment: Experiment) -> float:
        """Return the distance of the minima in the escape direction without tilt: (|λ₋|/10)^⅛."""
        return float((abs(min(experiment.eigenvalues)) / self.power) ** 0.125)

    def default_radius(self, experiment: Experiment) -> float:
        """Return half the distance to the minima."""
        return 0.5 * self.wall(experiment)

    def half_width(self, experiment: Experiment) -> float:
        """Return a half width that includes the minima."""
        return max(1.4 * self.wall(experiment), 1.2 * self.escape_radius(experiment))
