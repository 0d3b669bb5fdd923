"""No noise: the full gradient at each step."""

from __future__ import annotations

import numpy as np

from simulation.kernels import records
from simulation.noise.record import Noise

NONE = Noise(
    name="none",
    label="none",
    what="none",
    code=records.NONE,
    step_sd=lambda experiment, sd: np.zeros_like(sd),
    random=False,
    ignores=("noise_sd", "samples", "batch"),
    numpy='''def draw_noise(state):
    """The constant part of the gradient at each of the next BLOCK steps: there is no noise."""
    return np.broadcast_to(C, (BLOCK, PATHS, len(C))), FULL_BATCH
''',
)
