"""The Properties tab's numbers: the paper's definitions along a path, counted and explained."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.results.property_panels import (
    POINTS,
    observe,
    share_of_time,
    stretches,
    usual_epsilon,
    usual_horizon,
)
from simulation.runs.simulate import simulate
from simulation.theory.one_step import roots
from tests.marks import CORE_LANDSCAPES

TOY = Experiment(steps=60_000, step_size=5e-4)
SHORT = {name: Experiment(landscape=name, steps=400) for name in CORE_LANDSCAPES} | {
    "toy": TOY.replace(steps=4000),
    "quadratic": Experiment(landscape="quadratic", steps=3000),
}
everywhere = pytest.mark.parametrize("name", SHORT)


@everywhere
def test_values_are_the_definitions_along_neighbouring_steps(name: str) -> None:
    """APAG and CNC from m_{t−1} itself, APCG from G_s multiplied out, GrACE from f's Taylor terms.

    The recorded grid begins with neighbouring steps, so βm_{t−1} needs no stochastic gradient.
    """
    experiment, tau, beta = SHORT[name].replace(paths=1, contenders=(0.9,)), 7, 0.9
    seen = observe(experiment, horizon=tau)
    run = simulate(experiment, record_paths=1, points=POINTS)
    landscape, eta = landscape_of(experiment), float(run.step_sizes[0])
    checked = 0
    for before, here in pairwise(range(len(run.steps))):
        at_rest = (run.w[0, 0, here] == run.w[0, 0, before]).all()  # it has run off and stands
        if run.steps[here] != run.steps[before] + 1 or at_rest:
            continue
        w, m = run.w[0, 0, here], run.momentum[0, 0, here]
        kept = beta * run.momentum[0, 0, before]
        slope, bend = landscape.gradient(experiment, w), landscape.hessian(experiment, w)
        square = slope @ slope
        assert seen.gradient[0, here] == pytest.approx(np.sqrt(square))
        assert seen.panels["apag"].values[0, here] == pytest.approx(slope @ kept / square, rel=1e-6)
        grace = (eta * slope @ (-kept) + eta**2 / 2 * m @ bend @ m) / eta**2
        assert seen.panels["grace"].values[0, here] == pytest.approx(grace, rel=1e-6, abs=1e-9)
        product = np.eye(len(w))
        for s in range(1, tau):
            product = product @ (np.eye(len(w)) - eta * (1 - beta**s) / (1 - beta) * bend)
        matrix = product @ product
        apcg = slope @ matrix @ (kept + slope) / (eta * np.linalg.norm(matrix, 2) * square)
        assert seen.panels["apcg"].values[0, here] == pytest.approx(apcg, rel=1e-6)
        checked += 1
    assert checked >= 10


def test_in_the_pure_growing_mode_the_values_are_the_closed_forms() -> None:
    """APAG β/(μ₁−β), APCG μ₁/((μ₁−β)η): DESIGN.md section 6."""
    experiment = Experiment(
        landscape="quadratic", noise="none", start=(0.0, 1e-3), steps=2000, contenders=(0.5, 0.9),
    )  # fmt: skip
    seen = observe(experiment)
    for i, beta in enumerate((0.5, 0.9)):
        root = float(roots("momentum", beta, 0.01, -0.1)[0].real)
        late = seen.steps > 500
        np.testing.assert_allclose(
            seen.panels["apag"].values[i, late], beta / (root - beta), rtol=1e-9
        )
        np.testing.assert_allclose(
            seen.panels["apcg"].values[i, late], root / ((root - beta) * 0.01), rtol=1e-9
        )


@everywhere
@pytest.mark.parametrize("epsilon", [1e-3, 0.05, 1.0])
def test_asked_where_the_paper_asks_and_counted_over_all_that_is_drawn(
    name: str, epsilon: float
) -> None:
    seen = observe(SHORT[name], epsilon)
    steep = seen.gradient >= epsilon
    assert not (seen.panels["apag"].required & ~steep).any()
    assert not (seen.panels["apcg"].required & steep & (seen.gradient > epsilon)).any()
    for panel in seen.panels.values():
        assert not (panel.beyond & ~panel.required).any()
        allowed = panel.name in ("apcg", "grace")  # their constant is free: c′ > 0, c_h ≥ 0
        np.testing.assert_array_equal(panel.failed, panel.beyond & (not allowed))
        assert panel.looks.tolist() == panel.required.sum(axis=1).tolist()
        assert panel.failures.tolist() == panel.failed.sum(axis=1).tolist()
        assert (np.isnan(panel.share) == (panel.looks == 0)).all()
        some = panel.looks > 0
        beyond = panel.beyond.sum(axis=1)[some]
        assert ((panel.share[some] > 0) == (beyond > 0)).all()
        assert ((panel.share[some] == 1) == (beyond == panel.looks[some])).all()
        for asked, reason in zip(panel.required, panel.reasons, strict=True):
            assert asked.any() == (reason == "")
    apag = seen.panels["apag"]
    np.testing.assert_array_equal(apag.failed, apag.required & (apag.values < -0.5))
    # (6) and (7) hold at every required step with the constants that are reported
    for name_, side in (("apcg", -1), ("grace", 1)):
        panel = seen.panels[name_]
        needed = np.where(panel.required, side * panel.values, -np.inf).max(axis=1)
        some = panel.looks > 0
        assert (needed[some] <= panel.constant[some]).all()
        assert (panel.constant[some] == np.maximum(needed[some], 0)).all()


def test_a_larger_epsilon_asks_less_of_apag() -> None:
    looks = [observe(TOY, epsilon).panels["apag"].looks for epsilon in (0.01, 0.02, 0.05, 0.2)]
    for more, less in pairwise(looks):
        assert (less <= more).all()
    assert (looks[-1] < looks[0]).all()


def test_the_constants_make_the_definitions_hold() -> None:
    seen = observe(TOY)
    apcg, cnc, grace = (seen.panels[name] for name in ("apcg", "cnc", "grace"))
    for i in range(len(TOY.contenders)):
        for panel, bound, side in ((apcg, -apcg.constant, 1), (cnc, cnc.constant, 1),
                                   (grace, grace.constant, -1)):  # fmt: skip
            asked = panel.values[i, panel.required[i]]
            assert (side * asked >= side * bound[i]).all()
            assert np.isclose(asked, bound[i]).any() or bound[i] == 0


def test_a_path_that_has_run_off_is_not_counted_any_more() -> None:
    """On the open quadratic |w| grows by e every 1/log μ₁ steps until 10⁹: after that, silence."""
    experiment = Experiment(landscape="quadratic", contenders=(0.9,), steps=10_000)
    seen = observe(experiment)
    w = simulate(experiment.replace(paths=1), record_paths=1, points=POINTS).w[0, 0]
    gone = (np.abs(w).max(axis=1) > 1e7) & (w == w[-1]).all(axis=1)
    assert gone.sum() > 100
    late = np.flatnonzero(gone)[1:]
    for panel in seen.panels.values():
        assert np.isnan(panel.values[0, late]).all()
        assert not panel.required[0, late].any()
        assert panel.looks[0] <= np.count_nonzero(~gone) + 1
    assert np.isnan(seen.gradient[0, late]).all()


REASONS = {
    "adam": (TOY.replace(contenders=("adam",)), 0.02, "apag", "average"),
    "flat": (TOY, 5.0, "apag", "below ε"),
    "no region": (TOY.replace(eigenvalues=(1, -0.01)), 0.02, "cnc", "saddle region"),
    "too large a step": (
        Experiment(landscape="quadratic", step_size=0.5, contenders=(0.9,), steps=20), 0.05,
        "apcg", "not positive",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_a_panel_that_asks_nothing_says_why(name: str) -> None:
    experiment, epsilon, panel, word = REASONS[name]
    seen = observe(experiment, epsilon).panels[panel]
    assert all(word in reason and reason.endswith(".") for reason in seen.reasons)
    assert seen.reason == seen.reasons[0]
    assert not seen.looks.any()


def test_the_path_is_the_same_however_many_run() -> None:
    alone, among = observe(TOY), observe(TOY.replace(paths=64))
    for name, panel in alone.panels.items():
        np.testing.assert_array_equal(panel.values, among.panels[name].values)


def test_the_usual_horizons_are_the_papers() -> None:
    assert usual_horizon(Experiment()) == 300_000
    assert usual_epsilon(Experiment()) == 0.02
    assert usual_horizon(Experiment(landscape="phase-retrieval")) == 500
    assert usual_horizon(Experiment(steps=10)) == 3


def test_the_papers_figure_3_on_phase_retrieval() -> None:
    """ "Almost always nonnegative": APCG in the saddle region; APAG above −½ while it is asked."""
    seen = observe(Experiment(landscape="phase-retrieval"))
    for name in ("apag", "apcg"):
        panel = seen.panels[name]
        assert panel.looks.sum() > 30
        assert panel.beyond.sum() <= 0.05 * panel.looks.sum()


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=40, unique=True), st.data())
def test_a_share_of_the_time_is_that_of_the_shaded_stretches(
    times: list[int], data: st.DataObject
) -> None:
    """Whatever the grid: the lengths of the stretches (ends half-way to the next), added up."""
    steps = 2 * np.sort(times)  # so that half-way is a whole step
    marks = st.lists(st.booleans(), min_size=len(steps), max_size=len(steps)).map(np.array)
    whole = data.draw(marks)
    part = whole & data.draw(marks)
    inside, all_of_it = (sum(b - a for a, b in stretches(mask, steps)) for mask in (part, whole))
    share = share_of_time(part[None], whole[None], steps)[0]
    assert share * all_of_it == pytest.approx(inside) if whole.any() else np.isnan(share)


@given(st.lists(st.booleans(), min_size=2, max_size=40))
def test_stretches_cover_the_mask_and_nothing_else(marks: list[bool]) -> None:
    mask, steps = np.array(marks), 10 * np.arange(len(marks))
    spans = stretches(mask, steps)
    inside = np.array([any(a <= t <= b for a, b in spans) for t in steps])
    np.testing.assert_array_equal(inside, mask)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
