"""The noise along the escape direction, and along a flat valley, is that of the drawn gradients."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.diagnostics.paper_properties import properties
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.results.beta_choice import choose_beta
from simulation.results.beta_measurement import measure, measured_experiment
from simulation.results.settled_price import VALLEY
from simulation.runs.simulate import simulate
from simulation.theory.escape_line import EscapeLine
from simulation.theory.moments import moments
from tests.marks import every_landscape

CASES = {
    "linear-net": {"landscape": "linear-net", "noise_sd": (0.3, 0.1)},
    "linear-net, batch": {"landscape": "linear-net", "batch": 4, "samples": 7, "seed": 5},
    "linear-net, matrix": {"landscape": "linear-net", "eigenvalues": (2.0, 1.0, 0.4)},
    "monkey": {"landscape": "monkey"},
    "toy, turned": {"rotation": 30.0, "tilt": (0.0, 1e-3)},
    "quadratic, turned": {"landscape": "quadratic", "rotation": 70.0, "noise_sd": (0.3, 0.01)},
}


def drawn(experiment: Experiment) -> np.ndarray:
    """Return the first gradient's noise (N, d) on N paths."""
    run = simulate(
        experiment.replace(paths=4096, steps=10, contenders=(0.0,)), record_paths=4096, points=2
    )
    return run.stochastic_gradient[0, :, 0] - run.gradient[0, :, 0]


@pytest.mark.parametrize("noise", ["samples", "gaussian"])
@pytest.mark.parametrize("case", CASES)
def test_the_linearisation_s_noise_is_that_of_the_draws(case: str, noise: str) -> None:
    experiment = Experiment(noise=noise, **CASES[case])
    place = landscape_of(experiment)
    model = place.linearisation(experiment)
    seen = (drawn(experiment) @ model.basis).std(axis=0)
    np.testing.assert_allclose(seen, model.noise_sd, rtol=5 / np.sqrt(2 * 4096) + 0.02)


@pytest.mark.parametrize("case", CASES)
def test_of_fixed_samples_it_is_exact(case: str) -> None:
    experiment = Experiment(noise="samples", **CASES[case])
    place = landscape_of(experiment)
    model = place.linearisation(experiment)
    table = place.sample_table(experiment) @ place.basis(experiment).T
    variance = np.cov(table.T, bias=True) / experiment.batch
    exact = np.sqrt(np.diag(model.basis.T @ variance @ model.basis))
    np.testing.assert_allclose(model.noise_sd, exact, rtol=1e-12)
    directions = place.escape_directions(experiment)
    found = place.noise_variance(experiment, place.saddle(experiment), directions)
    assert float(found) == pytest.approx(np.trace(directions @ variance @ directions.T), rel=1e-12)


def test_the_known_values_of_the_network_in_two_weights() -> None:
    experiment = Experiment(landscape="linear-net", noise="samples")
    place = landscape_of(experiment)
    v = place.escape_directions(experiment)[0]
    each = place.sample_table(experiment) @ v
    line = EscapeLine.of(experiment)
    assert line.noise_sd == pytest.approx(each.std(), rel=1e-12)
    run = simulate(experiment.replace(contenders=(0.0,), steps=10))
    first = properties(run)["cnc"].values[0, 0, 0]
    push = v @ place.gradient(experiment, place.start(experiment))
    assert first == pytest.approx(np.mean((each - each.mean() + push) ** 2), rel=1e-9)


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_along_a_flat_direction_the_variance_grows_as_the_square_of_the_memory(beta) -> None:
    known = {"steps": [200_000], "noise_sd": 0.1}
    mine, plain = (moments("momentum", b, 0.01, 0.0, **known).w_var[0] for b in (beta, 0.0))
    assert mine / plain == pytest.approx(1 / (1 - beta) ** 2, rel=2e-3)


def test_the_network_drifts_along_its_valley_by_that_law() -> None:
    beta, eta, sd, steps, paths = 0.8, 0.01, 0.01, 1000, 1024
    experiment = Experiment(
        landscape="linear-net", noise="gaussian", noise_sd=(sd,), start=(1.0, 1.0), steps=steps,
        step_size=eta, paths=paths, contenders=(beta,),
    )  # fmt: skip
    run = simulate(experiment, record_paths=paths, points=2)
    across = (run.w[0, :, -1] @ np.array([1.0, -1.0])) / np.sqrt(2)
    known = {"steps": [steps], "noise_sd": sd}
    law = moments("momentum", beta, eta, 0.0, **known).w_var[0]
    assert across.var() == pytest.approx(law, rel=5 * np.sqrt(2 / paths))


@pytest.mark.parametrize("landscape", every_landscape())
def test_a_price_is_asked_only_where_a_path_settles(landscape: str) -> None:
    """Where the minima are a valley the Hessian there has an eigenvalue 0."""
    experiment = Experiment(landscape=landscape, noise="gaussian")
    place = landscape_of(experiment)
    minima = place.minima(experiment)
    least = np.linalg.eigvalsh(place.hessian(experiment, minima)).min() if len(minima) else 1.0
    assert place.is_valley(experiment) == bool(abs(least) < 1e-9)
    seen = choose_beta(experiment, 10.0, measure(measured_experiment(experiment)))
    assert (seen.no_price == VALLEY) == place.is_valley(experiment)
