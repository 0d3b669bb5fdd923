"""Runs on a formula's tape: those of built-in landscapes and of a plain loop, with every rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulation import Contender, Experiment, simulate
from simulation.formula.formula import formula_of
from simulation.formula.tape import lower
from simulation.kernels.records import FORMULA
from simulation.landscapes.base import BOUND
from simulation.landscapes.linear_network import LinearNet
from simulation.landscapes.monkey import Monkey
from simulation.rules import RULES
from simulation.runs import simulate as engine
from tests.simulation import oracle
from tests.simulation.formula_landscape import FormulaOnly

RACE = (Contender("momentum", 0.0), *(Contender(rule, 0.8) for rule in RULES))


class Polynomial(Monkey):
    """The monkey saddle by hand, for the oracle."""

    def value(self, experiment, w):
        z = w @ self.basis(experiment)
        x, y = z[..., 0], z[..., 1]
        f = x**3 - 3 * x * y**2 + 0.75 * (x**2 + y**2) ** 2
        return f + z @ self.offset(experiment)

    def gradient(self, experiment, w):
        q = self.basis(experiment)
        x, y = np.moveaxis(w @ q, -1, 0)
        ring = 3 * (x**2 + y**2)
        slope = np.stack([3 * (x**2 - y**2) + ring * x, -6 * x * y + ring * y], axis=-1)
        return (slope + self.offset(experiment)) @ q.T

    def hessian(self, experiment, w):
        q = self.basis(experiment)
        x, y = np.moveaxis(w @ q, -1, 0)
        xx, yy = 6 * x + 9 * x**2 + 3 * y**2, -6 * x + 3 * x**2 + 9 * y**2
        xy = -6 * y + 6 * x * y
        return q @ np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2) @ q.T


class NetworkFormula(LinearNet):
    """½(uv − λ)² with k = 1."""

    code = FORMULA

    def tape(self, experiment):
        return lower(formula_of("(u*v-a)^2/2")).arrays(experiment.eigenvalues)


@pytest.fixture
def on(monkeypatch) -> Callable:
    """Return a function that runs an experiment on a given landscape."""

    def run(landscape, experiment, **options):
        for module in (engine, oracle):
            monkeypatch.setattr(module, "landscape_of", lambda _: landscape)
        return simulate(experiment, **options)

    return run


def assert_same_run(one, other):
    np.testing.assert_array_equal(one.escape_time, other.escape_time)
    np.testing.assert_array_equal(one.diverged_at, other.diverged_at)
    np.testing.assert_allclose(one.w, other.w, rtol=0, atol=1e-12)
    for name in ("momentum", "gradient", "stochastic_gradient"):  # Δm is up to Δw/η
        ours, theirs = getattr(one, name), getattr(other, name)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("name", ["value", "gradient", "hessian"])
@pytest.mark.parametrize("changes", [{}, {"rotation": 30.0, "tilt": (0.01, -0.02)}])
def test_the_monkey_s_formula_is_its_polynomial(name, changes):
    experiment = Experiment(landscape="monkey", **changes)
    w = np.random.default_rng(3).uniform(-1.5, 1.5, (200, 2))
    ours, theirs = (getattr(place, name)(experiment, w) for place in (Monkey(), Polynomial()))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)


@pytest.mark.parametrize("changes", [
    {"noise": "gaussian", "rotation": 30.0},
    {"noise": "gaussian", "tilt": (0.01, -0.02), "period": 50},
], ids=["rotated", "tilted"])  # fmt: skip
@pytest.mark.parametrize("paths", [6, pytest.param(320, marks=pytest.mark.slow)])
def test_the_monkey_s_tape_runs_as_its_polynomial(on, monkeypatch, changes, paths):
    experiment = Experiment(
        landscape="monkey", contenders=RACE, paths=paths, steps=1000, start=(0.01, 0.005), **changes
    )
    noise = 0.05 * np.random.default_rng(4).standard_normal((1000, paths, 2))
    ours = on(Monkey(), experiment, noise=noise)
    monkeypatch.setattr(oracle, "landscape_of", lambda _: Polynomial())
    theirs = oracle.paths(experiment, noise, ours.step_sizes)
    away = np.linalg.norm(theirs, axis=-1) >= Monkey().escape_radius(experiment)
    assert (ours.escape_time >= 0).any()
    np.testing.assert_array_equal(ours.escape_time, oracle.first(away))
    kept = theirs[:, : ours.w.shape[1], ours.steps]
    np.testing.assert_allclose(ours.w, kept, rtol=0, atol=1e-11)


@pytest.mark.parametrize("paths", [6, pytest.param(320, marks=pytest.mark.slow)])
def test_a_network_of_two_weights_as_a_formula_runs_as_the_built_in_one(on, paths):
    experiment = Experiment(
        landscape="linear-net", eigenvalues=(1.5,), contenders=RACE, paths=paths, steps=2000
    )
    ours, theirs = on(NetworkFormula(), experiment), on(LinearNet(), experiment)
    assert (theirs.escape_time >= 0).any()
    assert_same_run(ours, theirs)


@pytest.mark.parametrize(("text", "d"), [
    ("x*y", None), ("sum(w_i*w_{i+1},i=1..d-1)+sum(w_i^4)", 5), ("sin(x)*cos(y)+tanh(x*y)", None),
    ("exp(-x^2)*y+log(2+y^2)*sqrt(1+x^2)", None), ("abs(x)+max(x,y)^2", None),
    ("2*x-y", None), ("a*x^2/2+b*y^2", None),
])  # fmt: skip
def test_a_run_on_a_formula_follows_an_independent_loop(on, text, d):
    experiment = Experiment(
        landscape="monkey", contenders=RACE, paths=3, steps=400, start=(0.3, -0.2),
        step_size=0.005, boost=0.02, period=40, tilt=(0.1, 0.2),
    )  # fmt: skip
    landscape = FormulaOnly(text, d, a=(-0.5,), b=(0.7,))
    noise = 0.3 * np.random.default_rng(1).standard_normal(
        (400, 3, landscape.dimension(experiment))
    )
    ours = on(landscape, experiment, noise=noise)
    theirs = oracle.paths(experiment, noise, ours.step_sizes)[:, :, ours.steps]
    assert oracle.relative_error(ours.w, theirs) <= 1e-11


@pytest.mark.long
@pytest.mark.parametrize(("text", "start"), [
    ("x^1.5+y^2/2", (0.4, 0.1)),  # ∇f has a root of x
    ("x*log(x)+y^2/2", (0.9, 0.1)),
    ("1/x+x+y^2/2", (0.02, 0.1)),  # thrown past the pole and on: in the domain all the time
    ("exp(x)^3-y^2", (0.3, 0.2)),  # an overflow
    ("-x^4-y^2", (0.5, 0.2)),
])  # fmt: skip
def test_a_path_that_leaves_the_domain_diverges_at_the_exact_step(on, text, start):
    betas = (0.0, 0.5, 0.9, 0.95, 0.99)
    experiment = Experiment(
        landscape="monkey", contenders=tuple(Contender("momentum", beta) for beta in betas),
        paths=4, steps=1500, step_size=0.01, start=start, radius=0.7,
    )  # fmt: skip
    noise = np.random.default_rng(2).standard_normal((1500, 4, 2))
    ours = on(FormulaOnly(text), experiment, noise=noise)
    w = oracle.paths(experiment, noise, ours.step_sizes)
    with np.errstate(invalid="ignore"):
        gone = ~(np.abs(w) <= BOUND).all(axis=-1)
        left = (np.abs(w[..., 0]) >= 0.7) & ~np.maximum.accumulate(gone, axis=-1)
    np.testing.assert_array_equal(ours.diverged_at, oracle.first(gone))
    np.testing.assert_array_equal(ours.escape_time, oracle.first(left))
    assert text.startswith("1/x") or (ours.diverged_at > 0).any()


def test_a_run_on_a_formula_does_not_depend_on_the_number_of_threads(on):
    experiment = Experiment(landscape="monkey", contenders=RACE, paths=24, steps=600)
    one, other = (on(Monkey(), experiment, threads=n) for n in (1, 3))
    for name in ("w", "momentum", "gradient", "stochastic_gradient", "escape_time"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
