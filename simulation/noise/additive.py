"""Where randomness comes from: the data's own stream and each path's own stream.

One 64-bit seed; path i has SeedSequence(seed, spawn_key=(i,)), the data (b_i, a_i, w*, a random
w₀) has a stream of its own, so neither moves the other (DESIGN.md section 4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.model.experiment import Experiment
from simulation.noise.streams import normal_data

Floats = NDArray[np.float64]


def sample_gradients(experiment: Experiment, sd: Floats) -> Floats:
    """The n fixed b_i ~ N(0, diag sd²) of the paper's (3), shape (n, d), per eigen-direction."""
    return normal_data(experiment.seed, experiment.samples, len(sd)) * sd


def additive_offset(experiment: Experiment, sd: Floats, tilt: Floats) -> Floats:
    """The constant gradient per eigen-direction (d,): the tilt, and b̄ where samples are fixed."""
    if experiment.noise != "samples":
        return tilt
    mean: Floats = tilt + sample_gradients(experiment, sd).mean(axis=0)
    return mean


def additive_sd(experiment: Experiment, sd: Floats) -> Floats:
    """Standard deviation (d,) of one step's gradient noise, per eigen-direction."""
    if experiment.noise == "none":
        return np.zeros_like(sd)
    if experiment.noise == "gaussian":
        return sd
    spread: Floats = sample_gradients(experiment, sd).std(axis=0) / np.sqrt(experiment.batch)
    return spread
