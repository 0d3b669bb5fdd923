"""Stationary points that no formula gives: found by Newton's method, and told apart.

Source: DESIGN.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Field = Callable[[Floats], Floats]

MOST = 40  # Newton steps
FAR = 1e3  # where a point no longer moves: it has left the landscape
STILL = 1e-9  # a gradient this small is none
FLAT = 1e-9  # an eigenvalue this small, relative to the largest, is zero
APART = 1e-6  # points nearer than this are one
STAGES = 8  # tilts on the way to the whole one


def newton(gradient: Field, hessian: Field, w: Floats) -> Floats:
    """Where Newton's method leads from w (..., d); slope and bend give ∇f and ∇²f there."""
    for _ in range(MOST):
        inverse = np.linalg.pinv(hessian(w), rcond=1e-12, hermitian=True)
        step = (inverse @ gradient(w)[..., None])[..., 0]
        step = np.where(np.linalg.norm(w - step, axis=-1, keepdims=True) < FAR, step, 0.0)
        w = w - step
        if np.abs(step).max(initial=0.0) <= 1e-14 * np.abs(w).max(initial=1.0):
            break
    return w


def is_stationary(gradient: Field, w: Floats) -> NDArray[np.bool_]:
    """Whether w (..., d) is stationary (...,)."""
    found: NDArray[np.bool_] = np.linalg.norm(gradient(w), axis=-1) < STILL
    return found


def morse_index(hessian: Field, w: Floats) -> NDArray[np.int64]:
    """How many directions fall at w (..., d), the inertia's negative part (...,)."""
    values = np.linalg.eigvalsh(hessian(w))
    scale = np.abs(values).max(axis=-1, keepdims=True, initial=0.0)
    count: NDArray[np.int64] = (values < -FLAT * scale).sum(axis=-1)
    return count


def continue_saddle(gradient: Field, hessian: Field, tilt: Floats) -> Floats | None:
    """The saddle (d,) that leaves 0 as the constant gradient `tilt` grows to its whole size.

    None where it does not get there: at a fold it meets another stationary point, and the next
    one that Newton's method finds has another inertia, or there is none.
    """
    w = np.zeros_like(tilt)
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
    """The minima (M, d), each once, to which Newton's method leads from guesses (…, d)."""
    w = newton(gradient, hessian, guesses)
    return distinct(w[is_stationary(gradient, w) & (np.linalg.eigvalsh(hessian(w))[..., 0] > 0)])


def distinct(places: Floats) -> Floats:
    """The places (M, d) without those within APART of an earlier one."""
    kept: list[Floats] = []
    for place in places:
        if all(np.linalg.norm(place - other) > APART for other in kept):
            kept.append(place)
    return np.array(kept).reshape(-1, places.shape[-1])
