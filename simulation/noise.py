"""Where randomness comes from: the data's own stream and each path's own stream.

One 64-bit seed; path i has SeedSequence(seed, spawn_key=(i,)), the data (b_i, a_i, w*, a random
w₀) has a stream of its own, so neither moves the other (DESIGN.md section 4).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulation.experiment import Experiment

Floats = NDArray[np.float64]

DATA_STREAM = 2**32 - 1


def data_generator(seed: int) -> np.random.Generator:
    """The generator of an experiment's fixed data."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(DATA_STREAM,)))


def data_source(samples: int, width: int) -> str:
    """The line of a script that draws an experiment's fixed data DATA (samples, width) again."""
    stream = f"np.random.SeedSequence(SEED, spawn_key=({DATA_STREAM},))"
    return f"DATA = np.random.default_rng({stream}).standard_normal(({samples}, {width}))"


@lru_cache(maxsize=64)
def path_words(seed: int, paths: int) -> NDArray[np.uint64]:
    """Seed words (paths, 4) of the paths' streams; row i depends on seed and i alone."""
    words = np.empty((paths, 4), np.uint64)
    for i in range(paths):
        words[i] = np.random.SeedSequence(seed, spawn_key=(i,)).generate_state(4, np.uint64)
    words.flags.writeable = False
    return words


@lru_cache(maxsize=64)
def normal_data(seed: int, samples: int, width: int) -> Floats:
    """Standard normals (samples, width) from the data's stream; read-only."""
    data = data_generator(seed).standard_normal((samples, width))
    data.flags.writeable = False
    return data


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
