"""Random streams: one for the fixed data and one per path, from one seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


DATA_STREAM = 2**32 - 1


def data_generator(seed: int) -> np.random.Generator:
    """Return the generator of an experiment's fixed data."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(DATA_STREAM,)))


def data_source(samples: int, width: int) -> str:
    """Return the script line that draws an experiment's fixed data DATA (samples, width)."""
    stream = f"np.random.SeedSequence(SEED, spawn_key=({DATA_STREAM},))"
    return f"DATA = np.random.default_rng({stream}).standard_normal(({samples}, {width}))"


@lru_cache(maxsize=64)
def path_words(seed: int, paths: int) -> NDArray[np.uint64]:
    """Return the seed words (paths, 4) of the paths' streams; row i depends on seed and i alone."""
    words = np.empty((paths, 4), np.uint64)
    for i in range(paths):
        words[i] = np.random.SeedSequence(seed, spawn_key=(i,)).generate_state(4, np.uint64)
    words.flags.writeable = False
    return words


@lru_cache(maxsize=64)
def normal_data(seed: int, samples: int, width: int) -> Floats:
    """Return standard normals (samples, width) from the data's stream; read-only."""
    data = data_generator(seed).standard_normal((samples, width))
    data.flags.writeable = False
    return data
