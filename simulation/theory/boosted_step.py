"""Stability of the paper's Algorithm 2: step r once every T_thred steps, η otherwise."""

from __future__ import annotations

import numpy as np

from simulation.model.contenders import BARE
from simulation.theory.one_step import transition


def period_growth(
    momentum: float, step_size: float, boost: float, period: int, eigenvalue: float
) -> float:
    """Return the spectral radius of one period along an eigenvalue λ; above 1 it is unstable.

    A(r) A(η)^(P − 1) with heavy ball's transition A; ∞ if it overflows.
    """
    usual, _ = transition(BARE, momentum, step_size, eigenvalue)
    boosted, _ = transition(BARE, momentum, boost, eigenvalue)
    with np.errstate(over="ignore", invalid="ignore"):
        whole = boosted @ np.linalg.matrix_power(usual, period - 1)
    if not np.isfinite(whole).all():
        return float("inf")
    return float(np.abs(np.linalg.eigvals(whole)).max())
