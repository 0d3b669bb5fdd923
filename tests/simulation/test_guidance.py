"""The guidance: each value by its defining property, and by its small-h form."""

import math

import numpy as np
import pytest

from simulation.model.parameters import ParameterError
from simulation.theory.guidance import guidance, noise_cap
from simulation.theory.moments import moments, stationary_variance
from simulation.theory.one_step import growth_rate, roots, speed_up

H = np.array([1e-7, 5e-6, 1e-3, 0.05, 0.5])


def test_the_linear_end_keeps_nine_tenths_of_one_over_one_minus_beta():
    beta = guidance(H).linear_end
    np.testing.assert_allclose(speed_up("momentum", beta, H, -1.0) * (1 - beta), 0.9, rtol=1e-8)


def test_at_the_balance_growth_and_ringing_have_one_rate():
    beta = guidance(H).balance
    first, _ = roots("momentum", beta, H, -1.0)
    np.testing.assert_allclose(first.real, beta**-0.5, rtol=1e-12)
    # a stiff direction rings with |μ| = √β, so escape and settling take the same time
    settling = growth_rate("momentum", beta, 1.0, 1.0)
    np.testing.assert_allclose(settling, -growth_rate("momentum", beta, H, -1.0), rtol=1e-9)


def test_ninety_percent_is_of_the_largest_speed_up_there_is():
    beta = guidance(H).ninety_percent
    most = speed_up("momentum", 1 - 1e-12, H, -1.0)
    np.testing.assert_allclose(speed_up("momentum", beta, H, -1.0) / most, 0.9, rtol=1e-5)


def test_small_h_forms():
    found = guidance(np.array([1e-9, 1e-8]))
    root = np.sqrt([1e-9, 1e-8])
    np.testing.assert_allclose(1 - found.linear_end, 2.85 * root, rtol=2e-3)
    np.testing.assert_allclose(1 - found.balance, 2 / math.sqrt(3) * root, rtol=1e-3)
    np.testing.assert_allclose(1 - found.ninety_percent, 0.211 * root, rtol=2e-3)
    plain = speed_up("momentum", found.balance, np.array([1e-9, 1e-8]), -1.0)
    np.testing.assert_allclose(plain * (1 - found.balance), 2 / 3, rtol=1e-3)


def test_the_toys_balance_is_the_designs():
    assert float(guidance(5e-6).balance) == pytest.approx(0.9974, abs=5e-5)


def test_the_values_stand_in_order():
    found = guidance(np.geomspace(1e-9, 0.3, 40))
    assert np.all(found.linear_end < found.balance)
    assert np.all(found.balance < found.ninety_percent)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_the_noise_caps_price_is_the_ratio_of_settled_variances(beta):
    eta, lam = 0.01, 2.0
    late = [moments("momentum", b, eta, lam, steps=[10**6], noise_sd=1).w_var[0] for b in (beta, 0)]
    settled = [stationary_variance("momentum", b, eta, lam)[0] for b in (beta, 0)]
    assert float(settled[0] / settled[1]) == pytest.approx(late[0] / late[1], rel=1e-9)
    budget = 1 / (1 - beta)
    assert float(noise_cap(budget)) == pytest.approx(beta, abs=1e-12)
    assert float(settled[0] / settled[1]) == pytest.approx(budget, rel=2e-2)
    assert np.isinf(stationary_variance("momentum", beta, eta, 500.0)[0])


def test_bad_questions_are_refused():
    with pytest.raises(ParameterError, match="η"):
        guidance([0.1, 0.0])
    with pytest.raises(ParameterError, match="Budget"):
        noise_cap(0.5)
