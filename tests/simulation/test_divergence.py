"""On a quadratic, a path diverges along rising directions only; running down is no divergence."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Contender, Experiment, simulate


def test_a_stiff_direction_past_its_limit_diverges_and_does_not_escape():
    for beta in (0.0, 0.9):
        limit = 2 * (1 + beta)  # ηλ < 2(1+β)
        for factor, diverges in ((0.99, False), (1.01, True)):
            experiment = Experiment(
                landscape="quadratic", eigenvalues=(1.0, -1e-6), steps=5_000, paths=2,
                contenders=(Contender("momentum", beta),), step_size=factor * limit,
                noise_sd=(0.01, 0.0),
            )  # fmt: skip
            ours = simulate(experiment)
            assert (ours.diverged_at >= 0).all() == diverges
            assert (ours.escape_time == -1).all()


def test_running_down_a_quadratic_after_the_escape_is_no_divergence():
    ours = simulate(Experiment(landscape="quadratic", steps=60_000, paths=4))
    assert (ours.escape_time >= 0).all()
    assert (ours.diverged_at == -1).all()
    assert np.isfinite(ours.w).all()


@pytest.mark.parametrize(
    "falls", [(-0.1, -0.0999), (-0.1, -0.1), (-0.3, -0.29, -0.05), (-0.2, 0.0)]
)
@pytest.mark.parametrize("steep", [0.5, 1.05])  # as a share of SGD's limit ηλ < 2
def test_a_quadratic_diverges_by_its_rising_directions_alone(steep, falls):
    contenders = (Contender("momentum", 0.0), Contender("momentum", 0.9))
    ours = simulate(Experiment(
        landscape="quadratic", eigenvalues=(20 * steep, *falls), noise_sd=(0.1,), step_size=0.1,
        steps=6_000, paths=16, contenders=contenders, tilt=(0.0, 0.01),
    ))  # fmt: skip
    assert (ours.diverged_at[0] >= 0).all() == (steep > 1)
    if steep < 1:
        assert (ours.diverged_at == -1).all()
