"""Gaussian noise, fresh at each step: g = ∇f(w) + σξ, ξ ~ N(0, I)."""

from __future__ import annotations

from simulation.kernels import records
from simulation.noise.record import Noise

GAUSSIAN = Noise(
    name="gaussian",
    label="Gaussian",
    what="Gaussian noise fresh at each step",
    code=records.GAUSSIAN,
    step_sd=lambda experiment, sd: sd,
    ignores=("samples", "batch"),
    numpy='''def draw_noise(state):
    """The next BLOCK steps of c + σξ, ξ ~ N(0, I), shape (BLOCK, paths, d)."""
    xi = normals(state, BLOCK * len(SIGMA)).reshape(PATHS, BLOCK, len(SIGMA))
    return C + SIGMA * xi.swapaxes(0, 1), FULL_BATCH
''',
    functions=("next_words", "normals"),
)
