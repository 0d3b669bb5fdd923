"""What is held fixed, and the limits of stability."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Contender, Experiment, ParameterError, simulate
from simulation.rules import UPDATE_RULES, step_sizes

BETAS = (0.0, 0.5, 0.9, 0.99)


def sizes(hold: str, *contenders: str) -> np.ndarray:
    return step_sizes(Experiment(contenders=contenders, hold=hold, step_size=0.01))


def test_the_same_step_is_the_same_for_all():
    assert (sizes("step", "0", "0.9", "nesterov:0.9", "adam") == 0.01).all()


def test_the_same_effective_step():
    eta = sizes("effective", *(str(b) for b in BETAS))
    assert np.allclose(eta / (1 - np.array(BETAS)), 0.01)
    assert sizes("effective", "adam")[0] == 0.01


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize(("share", "stable"), [(0.98, True), (1.02, False)])
def test_the_same_share_of_stability_is_a_share_of_what_really_is_stable(rule, beta, share, stable):
    curvature = 4.0
    experiment = Experiment(
        landscape="quadratic", eigenvalues=(curvature, curvature), noise="none", paths=1,
        contenders=(Contender(rule, beta),), hold="stability", step_size=share * 2 / curvature,
        start=(1.0, 0.3), radius=100.0, steps=20_000,
    )  # fmt: skip
    ours = simulate(experiment)
    assert (ours.escape_time[0, 0] < 0) == stable
    assert (np.abs(ours.w[0, 0, -1]).max() < 0.1) == stable


def test_a_share_of_stability_is_refused_where_there_is_no_such_number():
    for rule in ("adam", "amsgrad"):
        assert UPDATE_RULES[rule].stability is None
        with pytest.raises(ParameterError, match="no largest stable step") as refusal:
            Experiment(contenders=("0", rule), hold="stability")
        assert (refusal.value.field, refusal.value.nearest) == ("hold", "step")


def test_algorithm_2_takes_its_larger_step_once_a_period():
    experiment = Experiment(
        landscape="quadratic", noise="none", contenders=("boosted:0.5",), start=(0.0, 0.01),
        step_size=1e-3, boost=0.5, period=7, steps=40, paths=1,
    )  # fmt: skip
    ours = simulate(experiment, points=200)
    eta = -np.diff(ours.w[0, 0, :, 1]) / ours.momentum[0, 0, :-1, 1]
    expected = np.where(np.arange(40) % 7 == 0, 0.5, 1e-3)
    assert np.allclose(eta, expected, rtol=1e-9)
