"""Base class of non-separable landscapes: additive noise, saddle by continuation, kernel form."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from simulation.kernels.records import Problem
from simulation.landscapes.base import BOUND, FLAT, NO_SADDLE, Floats, Landscape, Linearisation
from simulation.landscapes.critical_points import STILL, continue_saddle, minima_from
from simulation.model.experiment import Experiment
from simulation.noise import NOISES

SAME = 1e-9  # eigenvalues closer than this, relative to the largest, are equal


class CurvedLandscape(Landscape):
    """A landscape f₀(w) + cᵀw whose f₀ has its saddle at the origin."""

    code: int

    def noise_sd(self, experiment: Experiment) -> Floats:
        """Return σ (d,): the declared list, extended by repeating its last number."""
        return extended(experiment.noise_sd, self.dimension(experiment))

    def tilt(self, experiment: Experiment) -> Floats:
        """Return c (d,): the declared list, extended by repeating its last number."""
        return extended(experiment.tilt, self.dimension(experiment))

    def saddle(self, experiment: Experiment) -> Floats:
        """Return the saddle (d,): the origin, or its continuation under the tilt.

        Also the origin if the tilt has removed the saddle (then `Linearisation.applies` is not '').
        """
        return _saddle(self, experiment)

    def untilted_saddle(self, experiment: Experiment) -> Floats:
        """Return the saddle (d,) without tilt: the origin."""
        return np.zeros(self.dimension(experiment))

    def minima_from(self, experiment: Experiment, guesses: Floats) -> Floats:
        """Return the distinct minima (M, d) found by Newton's method from guesses (…, d)."""
        slope, bend = partial(self.gradient, experiment), partial(self.hessian, experiment)
        return minima_from(slope, bend, guesses)

    def spectrum(self, experiment: Experiment) -> tuple[Floats, Floats]:
        """Return eigenvalues (d,), ascending, and eigenvectors as columns (d, d) at the saddle."""
        return self.spectrum_at(experiment, self.saddle(experiment))

    def spectrum_at(self, experiment: Experiment, w: Floats) -> tuple[Floats, Floats]:
        """Return eigenvalues (d,), ascending, and eigenvectors as columns (d, d) at w (d,)."""
        values, vectors = np.linalg.eigh(self.hessian(experiment, w))
        return values, vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)

    def escape_directions(self, experiment: Experiment) -> Floats:
        """Return orthonormal rows (k, d); k is the smallest eigenvalue's multiplicity without tilt.

        A tilt splits equal eigenvalues only slightly, and paths still escape along any of them.
        """
        untilted, _ = self.spectrum_at(experiment, self.untilted_saddle(experiment))
        ways = int((untilted - untilted[0] <= SAME * np.abs(untilted).max()).sum())
        _, vectors = self.spectrum(experiment)
        directions: Floats = np.ascontiguousarray(vectors[:, :ways].T)
        return directions

    def theory_limitation(self, experiment: Experiment) -> str:
        """Return '' or a sentence saying why the theory does not hold on this landscape."""
        return ""

    def linearisation(self, experiment: Experiment) -> Linearisation:
        """Return the quadratic model at the saddle w*: ∇f(w*) + ∇²f(w*)(w − w*)."""
        saddle = self.saddle(experiment)
        values, vectors = self.spectrum_at(experiment, saddle)
        across = self.basis(experiment).T @ vectors
        noise = NOISES[experiment.noise]
        sd = noise.sd_along(experiment, self.noise_sd(experiment), across)
        slope = self.gradient(experiment, saddle)
        tilt = vectors.T @ slope - values * (vectors.T @ saddle)
        start = vectors.T @ self.start(experiment)
        reason = self.theory_limitation(experiment)
        if not reason and np.linalg.norm(slope) >= STILL:
            reason = NO_SADDLE
        if not reason and values[0] >= 0:
            reason = FLAT
        return Linearisation(values, vectors, sd, tilt, start, reason)

    def problem(self, experiment: Experiment) -> Problem:
        """Return the kernel's form."""
        q = self.basis(experiment)
        angle = np.deg2rad(experiment.rotation) if not np.array_equal(q, np.eye(len(q))) else 0.0
        vectors, targets = self.measurements(experiment)
        tape, results, slots = self.tape(experiment)
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
            tape=tape,
            results=results,
            slots=slots,
            radius=self.escape_radius(experiment),
            bound=BOUND,
            falling=self.falling(experiment),
        )

    def measurements(self, experiment: Experiment) -> tuple[Floats, Floats]:
        """Return vectors (n, d) and targets (n,) of a landscape that is a mean over samples."""
        return np.empty((0, 0)), np.empty(0)


@lru_cache(maxsize=64)  # takes milliseconds under a tilt, and is called several times per run
def _saddle(place: CurvedLandscape, experiment: Experiment) -> Floats:
    rest = place.untilted_saddle(experiment)
    push = place.basis(experiment) @ place.offset(experiment)
    slope, bend = partial(place.gradient, experiment), partial(place.hessian, experiment)
    moved = continue_saddle(slope, bend, push, rest) if push.any() else rest
    saddle: Floats = rest if moved is None else moved
    saddle.flags.writeable = False
    return saddle


def extended(values: tuple[float, ...], d: int) -> Floats:
    """Return the list (d,), truncated or extended by repeating its last number."""
    given = list(values[:d])
    return np.array(given + given[-1:] * (d - len(given)))
