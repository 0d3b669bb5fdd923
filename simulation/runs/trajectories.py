"""Trajectories: the result of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.model.experiment import Experiment

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Trajectories:
    """Result of `simulate`: C contenders, P recorded paths (≤ N run), K recorded steps.

    t counts updates: `w[..., k, :]` is after `steps[k]` updates; momentum, gradient and stochastic
    gradient are m_t, ∇f(w_t), g_t, computed at that w_t. After a path has diverged, its last finite
    record is repeated; `diverged_at` is the step of divergence.

    Shapes: steps (K,); w, momentum, gradient, stochastic_gradient (C, P, K, d); value (C, P, K),
    f(w_t); escape_time, diverged_at (C, N), −1 if it has not happened; step_sizes (C,), the η of
    each contender after `hold`.
    """

    experiment: Experiment
    steps: Integers
    w: Floats
    momentum: Floats
    gradient: Floats
    stochastic_gradient: Floats
    value: Floats
    escape_time: Integers
    diverged_at: Integers
    step_sizes: Floats
