"""Laws of every rule and every hold in the registry."""

from __future__ import annotations

import re

import numpy as np
import pytest

from simulation import Contender, Experiment, ParameterError, simulate
from simulation.model.coefficients import step_sizes
from simulation.model.contenders import MOMENTUM
from simulation.model.experiment import PARAMETERS
from simulation.model.holds import HOLDS
from simulation.rules import RULES
from simulation.theory.one_step import growth_rate

BETAS = (0.0, 0.5, 0.9, 0.99)
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


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
    without = [rule.name for rule in RULES.values() if rule.stable is None]
    assert {"adam", "amsgrad"} <= set(without)
    for rule in without:
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


@EVERY_RULE
@pytest.mark.parametrize("beta", [0.0, 0.123456789, 0.5, 0.9, 0.9999])
def test_a_contender_survives_its_text(rule, beta):
    contender = Contender(rule.name, beta)
    assert Contender.parse(contender.text) == contender
    assert Contender.parse(rule.name) == Contender(rule.name, rule.default)


def test_no_two_contenders_share_a_text_or_a_name():
    every = [Contender(rule, beta) for rule in RULES for beta in BETAS]
    assert len({contender.text for contender in every}) == len(every)
    assert len({contender.label for contender in every}) == len(every)
    assert [c for c in every if c.is_sgd] == [Contender("momentum", 0.0)]


def test_no_two_rules_share_a_key_a_label_or_a_line():
    for name in ("name", "label", "dash"):
        values = [getattr(rule, name) for rule in RULES.values()]
        assert len(set(values)) == len(values)
    assert [name for name, rule in RULES.items() if rule.bare] == ["momentum"]
    assert all(name == rule.name for name, rule in RULES.items())


@EVERY_RULE
def test_a_record_agrees_with_itself(rule):
    """What one part of a record says of a rule, the others say too."""
    family = rule.family
    assert rule.default == MOMENTUM.check(rule.default)
    assert not (rule.exact and (not family.linear or rule.boosted or rule.weights is None))
    # A family whose step is not linear says how it differs, has no stability limit, and has a cost.
    assert family.linear or family.unlike, "Family.unlike"
    assert family.linear or (rule.stable is None and family.cost > 0), "stable, cost"
    assert set(rule.reads) <= set(PARAMETERS)
    assert (rule.variant is None) or rule.variant.slot in family.slots
    compile(f"torch.optim.{rule.torch('0.5', '0.1')}", "torch", "eval")


@EVERY_RULE
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_recorded_momentum_is_what_the_record_says_it_is(rule, beta):
    """w moves by −η(νg + κm), and m_t − fresh·g_t is β times m_{t−1}, where a record says so."""
    experiment = Experiment(
        landscape="quadratic", contenders=(Contender(rule.name, beta),), steps=60, paths=1,
        boost=0.01, start=(0.1, 0.2), rotation=20.0,
    )  # fmt: skip
    ours = simulate(experiment, points=200)
    w, m, g = (a[0, 0] for a in (ours.w, ours.momentum, ours.stochastic_gradient))
    if rule.weights is not None:
        nu, kappa = rule.weights(beta)
        moved = -experiment.step_size * (nu * g + kappa * m)[:-1]
        np.testing.assert_allclose(np.diff(w, axis=0), moved, rtol=1e-9, atol=1e-15)
    fresh = rule.family.fresh(beta)
    sums = np.allclose(m[1:] - fresh * g[1:], beta * m[:-1], rtol=1e-9, atol=1e-15)
    assert sums == np.isfinite(fresh)
    if not rule.family.unlike:
        assert rule.family.fresh(0.5) == 1.0


@pytest.mark.parametrize("hold", HOLDS.values(), ids=list(HOLDS))
def test_a_hold_gives_sgd_the_step_size_and_refuses_whom_it_excludes(hold):
    assert hold.factor(RULES["momentum"], 0.0) == 1.0
    for rule in RULES.values():
        if hold.excludes(rule):
            with pytest.raises(ParameterError, match=rule.label) as refusal:
                Experiment(contenders=("0", rule.name), hold=hold.name)
            assert refusal.value.nearest == PARAMETERS["hold"].default
            continue
        shares = all(hold.factor(rule, beta) == 1.0 for beta in BETAS)
        assert shares or not hold.shares_step
        assert 0 < step_sizes(Experiment(contenders=(rule.name,), hold=hold.name))[0] < np.inf


def test_the_declared_choices_are_the_records():
    assert PARAMETERS["hold"].choices == tuple(HOLDS)
    assert all(hold.what in PARAMETERS["hold"].help for hold in HOLDS.values())


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.exact], ids=lambda r: r.name)
@pytest.mark.parametrize("beta", BETAS)
def test_the_limit_is_where_the_exact_theory_stops_settling(rule, beta):
    limit = rule.stable.at(beta)
    for share, stable in ((0.999, True), (1.001, False)):
        assert (growth_rate(rule.name, beta, share * limit, 1.0) < 0) == stable
    source = re.sub(r"(?<=\d)(?=[β(])", "*", rule.stable.words).replace("β", "beta")
    assert eval(source, {"beta": beta}) == pytest.approx(limit)
