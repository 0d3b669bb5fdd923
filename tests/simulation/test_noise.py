"""Random numbers: exact distributions, unbiased draws, independent streams."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Experiment, simulate
from simulation.kernels.random import draw, indices, normals, spread
from simulation.landscapes.registry import landscape_of
from simulation.noise.streams import data_generator, path_words
from tests.marks import every_landscape

scipy_stats = pytest.importorskip("scipy.stats", reason="scipy, the oracle, is not installed")


def stream(seed: int, path: int = 0) -> np.ndarray:
    state = np.empty((4, 8), np.uint64)
    spread(path_words(seed, path + 1)[path], state)
    return state


def many_normals(seed: int, blocks: int, size: int = 512) -> np.ndarray:
    state, words = stream(seed), np.empty(size, np.uint64)
    out = np.empty((blocks, size))
    for row in out:
        normals(state, words, row)
    return out


def test_the_generator_is_xoshiro256_plus_plus():
    state = stream(1)
    mask = (1 << 64) - 1
    lanes = [[int(word) for word in state[:, lane]] for lane in range(8)]
    ours = np.empty(80, np.uint64)
    draw(state, ours)

    def turned(x: int, k: int) -> int:
        return ((x << k) | (x >> (64 - k))) & mask

    for i, word in enumerate(ours):
        s = lanes[i % 8]
        assert int(word) == (turned((s[0] + s[3]) & mask, 23) + s[0]) & mask
        shifted = (s[1] << 17) & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = turned(s[3], 45)


def test_normals_are_the_box_muller_of_their_words_to_rounding():
    size = 512
    state, words, out = stream(2), np.empty(size, np.uint64), np.empty(size)
    normals(state, words, out)
    unit = 1.0 + (words >> 12) * 2.0**-52
    radius = np.sqrt(-2 * np.log(2.0 - unit[: size // 2]))
    angle = 2 * np.pi * (unit[size // 2 :] - 1.5)
    both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])
    assert np.abs(out - both).max() <= 4e-15


@pytest.mark.long
def test_normals_have_the_normal_law():
    drawn = many_normals(3, 4_000)
    assert scipy_stats.kstest(drawn.ravel(), "norm").pvalue > 1e-4
    n = drawn.size
    for power, mean, spread_ in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)):
        assert abs((drawn**power).mean() - mean) <= 5 * np.sqrt(spread_ / n)
    correlation = np.corrcoef(drawn, rowvar=False)
    apart = np.abs(correlation[np.triu_indices(len(correlation), 1)]).max()
    assert apart <= 6 / np.sqrt(len(drawn))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 200, 1000])
def test_indices_are_uniform(n):
    state, words, out = stream(4), np.empty(1024, np.uint64), np.empty(2048, np.int64)
    counts = np.zeros(n, np.int64)
    for _ in range(200):
        indices(state, n, words, out)
        assert out.min() >= 0
        assert out.max() < n
        counts += np.bincount(out, minlength=n)
    if n > 1:
        assert scipy_stats.chisquare(counts).pvalue > 1e-4


def test_a_biased_block_is_drawn_again():
    n = 3_000_000_000  # a quarter of all words would be biased here
    state, words, out = stream(5), np.empty(8, np.uint64), np.empty(16, np.int64)
    counts = np.zeros(3)
    for _ in range(3_000):
        indices(state, n, words, out)
        counts += np.bincount(out // (n // 3), minlength=3)[:3]
    assert scipy_stats.chisquare(counts).pvalue > 1e-4


def test_streams_of_paths_seeds_and_data_differ():
    first = [many_normals(seed, 1)[0] for seed in (0, 1)]
    assert not np.intersect1d(*first).size
    words = path_words(7, 300)
    assert len(np.unique(words, axis=0)) == 300
    assert np.array_equal(path_words(7, 20), words[:20])
    assert data_generator(7).standard_normal() != data_generator(8).standard_normal()


@pytest.mark.parametrize("noise", ["gaussian", "samples"])
@pytest.mark.parametrize("landscape", every_landscape())
def test_the_noise_has_its_declared_mean_and_spread(noise, landscape):
    experiment = Experiment(
        landscape=landscape, noise=noise, noise_sd=(0.3, 0.05), tilt=(0.01, -0.02), steps=400,
        paths=256, batch=2, samples=7, rotation=25.0, step_size=1e-7, contenders=("0",),
    )  # fmt: skip
    place = landscape_of(experiment)
    if noise == "samples" and not place.sample_table(experiment).any():
        pytest.skip("the samples' gradients are no constants here")
    ours = simulate(experiment, points=2_000)
    drawn = ours.stochastic_gradient[0, :, :, :] - ours.gradient[0]
    z = (drawn @ place.basis(experiment)).reshape(-1, drawn.shape[-1])
    sd = place.noise_sd(experiment)
    if noise == "samples":
        sd = place.sample_table(experiment).std(axis=0) / np.sqrt(2)
    n = len(z)
    assert n > 100_000
    assert (np.abs(z.mean(axis=0)) <= 5 * sd / np.sqrt(n)).all()
    assert (np.abs(z.std(axis=0) - sd) <= 5 * sd * np.sqrt(2 / n)).all()
    assert np.allclose(ours.gradient, place.gradient(experiment, ours.w), atol=1e-12)


def test_no_noise_is_none():
    ours = simulate(Experiment(noise="none", steps=100, start=(0.1, 0.1)))
    assert np.array_equal(ours.gradient, ours.stochastic_gradient)
