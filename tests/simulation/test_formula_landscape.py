"""Landscapes given as formulas: saddles, defaults, links, the engine against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.formula.formula import formula_of
from simulation.landscapes.base import NOWHERE
from simulation.landscapes.formula_points import defined_near, field_of
from simulation.landscapes.registry import landscape_of
from simulation.model.classics import CLASSICS
from simulation.model.experiment import Experiment, formula_text
from simulation.model.parameters import ParameterError
from simulation.model.query import format_query, parse_query, repair_query
from simulation.results.summary import summarise
from simulation.runs import budget
from simulation.runs.simulate import simulate
from tests.marks import breadth

WITHOUT_SADDLE = ("rosenbrock",)
FLAT = ("deep-scalar",)
OWN = Experiment(landscape="formula")
# Name → minima, saddles, maxima, degenerate points; where the list is complete.
KNOWN = {
    "double-well": (2, 1, 0, 0), "rosenbrock": (1, 0, 0, 0), "himmelblau": (4, 4, 1, 0),
    "camel": (6, 7, 2, 0), "beale": (1, 2, 0, 0), "styblinski-tang": (4, 4, 1, 0),
    "muller-brown": (3, 2, 0, 0), "tanh-neuron": (2, 1, 0, 0), "mccormick": (10, 10, 0, 0),
}  # fmt: skip
NOT_COMPLETE = ("rastrigin", "deep-scalar", "saddle-chain")  # more than are listed, or a continuum
TYPED = {
    "double well": {},
    "a parameter": {"formula": "x^4/4-a*x^2/2+b*y^2/2", "parameters": {"a": 2.0, "b": 0.5}},
    "three weights": {"formula": "x^4+y^4+z^4-x^2-y^2-z^2+x*y*z"},
    "many weights": {"formula": "sum(w_i^4/4)-w1^2/2+sum(w_i^2/20)", "dimension": 5},
    "with functions": {"formula": "sin(x)*cos(y)+0.1*(x^2+y^2)"},
}


def plain_run(experiment: Experiment, noise: np.ndarray) -> np.ndarray:
    """w of the first optimizer, by Algorithm 1 in NumPy: (T + 1, N, d)."""
    place, (contender,) = landscape_of(experiment), experiment.contenders
    w = np.tile(place.start(experiment), (experiment.paths, 1))
    m = np.zeros_like(w)
    seen = [w]
    for xi in noise:
        m = contender.momentum * m + place.gradient(experiment, w) + xi
        w = w - experiment.step_size * m
        seen.append(w)
    return np.array(seen)


@pytest.mark.parametrize("case", TYPED)
def test_the_engine_follows_algorithm_1(case):
    experiment = Experiment(landscape="formula", steps=200, paths=3, contenders=(0.9,),
                            step_size=0.005, **TYPED[case])  # fmt: skip
    d = landscape_of(experiment).dimension(experiment)
    noise = 0.05 * np.random.default_rng(1).standard_normal((200, 3, d))
    run = simulate(experiment, noise=noise)
    wanted = plain_run(experiment, noise)[run.steps].transpose(1, 0, 2)
    np.testing.assert_allclose(run.w[0], wanted, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", breadth(CLASSICS, ["double-well", "himmelblau", "rosenbrock"]))
def test_a_classic_starts_at_a_saddle_and_most_paths_leave_it(name):
    experiment = Experiment(landscape=name)
    place = landscape_of(experiment)
    budget.check(experiment)
    saddle = place.saddle(experiment)
    if name in WITHOUT_SADDLE:
        assert not place.has_saddle(experiment)
        assert place.linearisation(experiment).applies
        return
    np.testing.assert_array_equal(place.start(experiment), saddle)
    assert np.linalg.norm(place.gradient(experiment, saddle)) < 1e-8
    smallest = np.linalg.eigvalsh(place.hessian(experiment, saddle))[0]
    assert smallest < 0 or name in FLAT
    assert bool(place.linearisation(experiment).applies) == (name in FLAT)
    seen = summarise(simulate(experiment))
    assert all(not e.diverged for e in seen.escape)
    assert seen.escape[-1].escaped > experiment.paths // 2


@pytest.mark.parametrize("name", breadth(CLASSICS, ["double-well", "tanh-neuron"]))
def test_a_classic_has_its_known_stationary_points(name):
    found = landscape_of(Experiment(landscape=name)).points(Experiment(landscape=name))
    if name in NOT_COMPLETE:
        assert "saddle" in found.kinds or "degenerate" in found.kinds
        return
    kinds = ("minimum", "saddle", "maximum", "degenerate")
    assert tuple(found.kinds.count(kind) for kind in kinds) == KNOWN[name]
    assert found.complete


@pytest.mark.parametrize("name", breadth(CLASSICS, ["rosenbrock"]))
def test_a_classic_is_the_same_function_as_its_formula_typed(name):
    classic = Experiment(landscape=name)
    given = {n: (v,) for n, v in CLASSICS[name].parameters.items()}
    own = Experiment(landscape="formula", formula=formula_text(classic),
                     dimension=classic.dimension, parameters=given)  # fmt: skip
    w = np.random.default_rng(2).normal(size=(5, landscape_of(own).dimension(own)))
    for what in ("value", "gradient", "hessian"):
        one, other = (getattr(landscape_of(e), what)(e, w) for e in (classic, own))
        np.testing.assert_array_equal(one, other)


def test_the_law_gives_the_measured_escape_time_of_a_typed_double_well():
    seen = summarise(simulate(OWN.replace(contenders=(0.0, 0.9), paths=256, steps=3000)))
    for escape, predicted in zip(seen.escape, seen.predicted, strict=True):
        assert escape.ci_low * 0.9 <= predicted <= escape.ci_high * 1.1


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("landscape=formula&f=x^2-y^2", "x^2-y^2"),
        ("landscape=formula&f=x**2-y**2+x**4+y**4", "x^2-y^2+x^4+y^4"),
        ("landscape=formula&f=x^2+%2B+x^4-y^2+%2B+y^4", "x^2+x^4-y^2+y^4"),
        ("landscape=formula&f=x%5E2%2By%5E4-y%5E2", "x^2+y^4-y^2"),
    ],
)
def test_a_formula_is_read_from_a_link_as_people_write_it(query, text):
    experiment = parse_query(query)
    assert experiment.formula == text
    assert parse_query(format_query(experiment)) == experiment
    assert "^" not in format_query(experiment)


def test_a_formula_elsewhere_has_no_effect_and_is_not_kept():
    assert Experiment(landscape="toy", formula="x^2-y^2") == Experiment(landscape="toy")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("f=xy", "x*y"), ("f=x^2-", ""), ("f=", ""), ("f=x^4/4-x^2/2", "two weights"),
        ("f=log(x)+__import__(y)", ""), ("f=x^2-y^2&p=q:1", "has no q"),
        ("f=x^2-y^2&at=1", "takes 2 numbers"), ("f=a*x^2-y^2&p=a:nan", ""),
        ("f=x^2-y^2&w0=1,2,3", "takes 2 numbers"), ("f=w0^2-w1^2", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_repaired_with_one_sentence(query, reason):
    experiment, repairs = repair_query("landscape=formula&" + query)
    assert len(repairs) == 1
    assert reason in repairs[0].why
    assert experiment.landscape == "formula"
    assert parse_query(format_query(experiment)) == experiment


def test_near_chooses_the_saddle_and_the_start_follows():
    at = Experiment(landscape="himmelblau", near=(3.4, 0.1))
    place = landscape_of(at)
    np.testing.assert_allclose(place.saddle(at), (3.3852, 0.0739), atol=1e-4)
    np.testing.assert_array_equal(place.start(at), place.saddle(at))
    usual = Experiment(landscape="himmelblau")
    assert np.linalg.norm(place.saddle(usual) - place.saddle(at)) > 1


def test_a_start_of_two_numbers_lies_in_the_drawn_plane():
    experiment = Experiment(landscape="formula", formula=TYPED["three weights"]["formula"],
                            start=(0.1, -0.2))  # fmt: skip
    place = landscape_of(experiment)
    seen = place.view(experiment).project(place.start(experiment))
    np.testing.assert_allclose(seen, (0.1, -0.2), atol=1e-12)


def test_a_function_without_a_saddle_still_runs_and_says_so():
    experiment = Experiment(landscape="formula", formula="x^2+2*y^2", start=(1.0, 1.0))
    seen = summarise(simulate(experiment.replace(steps=300)))
    assert seen.law_reason == NOWHERE
    assert np.isfinite(seen.value.median).all()


def test_a_maximum_is_raced_from_only_when_it_is_asked_for():
    experiment = Experiment(landscape="himmelblau", near=(-0.27, -0.92))
    place = landscape_of(experiment)
    bends = np.linalg.eigvalsh(place.hessian(experiment, place.saddle(experiment)))
    assert (bends < 0).all()


def test_an_unknown_parameter_is_refused_by_name():
    with pytest.raises(ParameterError, match="has no c, but a"):
        Experiment(landscape="formula", formula="a*x^2-y^2", parameters={"c": 1})


@pytest.mark.parametrize("text", [
    "log(x-3)*y^2+x", "sqrt(x^2+y^2-40)", "x^1.5+y^1.5", "log(-1-x^2-y^2)", "x+2*y",
    "sum(log(w_i-1))",
])  # fmt: skip
def test_the_place_without_a_saddle_is_the_first_tried_where_f_has_a_value(text: str) -> None:
    formula, w = formula_of(text, 3), (0.0,) * formula_of(text, 3).dimension
    field, d = field_of(formula, ()), len(w)
    others = np.random.default_rng(0).normal(size=(32, d))
    ways = np.vstack([np.ones(d), -np.ones(d), np.eye(d), -np.eye(d), others])
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    tried = [np.array(w), *(r * way for r in np.geomspace(0.1, 10.0, 9) for way in ways)]
    expected = next(
        (
            place for place in tried
            if all(np.isfinite(getattr(field, part)(place)).all()
                   for part in ("value", "gradient", "hessian"))
        ),
        tried[0],
    )  # fmt: skip
    np.testing.assert_array_equal(defined_near(formula, (), w), expected)


def test_points_that_slide_to_where_f_has_no_hessian_are_no_fault() -> None:
    text = (
        "max(sqrt(-sin(exp(2)/x)*22),max(2+a*|y^2|^sum(w_i*sin(x))+y*2-(max(max(sum(w_i*exp(2sin("
        "|max(-log(2),exp(max(log(y)^|2|+log(log((|max(|2|,2)^2|)^2+x/x+x+x)),x))^2)/x-x^x|)/x+x))"
        ",x),x))-x-x+x-x,x))-x^x"
    )
    experiment = Experiment(landscape="formula", formula=text)
    found = landscape_of(experiment).points(experiment)
    assert np.isfinite(found.places).all()
