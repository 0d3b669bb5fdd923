"""Laws of the escape line: its numbers, its exact laws, and the reasons where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.runs.simulate import simulate
from simulation.theory.escape_law import growing_mode
from simulation.theory.escape_line import (
    NOISELESS_REASON,
    NONLINEAR_REASON,
    OUTSIDE_REASON,
    RULES_REASON,
    SHARES,
    EscapeLine,
    rule_reason,
)
from simulation.theory.linear_range import LINEARITY_TOLERANCE
from tests.marks import every_landscape

QUADRATIC = Experiment(landscape="quadratic", start=(0.2, 0.03), tilt=(0.1, -0.01), rotation=30.0)
BETAS, ETAS = np.array([[0.0], [0.9]]), np.array([0.01, 0.02, 0.05])


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_the_quantile_is_the_first_step_whose_cdf_reaches_the_share(rule):
    line = EscapeLine.of(QUADRATIC)
    for share in SHARES:
        times = line.quantile(rule, BETAS, ETAS, share=share)
        assert times.shape == (2, 3)
        for (i, j), t in np.ndenumerate(times):
            before, then = line.cdf(rule, BETAS[i, 0], ETAS[j], steps=[int(t) - 1, int(t)])
            assert before < share <= then


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_the_distances_median_passes_the_radius_at_the_median_escape(rule):
    line = EscapeLine.of(QUADRATIC)
    t = int(line.quantile(rule, 0.9, 0.01))
    low, median, high = line.distance(rule, 0.9, 0.01, steps=[t - 1, t])
    assert median[0] < line.radius <= median[1]
    assert np.all((low < median) & (median < high))


def test_the_growing_mode_is_the_late_law():
    line = EscapeLine.of(QUADRATIC.replace(radius=50.0))
    mode = line.growing("momentum", 0.9, 0.01)
    late = np.arange(1, 4) * float(mode.quantile(0.5)[0])
    np.testing.assert_allclose(
        mode.cdf(late), line.cdf("momentum", 0.9, 0.01, np.rint(late)), atol=2e-2
    )
    known = {"noise_sd": line.noise_sd, "tilt": line.tilt, "start": line.start}
    assert mode.mode.sd == growing_mode("momentum", 0.9, 0.01, line.eigenvalue, **known).sd


def test_a_stack_is_its_lines_side_by_side():
    radii, sds = (0.1, 0.5, 2.0), (0.01, 0.3)
    each = [
        EscapeLine.of(QUADRATIC.replace(radius=radius, noise_sd=(sd,)))
        for sd in sds for radius in radii
    ]  # fmt: skip
    stack = EscapeLine.stack(each, (2, 3))
    together = stack.quantile("momentum", BETAS, ETAS)
    for number, (i, j) in enumerate(np.ndindex(2, 3)):
        assert together[i, j] == each[number].quantile("momentum", BETAS[i, 0], ETAS[j])
        assert stack.at((i, j)).radius == each[number].radius
        assert stack.at((i, j)).noise_sd == each[number].noise_sd


@pytest.mark.parametrize("landscape", every_landscape())
@pytest.mark.parametrize("scale", [0.999, 1.001])
def test_a_start_is_outside_where_paths_have_escaped_at_step_0(landscape, scale):
    experiment = Experiment(landscape=landscape, start=(0.11, 0.07), steps=10, paths=1)
    place = landscape_of(experiment)
    away = place.start(experiment) - place.saddle(experiment)
    distance = float(np.linalg.norm(place.escape_directions(experiment) @ away))
    experiment = experiment.replace(radius=distance * scale)
    escaped = bool((simulate(experiment).escape_time == 0).all())
    assert EscapeLine.of(experiment).starts_outside == escaped == (scale < 1)


def test_within_the_linear_range_the_gradient_is_linear_to_the_tolerance():
    experiment = Experiment(tilt=(0.0, 1e-4), rotation=20.0)
    line, place = EscapeLine.of(experiment), landscape_of(experiment)
    saddle, v = place.saddle(experiment), place.escape_directions(experiment)[0]
    s = np.concatenate([sign * np.geomspace(1e-4, 0.99, 50) for sign in (-1, 1)])
    slope = place.gradient(experiment, saddle + s[:, None] * line.linear_range * v) @ v
    curvature = v @ place.hessian(experiment, saddle) @ v
    error = np.abs(slope / (curvature * s * line.linear_range) - 1)
    assert error.max() <= LINEARITY_TOLERANCE


def test_the_quadratic_is_linear_everywhere():
    assert EscapeLine.of(QUADRATIC.replace(radius=100.0)).linear_range == np.inf


def test_each_reason_is_given_where_it_holds_and_the_first_one_first():
    line = EscapeLine.of(QUADRATIC)
    assert (line.reason, line.escape_reason, line.distribution_reason, line.choice_reason) == (
        ("",) * 4
    )
    adam = EscapeLine.of(QUADRATIC.replace(contenders=("adam",)))
    assert adam.reason == adam.escape_reason == adam.distribution_reason == RULES_REASON
    assert np.isnan(adam.linear_range)
    still = EscapeLine.of(QUADRATIC.replace(noise="none"))
    assert (still.escape_reason, still.distribution_reason) == ("", NOISELESS_REASON)
    far = EscapeLine.of(QUADRATIC.replace(start=(0.0, 5.0), contenders=("adam",)))
    assert far.choice_reason == OUTSIDE_REASON
    curved = EscapeLine.of(Experiment(radius=0.5))
    assert curved.is_nonlinear
    assert curved.reason == ""
    assert curved.escape_reason == NONLINEAR_REASON
    assert f"only up to {curved.linear_range:.3g}." in curved.distribution_reason
    assert "quadratic part" in curved.choice_reason


def test_a_rule_without_closed_forms_is_named():
    assert "Adam" in rule_reason(Contender("adam", 0.9))
    assert rule_reason(Contender("nesterov", 0.9)) == ""
