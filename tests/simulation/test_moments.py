"""Moments: against the recursion in longer arithmetic, and against 10⁴ to 10⁵ simulated paths."""

import mpmath
import numpy as np
import pytest

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.runs.simulate import simulate
from simulation.theory.moments import moments, stationary_variance
from simulation.theory.one_step import roots

pytestmark = pytest.mark.long

SETTINGS = [  # rule, β, η, λ
    ("momentum", 0.9, 5e-5, -0.1),
    ("momentum", 0.0, 0.1, -0.1),
    ("momentum", 0.25, 1.0, 0.25),  # a double root
    ("momentum", 0.999, 0.01, -0.5),
    ("momentum", 0.9, 0.1, 0.0),
    ("momentum", 0.9, 1.0, 3.0),  # rings
    ("nesterov", 0.9, 5e-5, -0.1),
    ("nesterov", 0.25, 1.0, 0.36),  # a double root
    ("nesterov", 0.999, 0.01, 2.0),
    ("nesterov", 0.5, 0.1, 0.0),
]
STEPS = np.array([0, 1, 2, 5, 64, 999, 4000])


def exact_transition(rule, beta, eta, lam):
    """A and u at the working precision of mpmath, from the doubles given."""
    b, e, x = mpmath.mpf(beta), mpmath.mpf(eta), mpmath.mpf(lam)
    if rule == "momentum":
        return mpmath.matrix([[1 - e * x, -e * b], [x, b]]), mpmath.matrix([-e, 1])
    A = mpmath.matrix([[1 - e * (1 + b) * x, -e * b * b], [x, b]])
    return A, mpmath.matrix([-e * (1 + b), 1])


@pytest.mark.parametrize(("rule", "beta", "eta", "lam"), SETTINGS)
def test_doubling_is_the_recursion(rule, beta, eta, lam):
    sd, tilt, start, before = 0.3, 0.2, 0.4, -0.1
    found = moments(rule, beta, eta, lam, steps=STEPS, noise_sd=sd, tilt=tilt, start=start,
                    start_momentum=before)  # fmt: skip
    with mpmath.workdps(40):
        A, u = exact_transition(rule, beta, eta, lam)
        x, S = mpmath.matrix([start, before]), mpmath.zeros(2)
        c, var = mpmath.mpf(tilt), mpmath.mpf(sd) ** 2
        peak = np.zeros(5)
        for t in range(STEPS[-1] + 1):
            exact = np.array([float(v) for v in (x[0], x[1], S[0, 0], S[0, 1], S[1, 1])])
            peak = np.maximum(peak, np.abs(exact))
            for k in np.flatnonzero(t == STEPS):
                mine = np.array([found.w_mean[k], found.before_mean[k], found.w_var[k],
                                 found.before_cov[k], found.before_var[k]])  # fmt: skip
                assert np.all(np.abs(mine - exact) <= 1e-12 * peak), (t, mine, exact)
            x = A * x + u * c
            S = A * S * A.T + var * u * u.T


@pytest.mark.parametrize(("rule", "beta", "eta", "lam"), SETTINGS)
def test_a_million_steps_keep_twelve_digits(rule, beta, eta, lam):
    t, sd, start = 10**6, 0.3, 0.4
    found = moments(rule, beta, eta, lam, steps=[t], noise_sd=sd, start=start)
    with mpmath.workdps(60):
        A, u = exact_transition(rule, beta, eta, lam)
        power = A**t
        # S = Σ AʲuuᵀAʲᵀσ² by its own doubling at 60 digits
        S, P, done = u * u.T, A.copy(), 1
        for bit in bin(t)[3:]:
            S, P, done = S + P * S * P.T, P * P, 2 * done
            if bit == "1":
                S, P, done = u * u.T + A * S * A.T, A * P, done + 1
        assert done == t
        w, var = power[0, 0] * start, S[0, 0] * mpmath.mpf(sd) ** 2
        if w > 1e300 or var > 1e300:
            assert np.isinf(found.w_var[0])
        else:
            assert abs(found.w_mean[0] - float(w)) <= 1e-12 * max(float(abs(w)), start)
            assert found.w_var[0] == pytest.approx(float(var), rel=1e-12)


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("x", [0.01, 0.5, 1.3])
def test_moments_settle_at_the_stationary_variance(rule, beta, x):
    if x > 1 and rule == "nesterov" and beta > 0.9:
        x = 1.2  # inside its smaller limit
    eta = 0.2
    w_var, m_var = stationary_variance(rule, beta, eta, x / eta, 0.7)
    late = moments(rule, beta, eta, x / eta, steps=[10**6], noise_sd=0.7)
    assert float(w_var) == pytest.approx(float(late.w_var[0]), rel=1e-10)
    assert float(m_var) == pytest.approx(float(late.before_var[0]), rel=1e-10)
    assert float(m_var) == pytest.approx(float(late.m_var[0]), rel=1e-10)


def test_nothing_settles_where_nothing_is_stable():
    w_var, m_var = stationary_variance("momentum", 0.9, 1.0, [-1.0, 0.0, 3.9])
    assert np.isinf(w_var).all()
    assert np.isinf(m_var).all()


def worst_z(experiments, points=7):
    """The largest |z| of means, variances and covariances over runs of one setting, and how many.

    Every contender, eigen-direction and recorded step is held against the exact Gaussian moments.
    """
    sums, count, grid = None, 0, None
    for experiment in experiments:
        run = simulate(experiment, record_paths=experiment.paths, points=points)
        assert run.w.shape[1] == experiment.paths
        basis = landscape_of(experiment).basis(experiment)
        w, m = run.w @ basis, run.momentum @ basis
        # A shift by the exact mean keeps the sums free of cancellation.
        model = landscape_of(experiment).linearisation(experiment)
        exact = [
            moments(c.rule, c.momentum, eta, model.eigenvalues, steps=run.steps,
                    noise_sd=model.noise_sd, tilt=model.tilt, start=model.start)
            for c, eta in zip(experiment.contenders, run.step_sizes, strict=True)
        ]  # fmt: skip
        keys = ("w_mean", "w_var", "m_mean", "m_var", "m_cov")
        mean_w, var_w, mean_m, var_m, cov = (
            np.stack([getattr(e, key).T for e in exact]) for key in keys
        )
        w, m = w - mean_w[:, None], m - mean_m[:, None]
        parts = np.stack([w.sum(1), m.sum(1), (w * w).sum(1), (m * m).sum(1), (w * m).sum(1)])
        sums = parts if sums is None else sums + parts
        count, grid = count + experiment.paths, run.steps
    moving = grid > 0
    w1, m1, w2, m2, wm = (s[:, moving] / count for s in sums)
    var_w, var_m, cov = (v[:, moving] for v in (var_w, var_m, cov))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.stack([
            w1 / np.sqrt(var_w / count),
            m1 / np.sqrt(var_m / count),
            (w2 - var_w) / (var_w * np.sqrt(2 / count)),
            (m2 - var_m) / (var_m * np.sqrt(2 / count)),
            (wm - cov) / np.sqrt((var_w * var_m + cov**2) / count),
        ])  # fmt: skip
    z = np.abs(z[np.isfinite(z)])
    return float(z.max()), z.size


THREE = ("0", "0.9", "nesterov:0.9")
SADDLES = {2: (1.0, -0.1), 10: (*np.geomspace(0.05, 2, 8).tolist(), 0.0, -0.1)}


@pytest.mark.parametrize("d", [2, 10])
@pytest.mark.parametrize("degrees", [0, 35])
def test_turned_or_not_paths_have_the_exact_moments(d, degrees):
    runs = [
        Experiment(landscape="quadratic", eigenvalues=SADDLES[d], rotation=degrees, step_size=0.1,
                   contenders=THREE, noise_sd=(0.3, 0.1), tilt=(0.1, -0.05), start=(0.2, -0.1),
                   steps=300, paths=2500, seed=seed)
        for seed in range(4)
    ]  # fmt: skip
    z, tests = worst_z(runs)
    print(f"d = {d}, {degrees}°: largest of {tests} z is {z:.2f}")
    assert z <= 5


MANY = {
    "β 0 … 0.99, both rules, tilted and turned": {
        "eigenvalues": (1.0, -0.1), "rotation": 30, "tilt": (0.2, 0.05), "start": (0.1, 0.2),
        "step_size": 0.1, "noise_sd": (0.3, 0.2), "steps": 200,
        "contenders": ("0", "0.3", "0.5", "0.9", "0.99", "nesterov:0.5", "nesterov:0.99"),
    },
    "η = 5e-5, β up to 0.999": {
        "eigenvalues": (100.0, -10.0), "step_size": 5e-5, "noise_sd": (0.1, 1.0), "steps": 1000,
        "contenders": ("0", "0.9", "0.99", "0.999", "nesterov:0.999"),
    },
    "η = 1, double roots, a flat direction": {
        "eigenvalues": (0.25, 0.36, 0.0, -0.2), "step_size": 1.0, "noise_sd": (0.5,), "steps": 40,
        "contenders": ("0", "0.25", "nesterov:0.25", "0.16", "0.9"),
    },
    "d = 50": {
        "eigenvalues": (*np.linspace(0.1, 3, 48).round(3).tolist(), 0.0, -0.3), "step_size": 0.2,
        "noise_sd": (0.2,), "steps": 30, "contenders": ("0.5", "0.9", "nesterov:0.7"),
    },
}  # fmt: skip


@pytest.mark.parametrize("paths", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", MANY)
def test_paths_have_the_exact_moments(name, paths):
    seeds = range(paths // 2000)
    runs = (Experiment(landscape="quadratic", paths=2000, seed=s, **MANY[name]) for s in seeds)
    z, tests = worst_z(runs)
    settings = len(MANY[name]["contenders"])
    print(f"{name}: {settings} settings, largest of {tests} z is {z:.2f}")
    assert z <= 5


def test_the_settings_reach_from_end_to_end():
    """β 0 … 0.999, η 5e-5 … 1, both rules, double roots, a flat direction, tilt, d = 50."""
    runs = [Experiment(landscape="quadratic", **settings) for settings in MANY.values()]
    pairs = [(e, c) for e in runs for c in e.contenders]
    assert len(pairs) >= 12
    assert {0.0, 0.9, 0.999} <= {c.momentum for _, c in pairs}
    assert min(e.step_size for e in runs) <= 5e-5
    assert max(e.step_size for e in runs) == 1
    assert {c.rule for _, c in pairs} == {"momentum", "nesterov"}
    apart = {"momentum": [], "nesterov": []}
    for e, c in pairs:
        first, second = roots(c.rule, c.momentum, e.step_size, np.array(e.eigenvalues))
        apart[c.rule].append(np.abs(first - second)[np.abs(second) > 0].min(initial=np.inf))
    assert max(min(apart["momentum"]), min(apart["nesterov"])) < 1e-7
    assert any(0.0 in e.eigenvalues for e in runs)
    assert any(any(e.tilt) and e.rotation for e in runs)
    assert max(len(e.eigenvalues) for e in runs) == 50
