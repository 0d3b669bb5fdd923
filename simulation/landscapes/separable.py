"""Landscapes that are separable in eigen-coordinates: `quadratic` and the paper's `toy`.

f(w) = Σ_j ½λ_j z_j² + c_j z_j (+ z_j¹⁰ on the toy), z = Qᵀw; Q rotates the first plane by θ.
Source: the paper's (3).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np

from simulation.kernels.records import QUADRATIC, Problem
from simulation.landscapes.base import (
    BOUND,
    FLAT,
    NO_SADDLE,
    EscapeSpace,
    Floats,
    Landscape,
    Linearisation,
    View,
    rotation,
)
from simulation.landscapes.critical_points import STILL
from simulation.model.experiment import Experiment
from simulation.noise import NOISES
from simulation.python_source import array

WALLS = 5  # most negative eigenvalues for which all minima are listed (2⁵)


class Separable(Landscape):
    """A sum of functions of one eigen-coordinate each: ½λz² + cz + power/10·z¹⁰."""

    power = 0.0
    code = QUADRATIC
    tensors = ("LAMBDA",)

    def dimension(self, experiment: Experiment) -> int:
        """Return the number of eigenvalues."""
        return len(experiment.eigenvalues)

    def constants(self, experiment: Experiment) -> list[str]:
        """Return the script lines that define λ, and Q if it is not the identity."""
        lines = [f"LAMBDA = {array(experiment.eigenvalues)}  # the Hessian's eigenvalues"]
        return lines + super().constants(experiment)

    def cost(self, experiment: Experiment, *, linear: bool) -> int:
        """Return the cost per coordinate; the separable loop takes linear rules only."""
        return (1 if linear else 4) + self.drawing(experiment)

    def basis(self, experiment: Experiment) -> Floats:
        """Return Q (d, d), which rotates the first plane."""
        return rotation(self.dimension(experiment), experiment.rotation)

    def eigenvalues(self, experiment: Experiment) -> Floats:
        """Return λ (d,)."""
        return np.array(experiment.eigenvalues)

    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """Return f(w) (...,)."""
        z = np.asarray(w) @ self.basis(experiment)
        f = 0.5 * self.eigenvalues(experiment) * z**2 + self.offset(experiment) * z
        if self.power:
            f = f + self.power / 10 * z**10
        total: Floats = f.sum(axis=-1)
        return total

    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇f(w) (..., d)."""
        q = self.basis(experiment)
        slope: Floats = self.slope(experiment, np.asarray(w) @ q) @ q.T
        return slope

    def slope(self, experiment: Experiment, z: Floats) -> Floats:
        """Return the gradient in eigen-coordinates (..., d)."""
        g: Floats = self.eigenvalues(experiment) * z + self.offset(experiment)
        return g + self.power * z**9 if self.power else g

    def curvature(self, experiment: Experiment, z: Floats) -> Floats:
        """Return the Hessian's diagonal in eigen-coordinates (..., d)."""
        curvature = np.broadcast_to(self.eigenvalues(experiment), z.shape)
        return curvature + 9 * self.power * z**8

    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇²f(w) (..., d, d)."""
        q = self.basis(experiment)
        diagonal = self.curvature(experiment, np.asarray(w) @ q)
        h: Floats = np.einsum("ij,...j,kj->...ik", q, diagonal, q)
        return h

    def untilted_latex(self, experiment: Experiment) -> str:
        """Return the sum: with two weights term by term in λ₊ and λ₋, else with a running index.

        λ₋ is the smallest eigenvalue, the first of two equal ones; λ₊ is the other.
        """
        z = "z" if self.is_rotated(experiment) else "w"
        values = experiment.eigenvalues
        walls = [f"{z}_{i}^{{10}}" for i in range(1, len(values) + 1)] if self.power else []
        if len(values) > 2:
            over = rf"\sum_{{i=1}}^{{{len(values)}}}"
            f = rf"\tfrac12 {over} \lambda_i {z}_i^2"
            return f + rf" + {over} {z}_i^{{10}}" if walls else f
        signs = "+-" if values[1] < values[0] else "-+"
        terms = [rf"\tfrac12 \lambda_{{{sign}}} {z}_{i}^2" for i, sign in enumerate(signs, 1)]
        return " + ".join(terms + walls)

    def roots(self, experiment: Experiment) -> list[tuple[float, list[float]]]:
        """Return per coordinate the saddle's and the minima's positions: zeros of the gradient."""
        pairs = zip(experiment.eigenvalues, self.offset(experiment), strict=True)
        return [coordinate_roots(lam, float(c), self.power) for lam, c in pairs]

    def saddle(self, experiment: Experiment) -> Floats:
        """Return the stationary point nearest to the origin (d,).

        In a direction with λ < 0 whose tilt has removed the saddle, the inflection point, where
        |f′| is least; in a flat direction of the quadratic, 0.
        """
        z = np.array([place for place, _ in self.roots(experiment)])
        w: Floats = self.basis(experiment) @ z
        return w

    def minima(self, experiment: Experiment) -> Floats:
        """Return the minima (M, d); both signs for the first WALLS negative eigenvalues only."""
        places = [minima for _, minima in self.roots(experiment)]
        free = [j for j, lam in enumerate(experiment.eigenvalues) if lam < 0][WALLS:]
        places = [p[:1] if j in free else p for j, p in enumerate(places)]
        if not all(places):
            return np.empty((0, self.dimension(experiment)))
        found: Floats = np.array(list(product(*places))) @ self.basis(experiment).T
        return found

    def escape_directions(self, experiment: Experiment) -> Floats:
        """Return orthonormal rows (k, d)."""
        directions: Floats = self.basis(experiment).T[self.escape_indices(experiment)]
        return directions

    def view(self, experiment: Experiment) -> View:
        """Return the first plane, or one containing the escape direction if it lies outside it.

        Of several escape directions a path may take any. If the plane contains just one of them,
        its coordinate is replaced by the escape distance, so that no way out is invisible.
        """
        d = self.dimension(experiment)
        axes = np.eye(d)[:2]
        labels = ("w₁", "w₂")
        if not {0, 1} & set(self.escape_indices(experiment)):
            axes = np.stack([self.basis(experiment).T[0], self.escape_directions(experiment)[0]])
            labels = ("along the first eigenvector", "along the way out")
        half = self.half_width(experiment)
        half = max(half, *(1.1 * abs(s) for s in experiment.start or ()))
        out = self.escape_directions(experiment)
        held = np.linalg.norm(axes @ out.T, axis=1) > 1 - 1e-9
        if len(out) == 1 or held.sum() != 1:
            return View(axes, labels, (-half, half), (-half, half))
        folded = int(held.argmax())
        named, ranges = list(labels), [(-0.75 * half, 0.75 * half)] * 2
        named[folded], ranges[folded] = "escape distance", (0.0, 1.5 * half)
        space = EscapeSpace(out, self.saddle(experiment))
        x_range, y_range = ranges
        names = named[0], named[1]
        return View(axes, names, x_range, y_range, escape=space, folded=folded)

    def half_width(self, experiment: Experiment) -> float:
        """Return half the side length of the view."""
        return 1.5 * self.escape_radius(experiment)

    def linearisation(self, experiment: Experiment) -> Linearisation:
        """Return λ, Q, σ, c + b̄ and z₀: exact on the quadratic; of the toy, at its saddle."""
        q = self.basis(experiment)
        values, tilt = self.eigenvalues(experiment), self.offset(experiment)
        reason = FLAT if min(experiment.eigenvalues) >= 0 else ""
        if self.power:
            z = self.saddle(experiment) @ q
            slope = self.slope(experiment, z)
            values = self.curvature(experiment, z)
            tilt = slope - values * z
            if not reason and np.abs(slope[self.escape_indices(experiment)]).max() >= STILL:
                reason = NO_SADDLE
        return Linearisation(
            values,
            q,
            NOISES[experiment.noise].step_sd(experiment, self.noise_sd(experiment)),
            tilt,
            self.start(experiment) @ q,
            reason,
        )

    def problem(self, experiment: Experiment) -> Problem:
        """Return the kernel's form."""
        q = self.basis(experiment)
        angle = np.deg2rad(experiment.rotation)
        tape, results, slots = self.tape(experiment)
        return Problem(
            code=self.code,
            dimension=self.dimension(experiment),
            eigenvalues=self.eigenvalues(experiment),
            offset=self.offset(experiment),
            start=self.start(experiment) @ q,
            saddle=self.saddle(experiment) @ q,
            escape=np.eye(len(q))[self.escape_indices(experiment)],
            cosine=float(np.cos(angle)),
            sine=float(np.sin(angle)),
            vectors=np.empty((0, 0)),
            targets=np.empty(0),
            tape=tape,
            results=results,
            slots=slots,
            radius=self.escape_radius(experiment),
            bound=BOUND,
            falling=self.falling(experiment),
        )


def coordinate_roots(lam: float, c: float, power: float) -> tuple[float, list[float]]:
    """Solve λz + c + power·z⁹ = 0; return the saddle's position and the minima's positions."""
    if not power:
        place = -c / lam if lam else 0.0
        return place, [place] if lam > 0 else []
    real = real_roots(lam, c, power)
    if lam >= 0:
        place = min(real, key=abs)
        return place, [place]
    crest = (-lam / (9 * power)) ** 0.125  # extrema of the derivative at ±crest
    inner = [z for z in real if abs(z) < crest]
    minima = [z for z in real if abs(z) >= crest]
    # If the tilt has removed the saddle, the extremum where the derivative is closest to zero.
    return (inner[0] if inner else float(np.copysign(crest, c))), minima


@lru_cache(maxsize=1024)  # asked for many times a page
def real_roots(lam: float, c: float, power: float) -> tuple[float, ...]:
    """Return the real roots of λz + c + power·z⁹ = 0, ascending; power ≠ 0."""
    zeros = np.roots([power, 0, 0, 0, 0, 0, 0, 0, lam, c])
    real = sorted(float(z.real) for z in zeros if abs(z.imag) < 1e-7 * (1 + abs(z)))
    return tuple(polish(z, lam, c, power) for z in real)


def polish(z: float, lam: float, c: float, power: float) -> float:
    """Refine a root of λz + c + power·z⁹ by three Newton steps."""
    for _ in range(3):
        bend = lam + 9 * power * z**8
        if bend:
            z -= (lam * z + c + power * z**9) / bend
    return z
