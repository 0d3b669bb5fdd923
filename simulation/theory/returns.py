"""Paths that crossed the escape radius and came back: what the marginal misses of the law of T.

P(T ≤ t) − P(|w_t − w_ref| ≥ R) is the share of paths that escaped before t and are inside at t.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.kernels.returns import returned_shares
from simulation.theory.moments import one_step
from simulation.theory.one_step import as_contiguous, broadcast

Floats = NDArray[np.float64]

EARLIER = np.array([0.5, 0.65, 0.8, 0.88, 0.94, 0.97, 0.985])
"""Fractions of the time at which `returned_share` looks back."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


def returned_share(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    *,
    radius: ArrayLike,
    at: ArrayLike,
    reference: ArrayLike = 0.0,
    noise_sd: ArrayLike = 0.0,
    tilt: ArrayLike = 0.0,
    start: ArrayLike = 0.0,
) -> Floats:
    """Return max over s of P(|w_s − reference| ≥ radius, |w_t − reference| < radius) (…,).

    The share of paths that were outside at step s and are back at t = `at`: a lower bound on P(T ≤
    t) − P(|w_t − reference| ≥ radius), what the marginal misses. s: the fractions EARLIER of t. NaN
    where `at` is.
    """
    b, e, x, far, t, centre, sd, c, w = broadcast(
        momentum, step_size, eigenvalue, radius, at, reference, noise_sd, tilt, start
    )
    out = np.empty(b.size)
    ones = np.array(one_step(rule, b, e, x).reshape(-1, 6))
    w0, c0, s0, r0, far0, t0 = (as_contiguous(v) for v in (w, c, sd, centre, far, t))
    unit = (0.5 * (_NODES + 1), 0.5 * _WEIGHTS)  # on [0, 1]
    returned_shares(ones, w0, c0, s0, r0, far0, t0, EARLIER, *unit, out)
    return out.reshape(b.shape)
