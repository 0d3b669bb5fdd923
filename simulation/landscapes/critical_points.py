"""Stationary points by Newton's method, and their classification."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Field = Callable[[Floats], Floats]

MOST = 40  # Newton steps
FAR = 1e3  # distance from the origin beyond which points are no longer moved
STILL = 1e-9  # a gradient norm below it counts as zero
FLAT = 1e-9  # an eigenvalue below it, relative to the largest, counts as zero
APART = 1e-6  # points closer than this are the same
STAGES = 8  # continuation steps up to the full tilt


def finite(hessians: Floats) -> Floats:
    """Return the matrices (..., d, d), with zeros for one that is not finite: f has none there."""
    known = np.isfinite(hessians).all(axis=(-2, -1), keepdims=True)
    out: Floats = np.where(known, hessians, 0.0)
    return out


def newton(gradient: Field, hessian: Field, w: Floats) -> Floats:
    """Run Newton's method from w (..., d); gradient and hessian return ∇f and ∇²f at a point.

    Returns the last iterates (..., d).
    """
    for _ in range(MOST):
        inverse = np.linalg.pinv(finite(hessian(w)), rcond=1e-12, hermitian=True)
        step = (inverse @ gradient(w)[..., None])[..., 0]
        step = np.where(np.linalg.norm(w - step, axis=-1, keepdims=True) < FAR, step, 0.0)
        w = w - step
        if np.abs(step).max(initial=0.0) <= 1e-14 * np.abs(w).max(initial=1.0):
            break
    return w


def is_stationary(gradient: Field, w: Floats) -> NDArray[np.bool_]:
    """Return whether w (..., d) is stationary (...,)."""
    found: NDArray[np.bool_] = np.linalg.norm(gradient(w), axis=-1) < STILL
    return found


def morse_index(hessian: Field, w: Floats) -> NDArray[np.int64]:
    """Return the number of negative eigenvalues of the Hessian at w (..., d), shape (...,)."""
    values = np.linalg.eigvalsh(finite(hessian(w)))
    scale = np.abs(values).max(axis=-1, keepdims=True, initial=0.0)
    count: NDArray[np.int64] = (values < -FLAT * scale).sum(axis=-1)
    return count


def continue_saddle(gradient: Field, hessian: Field, tilt: Floats, w: Floats) -> Floats | None:
    """Return the saddle (d,) continued from w as the constant gradient grows from 0 to `tilt`.

    None if continuation fails: at a fold the saddle merges with another stationary point, and
    Newton's method then finds a point with another Morse index, or none.
    """
    expected = morse_index(hessian, w)
    for share in np.arange(1, STAGES + 1) / STAGES:
        rest = (1 - share) * tilt

        def less(at: Floats, rest: Floats = rest) -> Floats:
            return gradient(at) - rest

        w = newton(less, hessian, w)
        if not is_stationary(less, w) or morse_index(hessian, w) != expected:
            return None
    return w


def minima_from(gradient: Field, hessian: Field, guesses: Floats) -> Floats:
    """Return the distinct minima (M, d) found by Newton's method from guesses (…, d)."""
    w = newton(gradient, hessian, guesses)
    smallest = np.linalg.eigvalsh(finite(hessian(w)))[..., 0]
    return distinct(w[is_stationary(gradient, w) & (smallest > 0)])


def distinct(places: Floats) -> Floats:
    """Return the points (M, d) without those within APART of an earlier one."""
    kept: list[Floats] = []
    for place in places:
        if all(np.linalg.norm(place - other) > APART for other in kept):
            kept.append(place)
    return np.array(kept).reshape(-1, places.shape[-1])
