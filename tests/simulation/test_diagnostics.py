"""Diagnostics: each has the properties implied by its definition."""

import math

import numpy as np
import pytest
from scipy import stats

from simulation.diagnostics.escape import (
    escape_distance,
    escape_statistics,
    median_interval,
    signed_correlation,
)
from simulation.diagnostics.paper_properties import curvature_weights, properties, saddle_region
from simulation.kernels.apcg_weights import log_products
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.runs.simulate import simulate
from simulation.theory.one_step import roots


@pytest.fixture(scope="module")
def cloud():
    draw = np.random.default_rng(3)
    q, _ = np.linalg.qr(draw.standard_normal((6, 6)))
    return draw.standard_normal((4, 7, 6)), draw.standard_normal((4, 7, 6)), draw.random(6), q.T


def test_correlation_knows_no_sign_and_no_basis_of_v(cloud):
    w, m, centre, q = cloud
    for k in (1, 3):
        v = q[:k]
        turn, _ = np.linalg.qr(np.random.default_rng(4).standard_normal((k, k)))
        for other in (-v, turn @ v):
            np.testing.assert_allclose(
                signed_correlation(w, m, centre, v), signed_correlation(w, m, centre, other)
            )
            np.testing.assert_allclose(
                escape_distance(w, centre, v), escape_distance(w, centre, other)
            )


def test_correlation_is_the_designs_formula_for_one_direction(cloud):
    w, m, centre, q = cloud
    v = q[0]
    along, push = (w - centre) @ v, m @ v
    size = np.linalg.norm(m, axis=-1)
    found = signed_correlation(w, m, centre, q[:1])
    np.testing.assert_allclose(found, -push * np.sign(along) / size)
    np.testing.assert_allclose(escape_distance(w, centre, q[:1]), np.abs(along))


def test_correlation_is_bounded_and_is_zero_where_it_means_nothing(cloud):
    w, _, centre, q = cloud
    assert np.all(np.abs(signed_correlation(w, w - centre, centre, q[:3])) <= 1)
    assert signed_correlation(centre, np.ones(6), centre, q[:1]) == 0
    assert signed_correlation(w, np.zeros_like(w), centre, q[:1]).tolist() == [[0.0] * 7] * 4
    outward = centre + q[0]
    assert signed_correlation(outward, -q[0], centre, q[:1]) == pytest.approx(1)
    assert signed_correlation(outward, q[0], centre, q[:1]) == pytest.approx(-1)


def persistence(run):
    """cos(m_t, m_{t−1}) from the second recorded step on, with βm_{t−1} = m_t − g_t."""
    m = run.momentum[:, :, 1:]
    kept = m - run.stochastic_gradient[:, :, 1:]
    return (m * kept).sum(-1) / (np.linalg.norm(m, axis=-1) * np.linalg.norm(kept, axis=-1))


def growing(rule, beta, eta):
    """A noiseless run far along the growing mode, every step recorded, and its last step."""
    experiment = Experiment(landscape="quadratic", eigenvalues=(1.0, -0.2), noise="none",
                            start=(0.0, 1e-6), step_size=eta, contenders=(f"{rule}:{beta}",),
                            steps=int(12 / eta), rotation=20, radius=100)  # fmt: skip
    return simulate(experiment)


@pytest.mark.parametrize("beta", [0.3, 0.9])
def test_in_the_pure_growing_mode_every_property_has_its_closed_form(beta):
    eta = 0.05
    # A start on the escape direction itself: turned by 20°, so along both axes of the picture.
    angle = np.deg2rad(20)
    run = growing("momentum", beta, eta)
    run = simulate(run.experiment.replace(start=(-1e-6 * np.sin(angle), 1e-6 * np.cos(angle))))
    mu = float(roots("momentum", beta, eta, -0.2)[0].real)
    found = properties(run, epsilon=1e-3, horizon=50)
    last = (0, 0, -1)
    assert found["apag"].values[last] == pytest.approx(beta / (mu - beta), rel=1e-6)
    assert found["apcg"].values[last] == pytest.approx(mu / ((mu - beta) * eta), rel=1e-6)
    assert persistence(run)[last] == pytest.approx(1)
    v = landscape_of(run.experiment).escape_directions(run.experiment)
    assert signed_correlation(run.w, run.momentum, np.zeros(2), v)[last] == pytest.approx(1)
    assert found["cnc"].values[last] == pytest.approx(float((run.momentum[last] @ v[0]) ** 2))


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("horizon", [1, 2, 40, 5000])
def test_log_products_are_the_sums_that_they_abbreviate(beta, horizon):
    x = np.array([-2.0, -1e-3, 0.0, 1e-6, 0.9 * (1 - beta), 0.999 * (1 - beta)])
    found = np.empty(6)
    log_products(x, np.full(6, beta), horizon, found)
    theta = (1 - beta ** np.arange(1, horizon)) / (1 - beta)
    np.testing.assert_allclose(found, np.log1p(-x[:, None] * theta).sum(1), rtol=1e-11, atol=1e-15)


def test_a_factor_that_is_not_positive_has_no_product():
    found = np.empty(2)
    log_products(np.array([0.3, 0.3]), np.array([0.9, 0.5]), 100, found)
    assert np.isnan(found).tolist() == [True, False]


def test_apcgs_weights_are_the_papers_matrix():
    draw = np.random.default_rng(5)
    for _ in range(10):
        h = draw.standard_normal((4, 4))
        h = (h + h.T) / 2
        eta, beta, horizon = 0.02, 0.7, 30
        product = np.eye(4)
        for s in range(1, horizon):
            product = (
                np.eye(4) - eta * sum(beta ** (s - k) for k in range(1, s + 1)) * h
            ) @ product
        M = product @ product
        values, vectors = np.linalg.eigh(h)
        weights = curvature_weights(values, eta, beta, horizon)
        expected = M / np.linalg.norm(M, 2)
        np.testing.assert_allclose(vectors @ np.diag(weights) @ vectors.T, expected, atol=1e-12)


CASES = {
    "quadratic": Experiment(landscape="quadratic", paths=400, steps=80, step_size=0.1, rotation=30,
                            contenders=("0", "0.9", "nesterov:0.9"), noise_sd=(0.3, 0.1)),
    "toy": Experiment(paths=400, steps=80, step_size=0.05, contenders=("0.5",)),
    "phase-retrieval": Experiment(landscape="phase-retrieval", paths=400, steps=80, batch=4,
                                  start=(0.5, 0.0), contenders=("0", "0.9")),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_cnc_is_the_mean_square_of_the_next_momentum(name):
    experiment = CASES[name]
    run = simulate(experiment, record_paths=400)
    v = landscape_of(experiment).escape_directions(experiment)
    expected = properties(run, paths=400)["cnc"].values
    gap = ((run.momentum @ v.T) ** 2).sum(-1) - expected
    z = gap.mean(axis=1) / (gap.std(axis=1) / math.sqrt(400) + 1e-300)
    assert np.abs(z).max() <= 5


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_apag_is_the_exact_expectation_over_the_draw(name):
    # ⟨∇f, m_t − g_t⟩ does not depend on the draw; what is left of it is βm_{t−1}, by recursion
    run = simulate(CASES[name])
    assert np.array_equal(run.steps, np.arange(81))
    beta = np.array([c.momentum for c in run.experiment.contenders])[:, None, None, None]
    kept = beta * run.momentum[:, :, :-1]
    f = run.gradient[:, :, 1:]
    expected = (kept * f).sum(-1) / (f * f).sum(-1)
    found = properties(run, paths=400)["apag"].values[:, :, 1:]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_grace_bounds_the_next_function_value_exactly_on_a_quadratic():
    run = simulate(CASES["quadratic"])
    eta = run.step_sizes[:2, None, None]
    found = properties(run, paths=400)["grace"].values[:2, :, :-1]  # heavy ball: w' = w − ηm
    inner = (run.gradient * run.stochastic_gradient).sum(-1)[:2, :, :-1]
    change = np.diff(run.value[:2], axis=2)
    np.testing.assert_allclose(eta**2 * found - eta * inner, change, rtol=1e-9, atol=1e-12)


def test_each_property_is_asked_where_the_proof_asks_for_it():
    run = simulate(Experiment(steps=200_000, contenders=("0", "0.9", "adam"), step_size=5e-5))
    epsilon = 0.02
    found = properties(run, epsilon=epsilon)
    norm = np.linalg.norm(run.gradient, axis=-1)
    hessian = landscape_of(run.experiment).hessian(run.experiment, run.w)
    region = saddle_region(run.gradient, np.linalg.eigvalsh(hessian), epsilon)
    for name, expected in (("apag", norm >= epsilon), ("cnc", region), ("apcg", region)):
        asked = found[name].required
        assert not asked[2].any()  # Adam's m is an average: nothing is asked of it
        valued = np.isfinite(found[name].values[:2])
        np.testing.assert_array_equal(asked[:2], expected[:2] & valued)
        assert asked.any()
    for check in found.values():
        assert not (check.failed & ~check.required).any()
    # SGD keeps no momentum, so it cannot point against the gradient
    assert not found["apag"].failed[0].any()
    assert not found["apcg"].beyond[0].any()


def test_momentum_persists_by_beta_in_pure_noise_of_high_dimension():
    d, betas = 50, (0.5, 0.9)
    experiment = Experiment(landscape="quadratic", eigenvalues=(*[0.01] * (d - 1), -0.01),
                            step_size=1e-6, noise_sd=(1.0,), steps=200, paths=200,
                            contenders=tuple(map(str, betas)))  # fmt: skip
    run = simulate(experiment, points=8)
    found = persistence(run)[:, :, -1]
    for row, beta in zip(found, betas, strict=True):
        # cos is β up to 1/d, and scatters by about 1/√d from path to path
        assert abs(row.mean() - beta) <= 1 / d + 5 * row.std() / math.sqrt(len(row))


def never(n):
    return np.full(n, -1)


def test_escape_quantiles_are_the_empirical_ones_where_nothing_is_censored():
    times = np.random.default_rng(6).integers(1, 1000, 101)
    found = escape_statistics(times, never(101))
    quantiles = np.quantile(times, [0.1, 0.5, 0.9])
    assert [found.low, found.median, found.high] == pytest.approx(quantiles)
    assert (found.escaped, found.total, found.diverged, found.first_diverged) == (101, 101, 0, -1)


@pytest.mark.parametrize("escaped", [0, 3, 49, 51, 60, 100])
def test_censoring_takes_values_away_and_changes_none(escaped):
    times = np.arange(1, 101)
    seen = np.where(times <= escaped, times, -1)
    found, full = escape_statistics(seen, never(100)), escape_statistics(times, never(100))
    for name in ("low", "median", "high", "ci_low", "ci_high"):
        value = getattr(found, name)
        assert math.isnan(value) or value == getattr(full, name)
    assert math.isnan(found.median) == (escaped < 51)
    assert found.escaped == escaped


def test_a_diverged_path_is_no_escape():
    found = escape_statistics(np.array([5, -1, -1, 7]), np.array([-1, 3, 2, -1]))
    assert (found.escaped, found.diverged, found.first_diverged) == (2, 2, 2)
    assert math.isnan(found.median)


@pytest.mark.parametrize("diverged", range(8))
def test_divergence_after_the_escape_takes_the_escape_back(diverged):
    times = np.arange(1, 8)
    gone = np.where(times <= diverged, times + 100, -1)
    found = escape_statistics(times, gone)
    assert found == escape_statistics(np.where(gone < 0, times, -1), gone)
    assert (found.escaped, found.diverged) == (7 - diverged, diverged)
    assert found.diverges == (diverged >= 4) == math.isnan(found.median)


@pytest.mark.parametrize("n", [1, 5, 6, 10, 64, 1001])
def test_the_medians_interval_covers_as_often_as_it_says(n):
    low, high = median_interval(n)
    if low < 0:
        assert 2 * 0.5**n > 0.05  # even the whole range covers too seldom
        return
    cover = stats.binom.cdf(high, n, 0.5) - stats.binom.cdf(low, n, 0.5)
    tighter = stats.binom.cdf(high - 1, n, 0.5) - stats.binom.cdf(low + 1, n, 0.5)
    assert tighter < 0.95 <= cover + 1e-12
