"""The distribution of escape times: counts, and agreement with the exact law."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.results.escape_distribution import (
    Distribution,
    affordable_paths,
    distribution,
    largest_gap,
)
from simulation.runs import budget
from simulation.runs.simulate import simulate
from simulation.theory.escape_law import exact_cdf
from simulation.theory.escape_line import EscapeLine

QUADRATIC = Experiment(
    landscape="quadratic", paths=1500, steps=20_000, contenders=(0, 0.9, "nesterov:0.9", 0.99),
)  # fmt: skip
SHORT = QUADRATIC.replace(steps=900, paths=300)
LONE = Experiment(landscape="quadratic", steps=500)


@pytest.fixture(scope="module")
def seen() -> Distribution:
    return distribution(QUADRATIC)


def shares(density: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return density * np.diff(np.log10(edges))


@pytest.mark.long
@pytest.mark.parametrize("experiment", [QUADRATIC, SHORT], ids=["all", "censored"])
def test_histogram_and_cdf_count_every_escape_once(experiment: Experiment) -> None:
    seen = distribution(experiment)
    times = simulate(experiment, record_paths=1).escape_time
    for i, row in enumerate(times):
        escaped = row[row >= 0]
        assert seen.escape[i].escaped == len(escaped)
        counted = shares(seen.density[i], seen.edges) * experiment.paths
        brute = [np.sum((escaped > a) & (escaped < b))
                 for a, b in zip(seen.edges[:-1], seen.edges[1:], strict=True)]  # fmt: skip
        np.testing.assert_allclose(counted, brute, atol=1e-9)
        assert counted.sum() == pytest.approx(len(escaped))
        brute = [np.mean((row >= 0) & (row <= t)) for t in seen.times]
        np.testing.assert_allclose(seen.cdf[i], brute, atol=1e-12)
    assert (seen.edges % 1 == 0.5).all()
    assert (np.diff(seen.edges) > 0).all()
    waiting = sum(e.total - e.escaped for e in seen.escape)
    assert (waiting > 0) == (experiment is SHORT)


@pytest.mark.long
def test_the_paths_follow_the_exact_law_and_no_other(seen: Distribution) -> None:
    """Kolmogorov's bound at 1 in 1000, for each rule and β; a neighbour's law is refused."""
    bound = 1.95 / np.sqrt(QUADRATIC.paths)
    print("largest gap", seen.exact_gap.max().round(4), "of", round(bound, 4))
    assert (seen.exact_gap < bound).all()
    assert not any(seen.reasons)
    run, line = simulate(QUADRATIC, record_paths=1), EscapeLine.of(QUADRATIC)
    sorted_times = [np.sort(times[times >= 0]) for times in run.escape_time]
    for c, eta, times in zip(QUADRATIC.contenders, run.step_sizes, sorted_times, strict=True):
        assert largest_gap(times, QUADRATIC, line.growing(c.rule, c.momentum, eta).cdf) < bound

    def wrong(steps: np.ndarray) -> np.ndarray:
        return exact_cdf("momentum", 0.0, 0.0112, -0.1, radius=1.0, steps=steps, noise_sd=0.1)

    assert largest_gap(sorted_times[0], QUADRATIC, wrong) > bound


def test_the_largest_gap_is_the_largest_at_any_whole_step() -> None:
    experiment = LONE.replace(paths=40, steps=2000, contenders=(0.9,))
    seen = distribution(experiment)
    row = simulate(experiment, record_paths=1).escape_time[0]
    t = np.arange(experiment.steps + 1)
    measured = np.array([np.mean((row >= 0) & (row <= s)) for s in t])
    law = exact_cdf("momentum", 0.9, 0.01, -0.1, radius=1.0, steps=t, noise_sd=0.1)
    assert seen.exact_gap[0] == pytest.approx(np.abs(measured - law).max(), abs=1e-12)


def test_the_drawn_law_is_the_law(seen: Distribution) -> None:
    for i, (rule, beta) in enumerate([("momentum", 0), ("momentum", 0.9), ("nesterov", 0.9)]):

        def law(t: np.ndarray, rule: str = rule, beta: float = beta) -> np.ndarray:
            return exact_cdf(rule, beta, 0.01, -0.1, radius=1.0, steps=t, noise_sd=0.1)

        np.testing.assert_allclose(seen.exact[i], law(seen.times), rtol=1e-12)
        whole = np.floor(seen.edges).astype(int)
        np.testing.assert_allclose(
            shares(seen.law_density[i], seen.edges), np.diff(law(whole)), atol=1e-12
        )
        half = law(np.array([seen.exact_median[i] - 1, seen.exact_median[i]]))
        assert half[0] < 0.5 <= half[1]


REFUSED = {
    "no noise": (LONE.replace(noise="none"), "noise"),
    "radius past the bend": (Experiment(radius=0.5, steps=2000), "not linear"),
    "two ways out": (LONE.replace(eigenvalues=(1, -0.1, -0.1)), "repeats"),
    "monkey": (Experiment(landscape="monkey", steps=300), "eigenvalue"),
    "phase retrieval": (Experiment(landscape="phase-retrieval", steps=300), "noise"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_where_there_is_no_law_there_is_a_reason(name: str) -> None:
    experiment, word = REFUSED[name]
    seen = distribution(experiment)
    assert all(word in reason and reason.endswith(".") for reason in seen.reasons)
    for law in (seen.exact, seen.growing, seen.law_density, seen.exact_gap, seen.exact_median):
        assert np.isnan(law).all()


def test_a_rule_without_a_law_has_its_own_reason() -> None:
    seen = distribution(LONE.replace(contenders=(0.9, "adam", "boosted:0.5")))
    assert seen.reasons[0] == ""
    assert "Adam" in seen.reasons[1]
    assert "Algorithm 2" in seen.reasons[2]
    assert np.isfinite(seen.exact_gap).tolist() == [True, False, False]


@pytest.mark.parametrize(
    "experiment",
    [
        LONE.replace(paths=1, steps=10),  # nothing escapes
        LONE.replace(paths=1, steps=10, contenders=("adam",)),  # and no law either
        LONE.replace(paths=3, start=(0.0, 2.0)),  # all are out at t = 0
        LONE.replace(paths=2, step_size=5.0),  # all diverge
    ],
    ids=["none escapes", "nothing known", "out at once", "diverging"],
)
def test_the_edges_hold_whatever_happens(experiment: Experiment) -> None:
    seen = distribution(experiment)
    assert len(seen.edges) >= 2
    assert (np.diff(seen.edges) > 0).all()
    assert np.isfinite(seen.cdf).all()
    assert np.isfinite(seen.density).all()
    total = shares(seen.density, seen.edges).sum(axis=1)
    at_once = [np.mean(row == 0) for row in simulate(experiment).escape_time]
    escaped = np.array([e.escaped / e.total for e in seen.escape])
    np.testing.assert_allclose(total + np.array(at_once), escaped)


@pytest.mark.parametrize("experiment", [Experiment(), QUADRATIC, LONE.replace(steps=2_000_000)])
def test_the_offered_paths_are_the_most_that_the_budget_allows(experiment: Experiment) -> None:
    most = affordable_paths(experiment)
    budget.check(experiment.replace(paths=most))
    if most < 4096:
        with pytest.raises(ParameterError):
            budget.check(experiment.replace(paths=most + 1))
