"""Batches drawn with replacement from n fixed samples: the paper's (3).

Each sample adds a constant gradient b_i ~ N(0, diag σ²), drawn once per seed.
"""

from __future__ import annotations

import numpy as np

from simulation.kernels import records
from simulation.noise.record import Floats, Noise, Sampling
from simulation.noise.streams import normal_data


def sample_gradients(experiment: Sampling, sd: Floats) -> Floats:
    """Return the n fixed b_i ~ N(0, diag sd²) of the paper's (3), per eigen-direction (n, d)."""
    return normal_data(experiment.seed, experiment.samples, len(sd)) * sd


def _offset(experiment: Sampling, sd: Floats, tilt: Floats) -> Floats:
    """Return the tilt plus the samples' mean b̄ (d,)."""
    mean: Floats = tilt + sample_gradients(experiment, sd).mean(axis=0)
    return mean


def _step_sd(experiment: Sampling, sd: Floats) -> Floats:
    """Return the standard deviation of a batch's mean (d,)."""
    spread: Floats = sample_gradients(experiment, sd).std(axis=0) / np.sqrt(experiment.batch)
    return spread


def _along(experiment: Sampling, sd: Floats, directions: Floats) -> Floats:
    """Return the standard deviation of a batch's mean along columns (d, k): their projections'."""
    spread = (sample_gradients(experiment, sd) @ directions).std(axis=0)
    return np.asarray(spread / np.sqrt(experiment.batch))


SAMPLES = Noise(
    name="samples",
    label="samples",
    what="a batch drawn from n fixed samples",
    code=records.SAMPLES,
    step_sd=_step_sd,
    offset=_offset,
    along=_along,
    draws_samples=True,
    numpy='''def draw_noise(state):
    """The next BLOCK batches (BLOCK, paths, batch) and their constant gradients, c + b_i."""
    picks = indices(state, len(B), BLOCK * BATCH).reshape(PATHS, BLOCK, BATCH).swapaxes(0, 1)
    return B[picks].mean(axis=2), picks
''',
    functions=("next_words", "indices"),
)
