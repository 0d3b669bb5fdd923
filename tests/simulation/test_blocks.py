"""Blocks of steps: their length changes neither a random number nor a bit of a run."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from simulation import Contender, Experiment, simulate
from simulation.kernels.random import indices, normals, spread
from simulation.kernels.records import BLOCK, LANES
from simulation.noise.streams import path_words

PATHS = 2
STEPS = 20 * BLOCK + 100
BLOCKS = -(-(STEPS + 1) // BLOCK)
CONTENDERS = (Contender("momentum", 0.5), Contender("boosted", 0.9), Contender("adam", 0.9))


def race(landscape: str, noise: str, **changes) -> Experiment:
    return Experiment(
        landscape=landscape, noise=noise, noise_sd=(0.3, 0.3), contenders=CONTENDERS,
        steps=STEPS, paths=PATHS, step_size=2e-3, boost=4e-3, period=700, **changes,
    )  # fmt: skip


def generators() -> list[np.ndarray]:
    """The state of each path's generators at its first step."""
    states = [np.empty((4, LANES), np.uint64) for _ in range(PATHS)]
    for words, state in zip(path_words(Experiment().seed, PATHS), states, strict=True):
        spread(words, state)
    return states


def drawn_normals() -> np.ndarray:
    """ξ (steps + 1, paths, 2) as published: each block of 256 steps drawn at once."""
    size = BLOCK * 2
    rows = np.empty((PATHS, BLOCKS, size))
    for path, state in enumerate(generators()):
        for block in range(BLOCKS):
            normals(state, np.empty(size, np.uint64), rows[path, block])
    return rows.reshape(PATHS, -1, 2).swapaxes(0, 1)[: STEPS + 1]


def drawn_samples(n: int, batch: int) -> np.ndarray:
    """Sample numbers (steps + 1, paths, batch) as published."""
    size = BLOCK * batch
    rows = np.empty((PATHS, BLOCKS, size), np.int64)
    for path, state in enumerate(generators()):
        for block in range(BLOCKS):
            indices(state, n, np.empty(size // 2, np.uint64), rows[path, block])
    return rows.reshape(PATHS, -1, batch).swapaxes(0, 1)[: STEPS + 1]


def assert_equal_runs(one, other):
    for field in fields(one):
        if field.name != "experiment":
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.mark.parametrize("landscape", ["quadratic", "monkey"])
def test_the_published_blocks_of_normals_are_drawn(landscape):
    assert BLOCK == 256  # another number gives every published link another picture
    experiment = race(landscape, "gaussian")
    given = simulate(experiment, noise=0.3 * drawn_normals(), points=6)
    assert_equal_runs(simulate(experiment, points=6), given)  # few records: whole blocks


@pytest.mark.parametrize("batch", [1, 3])
def test_the_published_blocks_of_samples_are_drawn(batch):
    experiment = race("toy", "samples", samples=40, batch=batch)
    given = simulate(experiment, noise=drawn_samples(40, batch), points=6)
    assert_equal_runs(simulate(experiment, points=6), given)


@pytest.mark.parametrize("landscape", ["toy", "monkey"])
def test_a_run_does_not_depend_on_where_blocks_end(landscape):
    """A record ends a block, so that more records make other blocks."""
    experiment = race(landscape, "gaussian")
    few, many = simulate(experiment, points=6), simulate(experiment, points=3_002)
    common = np.searchsorted(many.steps, few.steps)
    shared = np.isin(few.steps, many.steps)
    assert shared.sum() >= 4  # the middle and the end among them
    np.testing.assert_array_equal(few.w[:, :, shared], many.w[:, :, common[shared]])
    np.testing.assert_array_equal(few.escape_time, many.escape_time)
    assert (few.escape_time > 0).any()
