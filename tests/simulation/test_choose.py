"""Choose β: curve, marks and recommendation agree with the laws that define them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import linalg

from simulation.diagnostics.escape import escape_statistics
from simulation.kernels.records import LANES
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.model.query import parse_query
from simulation.results.beta_choice import (
    BALANCE,
    CAP,
    NEAR,
    SGD,
    BetaChoice,
    Measurement,
    choose_beta,
)
from simulation.results.beta_measurement import measure, measured_experiment
from simulation.results.settled_price import steps_at
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate
from simulation.theory.escape_line import OUTSIDE_REASON
from simulation.theory.guidance import guidance, noise_cap
from simulation.theory.one_step import growth_rate, transition
from tests.marks import every_landscape

QUADRATIC = Experiment(landscape="quadratic", noise="gaussian")


BLOWN = [f"noise=gaussian&sd=0.1&T=1000&eta={eta}" for eta in (0.3, 0.5, 0.7, 0.9, 1.2)]


NOTHING_MEASURED = Measurement(
    np.zeros(1), (escape_statistics(np.array([-1]), np.array([-1])),), paths=1
)  # SGD neither escapes nor diverges


def chosen(experiment: Experiment, budget: float = 100.0) -> BetaChoice:
    return choose_beta(experiment, budget, measure(measured_experiment(experiment)))


@pytest.mark.parametrize("budget", [1.0, 5.0, 100.0, 1e4])
@pytest.mark.parametrize("step_size", [1e-4, 0.01, 0.1])
def test_the_advice_is_the_smaller_of_balance_and_noise_cap(
    budget: float, step_size: float
) -> None:
    experiment = QUADRATIC.replace(step_size=step_size)
    seen = chosen(experiment, budget)
    mark = seen.marks[seen.advised]
    low, high = min(experiment.eigenvalues), max(experiment.eigenvalues)
    steep = step_size * high
    balance, cap = float(guidance(-step_size * low).balance), float(noise_cap(budget, steep))
    beta = min(balance, cap)
    assert mark.momentum == pytest.approx(min(beta, 0.9999), abs=1e-12)
    assert mark.name == (BALANCE if balance <= cap else CAP)
    if beta < 0.9999:
        price = (1 + beta) * (2 - steep) / ((1 - beta) * (2 * (1 + beta) - steep))
        assert mark.price == pytest.approx(price)


def test_the_measured_medians_are_those_of_a_run() -> None:
    seen = chosen(QUADRATIC)
    for beta, found in zip(seen.measured_momenta, seen.measured, strict=True):
        alone = QUADRATIC.replace(contenders=(Contender("momentum", float(beta)),))
        run = simulate(alone.replace(paths=seen.paths))
        assert np.median(run.escape_time[0]) == found.median


@pytest.mark.parametrize("query", ["landscape=phase-retrieval&batch=1", "eta=3", *BLOWN])
def test_a_measured_beta_diverges_where_a_run_to_the_end_does(query: str) -> None:
    """Also after its escape: heavy ball at each β, run as Explore runs it."""
    experiment = parse_query(query)
    seen = chosen(experiment)
    rivals = [Contender("momentum", float(b)) for b in seen.measured_momenta]
    for i in range(0, len(rivals), LANES):
        several = experiment.replace(contenders=tuple(rivals[i : i + LANES]), paths=seen.paths)
        run = simulate(several, record_paths=1, points=4)
        told = list(map(escape_statistics, run.escape_time, run.diverged_at))
        assert told == list(seen.measured[i : i + LANES])
        assert [e.diverges for e in told] == seen.diverges[i : i + LANES].tolist()


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
@pytest.mark.parametrize("query", BLOWN)
def test_no_beta_is_advised_that_diverges(query: str, hold: str) -> None:
    experiment = parse_query(query).replace(hold=hold)
    seen = chosen(experiment)
    if seen.advised < 0:
        assert seen.no_guidance
        assert seen.measured[0].diverged or hold != "step"  # else the law is wanting
        return
    advised = Contender("momentum", round(seen.marks[seen.advised].momentum, 4))
    run = simulate(experiment.replace(contenders=(advised,), paths=seen.paths))
    assert (run.diverged_at < 0).mean() > 0.95


def test_the_law_holds_the_measured_medians() -> None:
    """The intervals are 95 % ones: over 8 values of β on shared noise most must hold the law."""
    seen = chosen(QUADRATIC)
    law = np.interp(seen.measured_momenta, seen.momenta, seen.escape[:, 1])
    held = [e.ci_low <= m * 1.05 and m * 0.95 <= e.ci_high
            for e, m in zip(seen.measured, law, strict=True)]  # fmt: skip
    assert sum(held) >= 7


def test_the_contenders_lie_on_the_curve() -> None:
    seen = chosen(
        QUADRATIC.replace(contenders=(Contender("momentum", 0.9), Contender("adam", 0.9)))
    )
    here = np.interp(0.9, seen.momenta, seen.escape[:, 1])
    assert seen.racing[0].escape == pytest.approx(here, rel=0.03)
    assert [mark.momentum for mark in seen.racing] == [0.9, 0.9]
    assert np.isnan([getattr(seen.racing[1], name) for name in ("escape", "price")]).all()


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
def test_a_speed_up_is_the_first_screen_s(hold: str) -> None:
    """One definition: the medians' ratio by the exact law, in the banner, the race and here."""
    experiment = QUADRATIC.replace(contenders=(0.0, 0.5, 0.9, 0.99), hold=hold)
    seen, summary = chosen(experiment), summarise(simulate(experiment))
    assert seen.by_law
    found = [mark.speed_up for mark in seen.racing]
    assert found == pytest.approx(summary.predicted_speed_up.tolist())


def test_without_a_law_a_speed_up_is_of_growth_rates() -> None:
    experiment = Experiment(landscape="linear-net", contenders=(0.0, 0.9))
    seen = chosen(experiment)
    assert seen.reason
    assert not seen.by_law
    rates = growth_rate("momentum", np.array([0.0, 0.9]), experiment.step_size, -1.0)
    assert seen.racing[1].speed_up == pytest.approx(rates[1] / rates[0])


def test_at_the_same_effective_step_momentum_gains_nothing() -> None:
    seen = chosen(QUADRATIC.replace(hold="effective"))
    near = next(m for m in seen.marks if m.name == NEAR)
    assert near.momentum == 0
    assert all(m.speed_up <= 1.01 for m in seen.marks)


def test_at_the_same_share_of_stability_it_gains_by_the_step_alone() -> None:
    seen = chosen(QUADRATIC.replace(hold="stability"))
    assert seen.step_sizes[-1] == pytest.approx(QUADRATIC.step_size * 1.9999)
    same_step = chosen(QUADRATIC)
    assert (seen.escape[1:, 1] <= same_step.escape[1:, 1]).all()


@pytest.mark.parametrize("landscape", every_landscape())
def test_where_a_number_is_missing_there_is_a_reason_and_a_measured_point(landscape: str) -> None:
    seen = chosen(Experiment(landscape=landscape))
    for reason, missing in (
        (seen.no_guidance, seen.advised == -1 and not seen.marks),
        (seen.reason, np.isnan(seen.escape).all()),
        (seen.no_price, np.isnan(seen.price).all()),
    ):
        assert bool(reason) == bool(missing)
        assert not reason or reason.endswith(".")
    assert any(math.isfinite(e.median) for e in seen.measured)


@pytest.mark.parametrize(("landscape", "settles"), [("monkey", True), ("phase-retrieval", False)])
def test_where_the_theory_is_silent_nothing_is_advised(landscape: str, settles: bool) -> None:
    """The minima of the monkey saddle are ordinary: the variance there has its closed form."""
    seen = chosen(Experiment(landscape=landscape))
    assert seen.advised == -1
    assert seen.marks == ()
    assert bool(seen.no_price) != settles


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
@pytest.mark.parametrize(("step_size", "told"), [(1.9, False), (2.0, True), (5.0, True)])
def test_no_beta_is_advised_where_sgd_itself_diverges(
    hold: str, step_size: float, told: bool
) -> None:
    """Its limit is η = 2/λ₊; where SGD stays, so does every β that is advised."""
    seen = chosen(QUADRATIC.replace(step_size=step_size, hold=hold))
    assert ("η = 2 on" in seen.no_guidance, "η = 2 on" in seen.no_price) == (told, told)
    assert (seen.advised < 0, not seen.marks) == (told, told)
    if not told:
        assert math.isfinite(seen.marks[seen.advised].settling)


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
@pytest.mark.parametrize("start", [(0.0, 1.0), (0.0, -2.0), (0.3, 0.5)])
def test_a_start_beyond_the_radius_is_told_and_has_no_numbers(
    hold: str, start: tuple[float, float]
) -> None:
    experiment = QUADRATIC.replace(start=start, hold=hold, steps=500, radius=0.5)
    assert (simulate(experiment).escape_time == 0).all()
    seen = chosen(experiment)
    assert seen.reason == seen.no_guidance == OUTSIDE_REASON
    assert not seen.marks
    assert np.isnan(seen.escape).all()
    assert {e.median for e in seen.measured} == {0.0}
    inside = chosen(experiment.replace(start=(0.3, 0.4)))
    assert OUTSIDE_REASON not in (inside.reason, inside.no_guidance)


def test_price_and_speed_up_are_one_at_sgd() -> None:
    mark = next(m for m in chosen(QUADRATIC).marks if m.name == SGD)
    assert (mark.momentum, mark.speed_up, mark.price) == (0.0, 1.0, pytest.approx(1.0))


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
@pytest.mark.parametrize("steep", [1e-3, 0.5, 1.5, 1.9, 1.999])
@pytest.mark.parametrize("budget", [1.0, 1.5, 4.0, 10.0, 300.0])
def test_the_noise_cap_is_the_largest_beta_whose_drawn_price_is_within_the_budget(
    hold: str, steep: float, budget: float
) -> None:
    """One definition of the budget: the mark, the price curve and the recursion's own variance."""
    experiment = Experiment(
        landscape="quadratic", eigenvalues=(50.0, -1.0), step_size=steep / 50, noise="gaussian",
        hold=hold, steps=10, contenders=(0.0,),
    )  # fmt: skip
    seen = choose_beta(experiment, budget, NOTHING_MEASURED)
    mark = next(m for m in seen.marks if m.name == CAP)
    if mark.momentum < 0.9999:
        assert mark.price == pytest.approx(budget, rel=1e-9)
    paid = seen.price <= budget * (1 + 1e-9)
    assert (paid == (seen.momenta <= mark.momentum + 1e-12)).all()
    eta = float(steps_at(experiment, np.array([mark.momentum]))[0])
    a, u = transition("momentum", mark.momentum, eta, 50.0)
    variance = linalg.solve_discrete_lyapunov(a, np.outer(u, u))[0, 0]
    plain = experiment.step_size**2 / (1 - (1 - steep) ** 2)
    assert mark.price == pytest.approx(variance / plain, rel=1e-6)


def test_a_price_below_sgd_s_is_never_refused() -> None:
    seen = choose_beta(parse_query("landscape=quadratic&eig=50,-1&eta=0.038"), 4.0,
                       NOTHING_MEASURED)  # fmt: skip
    mark = seen.marks[seen.advised]
    assert mark.name == BALANCE
    assert mark.price == pytest.approx(0.5, abs=0.01)


def test_without_a_price_there_is_no_cap() -> None:
    falling = Experiment(landscape="quadratic", eigenvalues=(-1.0, -0.1), steps=10)
    seen = choose_beta(falling, 1.0, NOTHING_MEASURED)
    assert seen.no_price
    assert CAP not in [mark.name for mark in seen.marks]
    assert seen.marks[seen.advised].name == BALANCE
