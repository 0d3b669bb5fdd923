"""Search for stationary points: Newton's method, damped, from many starts at once.

All work is counted and nothing is drawn at random, so the same formula gives the same points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.formula.evaluation import Program
from simulation.formula.graph import Op
from simulation.formula.walk import Flags, Floats, slopes, slopes_and_bends

MOST_STARTS = 400
ROUNDS = 40
SCALES = (1.0, 3.0, 10.0)  # |w| of the outermost starts, where no box is given
LONGEST = 1.5  # a step is at most this share of the largest scale
STATIONARY = 1e-9  # a gradient below this share of the curvature around counts as 0
ARRIVED = 1e-6  # … and Newton's step from there is below this share of 1 + |w|
UNDERFLOWING = frozenset({Op.EXP, Op.TANH, Op.POW})  # may be constant by rounding far out
DIGITS = (6, 9, 12)  # decimals at which rounded coordinates are tried


def halton(count: int, dimension: int) -> Floats:
    """Return the points 1 … count of Halton's sequence in [0, 1)^dimension, (count, dimension)."""
    points = np.empty((count, dimension))
    for j, base in enumerate(_primes(dimension)):
        rest, share, total = np.arange(1, count + 1), 1.0, np.zeros(count)
        while rest.any():
            share /= base
            total += share * (rest % base)
            rest //= base
        points[:, j] = total
    return points


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def starts_for(weights: int, seeds: Floats, box: Floats | None) -> Floats:
    """Return the places (n, k) where Newton's method starts: the seeds (s, k) and 0 first.

    Then a grid (k ≤ 2) or Halton's points over the box (2, k), or over [−s, s]^k for each scale s;
    beyond 8 weights fewer, as a step costs k³.
    """
    if box is None:
        areas = [np.array([[-scale], [scale]]) * np.ones(weights) for scale in SCALES]
        reach = np.abs(seeds).max(initial=0.0)
        if reach > SCALES[-1]:
            areas.append(np.array([[-reach], [reach]]) * np.ones(weights))
    else:
        areas = [box]
    most = MOST_STARTS - len(seeds) - 1
    if weights > 8:
        most = max(12, int(most * (8 / weights) ** 2))
    each = most // len(areas)
    if weights <= 2:
        side = int(each ** (1 / weights) + 1e-9)
        shares = np.stack(np.meshgrid(*[np.linspace(0, 1, side)] * weights), axis=-1)
        shares = shares.reshape(-1, weights)
        shares = shares + 1e-3 * (halton(len(shares), weights) - 0.5)  # off the lines of symmetry
    else:
        shares = halton(each, weights)
    spread = [area[0] + (area[1] - area[0]) * shares for area in areas]
    return np.concatenate([seeds, np.zeros((1, weights)), *spread])


def spectra(hessians: Floats) -> tuple[Floats, Floats]:
    """Return eigenvalues (n, k), ascending, and eigenvectors (n, k, k) as columns."""
    if hessians.shape[1] != 2:
        values, vectors = np.linalg.eigh(hessians)
        return values, vectors
    a, b, c = hessians[:, 0, 0], hessians[:, 0, 1], hessians[:, 1, 1]
    mean, radius = (a + c) / 2, np.hypot((a - c) / 2, b)
    angle = np.arctan2(2 * b, a - c) / 2  # of the larger eigenvalue's direction
    cosine, sine = np.cos(angle), np.sin(angle)
    vectors = np.array([[-sine, cosine], [cosine, sine]]).transpose(2, 0, 1)
    return np.stack([mean - radius, mean + radius], axis=1), vectors


def stationary(program: Program, starts: Floats, reach: float) -> Floats:
    """Return the stationary points (n, k) to which starts (m, k) lead, not yet told apart.

    Levenberg and Marquardt's method on ½‖∇f‖²; a step is at most LONGEST · reach long and a path
    that gets beyond 3 · reach from its start is given up. Where it converges linearly, the Hessian
    is singular at the limit, which Aitken's formula then gives.
    """
    with np.errstate(all="ignore"):
        return _stationary(program, starts, reach)


def _stationary(program: Program, starts: Floats, reach: float) -> Floats:
    state = _State(program, starts, reach)
    for _ in range(ROUNDS):
        if not state.active.size:
            break
        state.advance()
    w, sizes = state.w, state.sizes
    slow = (state.ratio > 0.25) & (state.ratio < 0.97) & np.isfinite(sizes)
    if slow.any():
        factor = state.ratio[slow] / (1 - state.ratio[slow])
        w[slow], sizes[slow] = _better(
            program, w[slow], sizes[slow], w[slow] + state.last[slow] * factor[:, None]
        )
    for digits in DIGITS:  # numbers that a person would write
        w, sizes = _better(program, w, sizes, np.round(w, digits) + 0.0)
    fine = np.isfinite(sizes)
    w, sizes = w[fine], sizes[fine]
    still = sizes <= STATIONARY * curvature_around(program, w)
    still &= _newton_steps(program, w) <= ARRIVED * (1 + np.abs(w).max(axis=1, initial=0.0))
    if program.operations & UNDERFLOWING:  # a plateau may be one by rounding only
        still &= slopes_and_bends(program, w)[1].any(axis=(1, 2))
    ordered: Floats = w[still][np.argsort(sizes[still], kind="stable")]
    return ordered


def curvature_around(program: Program, w: Floats) -> Floats:
    """Return the largest |∂²f/∂w²| (n,) at w (n, k) and at two places near it."""
    k = w.shape[1]
    away = 0.1 * (1 + np.abs(w).max(axis=1, keepdims=True, initial=0.0)) / np.sqrt(k)
    signs = np.where(np.arange(k) % 2, -1.0, 1.0)
    around = np.concatenate([w, w + away, w - away * signs])
    sizes = np.abs(slopes_and_bends(program, around)[1]).max(axis=(1, 2), initial=0.0)
    largest: Floats = np.nan_to_num(sizes, nan=0.0, posinf=0.0).reshape(3, -1).max(axis=0)
    return largest


def _newton_steps(program: Program, w: Floats) -> Floats:
    """Return the lengths (n,) of Newton's steps from w (n, k), flat directions left out."""
    gradients, hessians = slopes_and_bends(program, w)
    values, vectors = spectra(np.nan_to_num(hessians))
    along = np.abs(vectors.transpose(0, 2, 1) @ gradients[..., None])[..., 0]
    steps = np.divide(along, np.abs(values), out=np.zeros_like(along), where=along > 0)
    lengths: Floats = np.linalg.norm(steps, axis=1)
    return lengths


def _better(program: Program, w: Floats, sizes: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Return w (n, k) and ‖∇f‖ (n,), each replaced by the other place where ‖∇f‖ is no larger."""
    new = np.linalg.norm(slopes(program, other), axis=1)
    better = new <= sizes
    return np.where(better[:, None], other, w), np.where(better, new, sizes)


class _State:
    """The state of Levenberg and Marquardt's method from n starts.

    w (n, k) with ∇f, ∇²f and sizes ‖∇f‖; damping; the last step and its ratio to the one before.
    """

    def __init__(self, program: Program, starts: Floats, reach: float) -> None:
        n = len(starts)
        self.program, self.starts, self.reach = program, starts, reach
        self.w = starts.copy()
        self.gradients, self.hessians = slopes_and_bends(program, self.w)
        self.sizes = np.linalg.norm(self.gradients, axis=1)
        self.damping, self.ratio, self.lengths = np.zeros(n), np.zeros(n), np.full(n, np.inf)
        self.last = np.zeros_like(starts)
        self.active: NDArray[np.int64] = np.flatnonzero(self._finite(self.gradients, self.hessians))

    @staticmethod
    def _finite(gradients: Floats, hessians: Floats) -> Flags:
        return np.asarray(np.isfinite(gradients).all(axis=1) & np.isfinite(hessians).all((1, 2)))

    def advance(self) -> None:
        """Make one step from each active place; places that have converged are active no more."""
        at = self.active
        step = self._step(at)
        length = np.linalg.norm(step, axis=1)
        there = self.w[at] + step
        gradients, hessians = slopes_and_bends(self.program, there)
        sizes = np.linalg.norm(gradients, axis=1)
        better = (sizes < self.sizes[at] * (1 - 1e-4)) | (
            (sizes <= self.sizes[at]) & (length < 1e-9)
        )
        better &= self._finite(gradients, hessians)
        moved, stuck = at[better], at[~better]
        self.ratio[moved] = length[better] / np.maximum(self.lengths[moved], 1e-300)
        self.lengths[moved], self.last[moved] = length[better], step[better]
        self.w[moved], self.sizes[moved] = there[better], sizes[better]
        self.gradients[moved], self.hessians[moved] = gradients[better], hessians[better]
        self.damping[moved] = np.where(self.damping[moved] < 1e-7, 0.0, 0.1 * self.damping[moved])
        self.damping[stuck] = np.maximum(8 * self.damping[stuck], 1e-3)
        size = 1 + np.abs(self.w[at]).max(axis=1)
        far = np.abs(self.w[at] - self.starts[at]).max(axis=1) > 3 * self.reach
        done = (length <= 1e-15 * size) | (self.sizes[at] == 0) | (self.damping[at] > 1e4) | far
        self.sizes[at[far]] = np.inf
        self.active = at[~done]

    def _step(self, at: NDArray[np.int64]) -> Floats:
        """Return −(H² + μI)⁻¹ H ∇f at the places `at`, shortened."""
        values, vectors = spectra(self.hessians[at])
        largest = np.abs(values).max(axis=1, keepdims=True) + 1e-300
        shares = values / largest
        weight = shares / (shares**2 + self.damping[at][:, None] + 1e-28) / largest
        along = (vectors.transpose(0, 2, 1) @ self.gradients[at][..., None])[..., 0]
        step: Floats = -(vectors @ (weight * along)[..., None])[..., 0]
        length = np.linalg.norm(step, axis=1, keepdims=True)
        step *= np.minimum(1.0, LONGEST * self.reach / np.maximum(length, 1e-300))
        return step


def descended(program: Program, starts: Floats, modes: NDArray[np.int64]) -> Floats:
    """Return where (n, k) Newton's method with |H|, its lowest directions reversed, ends.

    modes (n,): how many are reversed: 0 leads to minima, 1 to saddles of index 1, and so on. Steps
    are at most ½ long.
    """
    reversed_ = np.arange(program.weights) < modes[:, None]
    w = starts.copy()
    active = np.arange(len(w))
    for _ in range(ROUNDS):
        gradients, hessians = slopes_and_bends(program, w[active])
        fine = np.isfinite(gradients).all(axis=1) & np.isfinite(hessians).all(axis=(1, 2))
        active, gradients, hessians = active[fine], gradients[fine], hessians[fine]
        if not active.size:
            break
        values, vectors = spectra(hessians)
        sizes = np.abs(values)
        divisor = np.maximum(sizes, 1e-12 * sizes.max(axis=1, keepdims=True)) + 1e-300
        divisor[reversed_[active]] *= -1
        along = (vectors.transpose(0, 2, 1) @ gradients[..., None])[..., 0]
        step = -(vectors @ (along / divisor)[..., None])[..., 0]
        length = np.linalg.norm(step, axis=1)
        w[active] += step * np.minimum(1.0, 0.5 / np.maximum(length, 1e-300))[:, None]
        active = active[(length > 1e-12) & (np.abs(w[active]).max(axis=1) < 1e3)]
    return w
