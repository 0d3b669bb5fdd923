"""One step, roots, growth, stability, speed-up, Lemma 4: against 50-digit arithmetic."""

import importlib
import math
import re
from pathlib import Path

import mpmath
import numpy as np
import pytest

from simulation.model.parameters import ParameterError
from simulation.theory.escape_law import EscapeLaw
from simulation.theory.escape_line import EscapeLine
from simulation.theory.one_step import (
    LINEAR_RULES,
    growth,
    growth_rate,
    is_oscillatory,
    largest_stable_step,
    lemma4,
    roots,
    speed_up,
    transition,
)

RULES = tuple(LINEAR_RULES)
BETAS = (0.0, 0.25, 0.5, 0.9, 0.99, 0.9999)
ESCAPES = (1e-12, 5e-6, 1e-3, 0.1, 3.0, 50.0)  # h = −ηλ


def exact_roots(rule: str, beta: float, h: float) -> list[mpmath.mpc]:
    """Roots at 50 digits of docs/theory.md's polynomials, larger first, at the doubles given."""
    with mpmath.workdps(50):
        b, h = mpmath.mpf(beta), mpmath.mpf(h)
        trace, product = {
            "momentum": (1 + b + h, b),
            "nesterov": ((1 + b) * (1 + h), b * (1 + h)),
        }[rule]
        root = mpmath.sqrt(trace**2 - 4 * product)
        return sorted([(trace + root) / 2, (trace - root) / 2], key=lambda z: -abs(z))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("h", ESCAPES)
def test_growth_keeps_its_digits_however_slow_the_escape(rule, beta, h):
    exact = exact_roots(rule, beta, h)[0]
    with mpmath.workdps(50):
        delta, rate = float(exact.real - 1), float(mpmath.log(exact.real))
    # 1 − β is rounded once, so a few ulp of δ are lost where δ rests on it
    assert float(growth(rule, beta, h, -1.0)) == pytest.approx(delta, rel=4e-15)
    assert float(growth_rate(rule, beta, h, -1.0)) == pytest.approx(rate, rel=4e-15)
    assert float(roots(rule, beta, h, -1.0)[0].real) == pytest.approx(1 + delta, rel=1e-15)


@pytest.mark.parametrize("rule", RULES)
def test_roots_are_those_of_the_polynomial_everywhere(rule):
    draw = np.random.default_rng(1)
    for beta, x in zip(draw.uniform(0, 0.999, 300), draw.uniform(-1, 4, 300), strict=True):
        mine = roots(rule, beta, 1.0, x)
        exact = exact_roots(rule, beta, -x)
        assert sum(mine) == pytest.approx(complex(sum(exact)), abs=1e-14)
        assert mine[0] * mine[1] == pytest.approx(complex(exact[0] * exact[1]), abs=1e-14)
        assert abs(mine[0]) >= abs(mine[1]) - 1e-15


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("beta", [0.04, 0.25, 0.81, 0.998])
@pytest.mark.parametrize("off", [0.0, 1e-15, -1e-15, 1e-9, -1e-9])
def test_rates_near_a_double_root(rule, beta, off):
    # heavy ball doubles at ηλ = (1−√β)², Nesterov at 1 − 4β/(1+β)²
    double = (1 - math.sqrt(beta)) ** 2 if rule == "momentum" else 1 - 4 * beta / (1 + beta) ** 2
    x = double * (1 + off)
    exact = exact_roots(rule, beta, -x)
    # A root moves by the square root of a rounding error there, and by no more than that.
    slack = 4 * math.sqrt(np.finfo(float).eps)
    for mine, theirs in zip(roots(rule, beta, 1.0, x), exact, strict=True):
        assert min(abs(mine - complex(z)) for z in exact) <= slack
        assert abs(mine) == pytest.approx(float(abs(theirs)), abs=slack)
    rate = float(mpmath.log(abs(exact[0])))
    assert float(growth_rate(rule, beta, 1.0, x)) == pytest.approx(rate, abs=slack / beta)


@pytest.mark.parametrize("rule", RULES)
def test_the_transition_has_the_roots_as_eigenvalues(rule):
    draw = np.random.default_rng(2)
    beta, eta, lam = draw.uniform(0, 0.99, 50), draw.uniform(0.01, 1, 50), draw.uniform(-2, 3, 50)
    A, u = transition(rule, beta, eta, lam)
    assert A.shape == (50, 2, 2)
    assert u.shape == (50, 2)
    mine, theirs = np.stack(roots(rule, beta, eta, lam), axis=-1), np.linalg.eigvals(A)
    gaps = np.abs(mine[:, :, None] - theirs[:, None, :])  # of every pair
    assert gaps.min(axis=2).max() <= 1e-7
    assert gaps.min(axis=1).max() <= 1e-7


def step(rule, beta, eta, lam, w, m, push):
    """One update as Algorithm 1 (or Nesterov) writes it."""
    g = lam * w + push
    m = beta * m + g
    return (w - eta * m, m) if rule == "momentum" else (w - eta * (g + beta * m), m)


@pytest.mark.parametrize("rule", RULES)
def test_the_transition_is_the_update(rule):
    A, u = transition(rule, 0.7, 0.3, -0.4)
    x = np.array([0.2, -0.5])
    np.testing.assert_allclose(A @ x + u * 1.3, step(rule, 0.7, 0.3, -0.4, *x, 1.3), rtol=1e-15)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("lam", [0.5, 30.0])
def test_the_largest_stable_step_parts_settling_from_diverging(rule, beta, lam):
    limit = float(largest_stable_step(rule, beta, lam))
    assert float(growth_rate(rule, beta, limit * (1 - 1e-6), lam)) < 0
    assert float(growth_rate(rule, beta, limit * (1 + 1e-6), lam)) > 0
    assert largest_stable_step(rule, beta, [-1.0, 0.0]).tolist() == [np.inf, np.inf]


def test_adam_has_no_largest_stable_step_and_no_closed_form():
    assert np.isnan(largest_stable_step("adam", 0.9, 1.0))
    with pytest.raises(ParameterError, match="momentum and nesterov"):
        growth_rate("adam", 0.9, 0.1, -1.0)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_heavy_ball_rings_from_the_square_of_one_minus_root(beta):
    edge = (1 - math.sqrt(beta)) ** 2
    assert is_oscillatory("momentum", beta, 1.0, [edge * 0.999, edge * 1.001]).tolist() == [
        False,
        True,
    ]


@pytest.mark.parametrize("rule", RULES)
def test_a_flat_direction_neither_grows_nor_settles(rule):
    np.testing.assert_array_equal(growth_rate(rule, np.array(BETAS), 0.1, 0.0), 0.0)


def test_the_speed_up_is_one_over_one_minus_beta_and_then_flattens():
    h = 5e-6
    assert float(speed_up("momentum", 0.9, h, -1.0)) == pytest.approx(10, rel=1e-3)
    ceiling = float(speed_up("momentum", 0.9999999, h, -1.0))
    assert ceiling == pytest.approx(1 / math.sqrt(h), rel=1e-2)
    s = np.geomspace(0.01, 100, 30)
    beta = 1 - s * math.sqrt(h)
    about = 2 / (s + np.sqrt(s * s + 4)) / math.sqrt(h)
    np.testing.assert_allclose(speed_up("momentum", beta, h, -1.0), about, rtol=5e-3)
    assert np.isnan(speed_up("momentum", 0.9, 0.1, 1.0))


@pytest.mark.parametrize(("beta", "h"), [(0.9, 5e-6), (0.5, 0.1), (0.0, 0.3), (0.99, 0.01)])
def test_lemma_4_is_its_product_and_is_never_below_the_exact_response(beta, h):
    n = np.array([0, 1, 2, 7, 50, 400])
    lemma = lemma4(beta, h, -1.0, n)
    theta = [sum(beta**k for k in range(j)) for j in range(1, 401)]
    product = [sum(math.log1p(h * t) for t in theta[:last]) for last in n]
    np.testing.assert_allclose(lemma.product, product, rtol=1e-12)
    # e_n by its own recursion, the response of w to a displacement of w
    w, m, response = 1.0, 0.0, [0.0]
    for _ in range(400):
        w, m = step("momentum", beta, h, -1.0, w, m, 0.0)
        response.append(math.log(w))
    np.testing.assert_allclose(lemma.response, np.array(response)[n], rtol=1e-9, atol=1e-14)
    assert np.all(lemma.product >= lemma.response - 1e-12)


def test_lemma_4s_rate_agrees_on_the_toy_and_parts_in_phase_retrieval():
    def excess(beta, eta, lam):
        per_step = math.log1p(eta * -lam / (1 - beta))
        return per_step / float(growth_rate("momentum", beta, eta, lam)) - 1

    assert excess(0.9, 5e-5, -0.1) == pytest.approx(0.0004, abs=1e-4)
    # the population Hessian at the phase-retrieval saddle: −4‖w*‖²I − 8w*w*ᵀ, so λ = −12‖w*‖²
    assert excess(0.9, 5e-4, -12.0) == pytest.approx(0.36, abs=0.01)


def test_lemma_4_is_for_escape_directions():
    with pytest.raises(ParameterError, match="λ < 0"):
        lemma4(0.9, 0.1, 1.0, [1])


def test_the_docs_speak_of_functions_that_exist():
    text = (Path(__file__).parents[2] / "docs" / "theory.md").read_text()
    known = set()
    modules = [
        f"theory.{name}"
        for name in (
            "one_step",
            "moments",
            "escape_law",
            "escape_line",
            "guidance",
            "linear_range",
            "returns",
        )
    ]
    for name in (*modules, "diagnostics.escape"):
        known |= set(dir(importlib.import_module(f"simulation.{name}")))
    known |= set(dir(EscapeLaw)) | set(dir(EscapeLine))
    spoken = re.findall(r"`(?:EscapeLine\.)?([a-z]\w+)`", text)
    assert len(spoken) >= 20
    assert set(spoken) - known == {"quadratic"}  # the landscape


@pytest.mark.parametrize(("x", "times"), [(0.01, 1.01), (0.1, 1.09), (1.0, 1.62)])
def test_at_the_same_effective_step_sgd_is_as_fast_or_faster(x, times):
    h = 1e-8
    beta = 1 - math.sqrt(h / x)
    plain = math.log1p(h / (1 - beta))
    assert plain / float(growth_rate("momentum", beta, h, -1.0)) == pytest.approx(times, abs=6e-3)
