"""The summary: bands, law, speed-ups, and where they are undefined."""

import math

import numpy as np
import pytest

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.results.prediction import predict
from simulation.results.summary import band, summarise
from simulation.runs.simulate import simulate
from simulation.theory.escape_law import exact_quantile
from simulation.theory.escape_line import EscapeLine
from simulation.theory.linear_range import LINEARITY_TOLERANCE
from tests.marks import every_landscape

BANDS = ("distance", "correlation", "value")


def quadratic(**changes):
    return Experiment(landscape="quadratic").replace(**changes)


@pytest.mark.parametrize("paths", [1, 2, 9, 64])
def test_bands_are_quantiles_over_paths(paths):
    run = simulate(quadratic(paths=paths, steps=500, rotation=30))
    found = summarise(run)
    v = landscape_of(run.experiment).escape_directions(run.experiment)[0]
    distance = np.abs(run.w @ v)
    for shown, values in ((found.distance, distance), (found.value, run.value)):
        low, median, high = np.quantile(values, [0.1, 0.5, 0.9], axis=1)
        np.testing.assert_allclose(shown.median, median, rtol=1e-12)
        np.testing.assert_allclose(shown.low, low, rtol=1e-12)
        np.testing.assert_allclose(shown.high, high, rtol=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("paths", "diverged"), [(3, 1), (11, 5), (11, 1), (5, 5), (4, 2), (10, 9)])
def test_a_path_beyond_the_largest_number_moves_no_quantile_below_it(paths, diverged):
    values = np.arange(1.0, paths + 1)
    values[paths - diverged :] = math.inf
    found = band(np.random.default_rng(0).permutation(values)[None, :, None])
    for shown, share in ((found.low, 0.1), (found.median, 0.5), (found.high, 0.9)):
        place = share * (paths - 1)
        finite = math.ceil(place) < paths - diverged
        assert shown[0, 0] == pytest.approx(1 + place if finite else math.inf, rel=1e-12)


@pytest.mark.parametrize("landscape", every_landscape())
def test_everything_drawn_is_a_number(landscape):
    experiment = Experiment(landscape=landscape, steps=400, paths=3)
    found = summarise(simulate(experiment))
    c, k = len(experiment.contenders), len(found.steps)
    for name in BANDS:
        band = getattr(found, name)
        for values in (band.low, band.median, band.high):
            assert values.shape == (c, k)
            assert np.isfinite(values).all()
        assert np.all(band.low <= band.median)
        assert np.all(band.median <= band.high)
    assert found.lines.shape == (c, 3, k, 2)
    assert np.isfinite(found.lines).all()
    assert np.all(np.abs(found.correlation.median) <= 1)
    np.testing.assert_allclose(found.lines[:, :, 0], found.start + np.zeros((c, 3, 2)))
    assert found.law_reason == predict(experiment).reason
    assert found.law is not None or found.law_reason


def test_diverged_paths_leave_numbers_to_draw():
    found = summarise(
        simulate(quadratic(step_size=3.9, paths=4, steps=300, eigenvalues=(1.0, -0.001)))
    )
    assert [e.diverged for e in found.escape] == [4] * 5
    for name in BANDS:
        assert np.isfinite(getattr(found, name).median).all()


@pytest.mark.long
def test_the_law_lies_on_the_measured_median():
    experiment = quadratic(paths=1024, steps=500, step_size=0.02, noise_sd=(0.1, 0.1),
                           start=(0.0, 0.05), tilt=(0.0, 0.01), contenders=("0", "0.9",
                           "nesterov:0.5", "adam"), radius=3.0)  # fmt: skip
    run = simulate(experiment, record_paths=1024)
    found = summarise(run)
    assert found.law_reason == ""
    assert np.isnan(found.law.median[3]).all()  # Adam has no exact law
    saddle = landscape_of(experiment).saddle(experiment)
    distance = np.abs((run.w - saddle) @ [0.0, 1.0])
    for name, share in (("low", 0.1), ("median", 0.5), ("high", 0.9)):
        law = getattr(found.law, name)[:3, 1:]
        below = (distance[:3, :, 1:] <= law[:, None]).mean(axis=1)
        assert np.abs(below - share).max() <= 5 * math.sqrt(share * (1 - share) / 1024)


@pytest.mark.long
@pytest.mark.parametrize("paths", [200, pytest.param(2000, marks=pytest.mark.slow)])
def test_predictions_are_the_exact_law_and_agree_with_the_run(paths):
    experiment = quadratic(paths=paths, contenders=("0", "0.5", "0.9", "adam"), steps=12000)
    found = summarise(simulate(experiment, record_paths=64))
    beta = np.array([0, 0.5, 0.9])
    law = exact_quantile("momentum", beta, 0.01, -0.1, radius=1.0, noise_sd=0.1)
    np.testing.assert_array_equal(found.predicted[:3], law)
    assert np.isnan(found.predicted[3])
    assert found.reference == 0
    np.testing.assert_allclose(found.predicted_speed_up[:3], law[0] / law)
    medians = np.array([e.median for e in found.escape])
    np.testing.assert_allclose(found.speed_up, medians[0] / medians)
    for escape, expected in zip(found.escape[:3], law, strict=True):
        width = (escape.ci_high - escape.ci_low) / 4  # about one standard error
        # R is 17 s_Z and more here; the marginal is late by less than 1 % of the paths
        assert abs(escape.median - expected) <= 5 * width


def test_the_law_is_cut_off_where_the_landscape_bends():
    experiment = Experiment(steps=400_000)
    landscape = landscape_of(experiment)
    found, end = summarise(simulate(experiment)), EscapeLine.of(experiment).linear_range
    law = found.law.median
    assert found.radius < end < float((0.1 / 10) ** 0.125)
    assert np.isnan(law).any()
    assert np.nanmax(law) <= end
    assert np.array_equal(np.isfinite(law), np.cumprod(np.isfinite(law), axis=1))
    # There, and not before, the slope leaves the line by more than a twentieth.
    saddle, v = landscape.saddle(experiment), landscape.escape_directions(experiment)[0]
    bends = [
        max(
            abs(landscape.gradient(experiment, saddle + s * r * v) @ v / (-0.1 * s * r) - 1)
            for s in (1, -1)
        )
        for r in (0.95 * end, end)
    ]
    assert bends[0] < LINEARITY_TOLERANCE < bends[1] * 1.0001


def test_no_prediction_past_the_bend():
    found = summarise(simulate(Experiment(radius=0.5, steps=100)))
    assert np.isnan(found.predicted).all()
    assert found.law is not None  # up to the bend
    assert "not linear" in found.law_reason


@pytest.mark.parametrize(
    ("experiment", "reason"),
    [
        (quadratic(eigenvalues=(1.0, -0.1, -0.1), steps=50), "repeats 2 times"),
        (quadratic(eigenvalues=(1.0, 0.5), steps=50), "no escape direction"),
        (quadratic(contenders=("adam",), steps=50), "momentum and Nesterov"),
        (Experiment(landscape="monkey", steps=50), ""),
        (Experiment(landscape="phase-retrieval", steps=50), "noise vanishes"),
    ],
)
def test_where_the_theory_does_not_hold_it_says_why(experiment, reason):
    found = summarise(simulate(experiment))
    assert found.law is None
    assert reason in found.law_reason
    assert found.law_reason.endswith(".")
    assert np.isnan(found.predicted).all()


def test_without_sgd_the_slowest_is_the_reference():
    found = summarise(simulate(quadratic(contenders=("0.9", "0.5", "0.7"), paths=64)))
    assert found.reference == 1
    assert found.speed_up[1] == 1
    assert np.all(found.speed_up[[0, 2]] > 1)


def test_stable_steps_are_those_of_the_steepest_direction():
    found = summarise(simulate(quadratic(eigenvalues=(4.0, 1.0, -0.1), steps=50)))
    np.testing.assert_allclose(found.largest_stable_step, 2 * np.array([1, 1.3, 1.5, 1.7, 1.9]) / 4)
