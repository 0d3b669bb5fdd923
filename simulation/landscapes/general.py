"""What landscapes without separate coordinates share: additive noise, a found saddle, a problem.

Source: DESIGN.md section 3.
"""

from __future__ import annotations

import numpy as np

from simulation.experiment import Experiment
from simulation.kernels.records import Problem
from simulation.landscapes.base import BOUND, Floats, Landscape, Linearisation
from simulation.noise import additive_sd

SAME = 1e-9  # eigenvalues this close, relative to the largest, are one


class General(Landscape):
    """A landscape f₀(w) + cᵀw whose f₀ has its saddle at the origin."""

    code: int

    def noise_sd(self, experiment: Experiment) -> Floats:
        """σ (d,): the declared list, its last number repeated."""
        return extended(experiment.noise_sd, self.dimension(experiment))

    def tilt(self, experiment: Experiment) -> Floats:
        """c (d,): the declared list, its last number repeated."""
        return extended(experiment.tilt, self.dimension(experiment))

    def saddle(self, experiment: Experiment) -> Floats:
        """The saddle (d,): the origin, or where Newton's method leads from there under a tilt.

        The origin also where that leaves the escape radius: the tilt has swallowed the saddle.
        """
        w = np.zeros(self.dimension(experiment))
        if not self.offset(experiment).any():
            return w
        for _ in range(50):
            slope = self.gradient(experiment, w)
            w = w - np.linalg.lstsq(self.hessian(experiment, w), slope, rcond=1e-12)[0]
        found = np.linalg.norm(self.gradient(experiment, w)) < 1e-9
        inside = np.linalg.norm(w) < self.escape_radius(experiment)
        return w if found and inside else np.zeros_like(w)

    def spectrum(self, experiment: Experiment) -> tuple[Floats, Floats]:
        """Eigenvalues (d,), rising, and eigenvectors as columns (d, d) at the origin."""
        h = self.hessian(experiment, np.zeros(self.dimension(experiment)))
        values, vectors = np.linalg.eigh(h)
        return values, vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)

    def escape_directions(self, experiment: Experiment) -> Floats:
        """Orthonormal rows (k, d)."""
        values, vectors = self.spectrum(experiment)
        same = values - values[0] <= SAME * np.abs(values).max()
        directions: Floats = np.ascontiguousarray(vectors[:, same].T)
        return directions

    def why_not(self, experiment: Experiment) -> str:
        """'' or the one sentence why the theory does not hold here."""
        return ""

    def linearisation(self, experiment: Experiment) -> Linearisation:
        """The quadratic model at the origin."""
        values, vectors = self.spectrum(experiment)
        basis = self.basis(experiment)
        noise = basis * additive_sd(experiment, self.noise_sd(experiment))
        sd = np.sqrt(((vectors.T @ noise) ** 2).sum(axis=1))
        tilt = vectors.T @ (basis @ self.offset(experiment))
        start = vectors.T @ self.start(experiment)
        return Linearisation(values, vectors, sd, tilt, start, self.why_not(experiment))

    def problem(self, experiment: Experiment) -> Problem:
        """The kernel's form."""
        q = self.basis(experiment)
        angle = np.deg2rad(experiment.rotation) if not np.array_equal(q, np.eye(len(q))) else 0.0
        vectors, targets = self.measurements(experiment)
        return Problem(
            code=self.code,
            dimension=self.dimension(experiment),
            eigenvalues=np.array(experiment.eigenvalues),
            offset=self.offset(experiment),
            start=self.start(experiment) @ q,
            saddle=self.saddle(experiment) @ q,
            escape=np.ascontiguousarray(self.escape_directions(experiment) @ q),
            cosine=float(np.cos(angle)),
            sine=float(np.sin(angle)),
            vectors=vectors,
            targets=targets,
            radius=self.escape_radius(experiment),
            bound=BOUND,
            confined=self.confined,
        )

    def measurements(self, experiment: Experiment) -> tuple[Floats, Floats]:
        """Vectors (n, d) and targets (n,) of a landscape that is a mean over samples."""
        return np.empty((0, 0)), np.empty(0)


def extended(values: tuple[float, ...], d: int) -> Floats:
    """The list (d,): cut or, by repeating its last number, extended to d."""
    given = list(values[:d])
    return np.array(given + given[-1:] * (d - len(given)))
