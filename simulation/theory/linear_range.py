"""How far from the saddle a landscape is quadratic along v, and how much it delays the escape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.landscapes.base import Landscape
from simulation.model.experiment import Experiment

Floats = NDArray[np.float64]

LINEARITY_TOLERANCE = 0.05
"""Largest relative error of the linear gradient along v up to which the law is drawn."""
DELAY, RELATIVE_DELAY = 0.05, 0.02
"""Largest delay by the nonlinear part at which the law gives the escape time.

In e-folding times, and as a fraction of the way's own length log(R/|z₀ − z*|) in such times.
"""


def linear_range_of(experiment: Experiment, landscape: Landscape) -> float:
    """Return the linear range, comparing ⟨∇f(w* + sv), v⟩ with λs for |s| ≤ 1000 R.

    λ = vᵀ∇²f(w*)v.
    """
    s = landscape.escape_radius(experiment) * np.geomspace(0.1, 1000, 241)
    s = np.concatenate([s, -s])
    beyond = ~(np.abs(_relative_slope(experiment, landscape, s) - 1) <= LINEARITY_TOLERANCE)
    return float(np.abs(s[beyond]).min(initial=np.inf))


def is_nonlinear(experiment: Experiment, landscape: Landscape) -> bool:
    """Return whether the nonlinear part delays the median escape by more than is allowed.

    ∫(1/q − 1) d log s, q = ⟨∇f(w* + sv), v⟩/(λs), is what it adds to the way from s to R, in
    e-folding times. Counted from the start on its own side, and as the mean of both sides. Also if
    the gradient points back before R.
    """
    radius = landscape.escape_radius(experiment)
    v = landscape.escape_directions(experiment)[0]
    offset = float(v @ (landscape.start(experiment) - landscape.saddle(experiment))) / radius
    if abs(offset) >= 1:
        return False
    s = radius * np.geomspace(1e-3, 1, 61)
    sides = [_relative_slope(experiment, landscape, sign * s) for sign in (1.0, -1.0)]
    if any(not np.all(q > 0) for q in sides):
        return True
    both = [float(np.trapezoid(1 / q - 1, np.log(s))) for q in sides]
    if abs(sum(both)) / 2 > DELAY:
        return True
    if abs(offset) <= s[0] / radius:
        return False
    own = radius * np.geomspace(abs(offset), 1, 61)
    q = _relative_slope(experiment, landscape, np.copysign(own, offset))
    allowed = min(DELAY, -RELATIVE_DELAY * np.log(abs(offset)))
    return bool(abs(np.trapezoid(1 / q - 1, np.log(own))) > allowed)


def _relative_slope(experiment: Experiment, landscape: Landscape, s: Floats) -> Floats:
    """Return ⟨∇f(w* + sv), v⟩/(λs) (S,) at distances s (S,) along v, λ = vᵀ∇²f(w*)v."""
    saddle, v = landscape.saddle(experiment), landscape.escape_directions(experiment)[0]
    curvature = v @ landscape.hessian(experiment, saddle) @ v
    slope = landscape.gradient(experiment, saddle + s[:, None] * v) @ v
    with np.errstate(over="ignore", invalid="ignore"):
        out: Floats = slope / (curvature * s)
    return out
