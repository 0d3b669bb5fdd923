"""The settled variance over another's against long runs: every rule, hold and reason for none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import Contender
from simulation.model.holds import HOLDS
from simulation.model.query import parse_query
from simulation.results.settled_price import Price, price_of
from simulation.results.settling_place import NoPrice, settling_place
from simulation.results.summary import summarise
from simulation.rules import RULES
from simulation.runs.simulate import simulate
from simulation.theory.one_step import LINEAR_RULES

PATHS = 4096
PLACES = {
    "landscape=quadratic&eig=1,-1e-6&noise=gaussian&sd=0.1&eta=0.3&T=400": np.array([1.0, 0.0]),
    "landscape=double-well&noise=gaussian&sd=0.02&eta=0.15&T=400&w0=1,0": np.array([1.0, 0.0]),
}
"""A run that begins where its paths settle → the steepest direction there."""


def price(query: str, i: int = -1, reference: int = 0) -> Price:
    experiment = parse_query(query)
    i = i % len(experiment.contenders)
    return price_of(summarise(simulate(experiment)), i, reference)


@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("rule", LINEAR_RULES)
@pytest.mark.parametrize("place", PLACES)
def test_the_price_is_the_ratio_of_variances_after_a_long_run(place, rule, hold) -> None:
    query = f"{place}&run=0,{rule}:0.8&hold={hold}"
    experiment = parse_query(query).replace(paths=PATHS)
    run = simulate(experiment, record_paths=PATHS, points=41)
    settled = run.w[:, :, run.steps >= 200] @ PLACES[place]  # 12 times its slowest decay or more
    plain, mine = settled.var(axis=(1, 2))
    assert price(f"{query}&N=2").ratio == pytest.approx(mine / plain, rel=0.03)


@pytest.mark.parametrize("query", [
    "landscape=linear-net", "landscape=deep-scalar",
    "landscape=quadratic&eig=-1,-0.1", "landscape=quadratic&noise=none&w0=0.1,0.1",
    "landscape=toy&noise=none&w0=0.1,0.1", "landscape=phase-retrieval", "landscape=double-well",
    "landscape=himmelblau", "landscape=rosenbrock", "landscape=monkey", "landscape=toy",
])  # fmt: skip
def test_an_experiment_without_a_price_has_the_reason_that_its_function_shows(query) -> None:
    experiment = parse_query(f"{query}&run=0,0.9&N=4&T=100")
    place, found = landscape_of(experiment), price(f"{query}&run=0,0.9&N=4&T=100")
    minima = place.minima(experiment)
    w = minima[0] if len(minima) else place.saddle(experiment)
    values = np.linalg.eigvalsh(place.hessian(experiment, w))
    flat = len(minima) > 0 and bool(np.abs(values).min() < 1e-9)
    still = False
    if len(minima) and not flat:  # a run that begins in the minimum and stays there has no noise
        directions = np.eye(len(w))
        still = float(place.noise_variance(experiment, w, directions)) < 1e-24
    expected = {
        NoPrice.VALLEY: flat,
        NoPrice.UNHELD: not len(minima) and bool(values.max() <= 0),
        NoPrice.VANISHING: still and experiment.noise == "samples",
        NoPrice.NOISELESS: experiment.noise == "none",
    }
    assert [reason for reason, true in expected.items() if true] == ([found.reason] if found.reason
                                                                     else [])  # fmt: skip
    assert math.isnan(found.ratio) == bool(found.reason)
    assert found.who == ()


@pytest.mark.parametrize("rule", sorted(set(RULES) - set(LINEAR_RULES)))
def test_a_rule_without_a_closed_form_says_so_on_either_side(rule) -> None:
    query = f"landscape=quadratic&run=0,{rule}:0.9,0.9&N=2&T=50"
    for i, reference, who in ((1, 0, (1,)), (2, 1, (1,)), (1, 1, (1,))):
        found = price(query, i, reference)
        assert (found.reason, found.who) == (NoPrice.NO_FORM, who)
        assert math.isnan(found.ratio)
    assert price(query, 2).ratio == pytest.approx(10, rel=0.01)


@pytest.mark.parametrize("landscape", ["double-well", "himmelblau", "tanh-neuron", "quadratic"])
@pytest.mark.parametrize("beta", ["0", "0.5", "0.9", "nesterov:0.9"])
def test_a_step_that_is_unstable_where_paths_settle_has_no_price(landscape, beta) -> None:
    """The limit is at the minimum, which is steeper than the saddle; a little below, it settles."""
    experiment = parse_query(f"landscape={landscape}&run={beta}&noise=gaussian&sd=1e-6&N=2&T=10")
    minima = landscape_of(experiment).minima(experiment)
    experiment = experiment.replace(start=tuple(minima[0]) if len(minima) else (0.0, 0.0))
    contender = Contender.parse(beta)
    limit = float(RULES[contender.rule].stable.at(contender.momentum))
    limit /= settling_place(experiment).steepest
    for share, reason in ((0.99, None), (1.01, NoPrice.UNSETTLED)):
        run = simulate(experiment.replace(step_size=share * limit))
        assert price_of(summarise(run), 0, 0).reason == reason


def test_a_contender_that_diverges_in_the_run_has_no_price() -> None:
    found = price("landscape=double-well&run=0,0.9&eta=0.98")
    assert (found.reason, found.who) == (NoPrice.UNSETTLED, (1,))


def test_without_a_minimum_the_price_is_across_the_way_out() -> None:
    assert price("landscape=quadratic&run=0,0.9&T=100").across
    assert not price("landscape=double-well&run=0,0.9&T=100").across
