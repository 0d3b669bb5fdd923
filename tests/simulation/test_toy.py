"""The paper's Figure 2(a): the order of the escapes and the speed-up, over seeds."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Experiment, simulate

SEEDS = range(20)


def midpoints(experiment: Experiment) -> np.ndarray:
    """Escape steps (C,) at half-way from saddle to minimum, run until all have escaped."""
    return simulate(experiment, record_paths=1, points=4).escape_time[:, 0]


@pytest.mark.long
def test_the_speed_up_of_momentum_0_9_over_the_seeds():
    times = np.array([midpoints(Experiment(seed=seed, steps=3_000_000)) for seed in SEEDS])
    assert (times >= 0).all()
    ordered = (np.diff(times, axis=1) < 0).all(axis=1)
    ratio = times[:, 0] / times[:, -1]
    assert ordered.sum() >= 18
    assert ((ratio >= 8) & (ratio <= 12)).sum() >= 18
