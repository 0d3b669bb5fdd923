"""Additive gradient noise, from the experiment's fixed samples or Gaussian.

With one 64-bit seed, path i uses SeedSequence(seed, spawn_key=(i,)); the data (b_i, a_i, w*, a
random w₀) has its own stream, so that paths and data are independent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.model.experiment import Experiment
from simulation.noise.streams import normal_data

Floats = NDArray[np.float64]


def sample_gradients(experiment: Experiment, sd: Floats) -> Floats:
    """Return the n fixed b_i ~ N(0, diag sd²) of the paper's (3), per eigen-direction (n, d)."""
    return normal_data(experiment.seed, experiment.samples, len(sd)) * sd


def additive_offset(experiment: Experiment, sd: Floats, tilt: Floats) -> Floats:
    """Return the constant gradient per eigen-direction (d,): tilt, plus b̄ for fixed samples."""
    if experiment.noise != "samples":
        return tilt
    mean: Floats = tilt + sample_gradients(experiment, sd).mean(axis=0)
    return mean


def additive_sd_along(experiment: Experiment, sd: Floats, directions: Floats) -> Floats:
    """Return the standard deviation (k,) of one step's gradient noise along directions (d, k).

    directions are orthonormal columns in the coordinates of `sd` (d,). The coordinates of Gaussian
    noise are independent; those of the drawn samples are correlated.
    """
    if experiment.noise != "samples":
        return np.asarray(np.sqrt(additive_sd(experiment, sd) ** 2 @ directions**2))
    along = (sample_gradients(experiment, sd) @ directions).std(axis=0)
    return np.asarray(along / np.sqrt(experiment.batch))


def additive_sd(experiment: Experiment, sd: Floats) -> Floats:
    """Return the standard deviation (d,) of one step's gradient noise, per eigen-direction."""
    if experiment.noise == "none":
        return np.zeros_like(sd)
    if experiment.noise == "gaussian":
        return sd
    spread: Floats = sample_gradients(experiment, sd).std(axis=0) / np.sqrt(experiment.batch)
    return spread
