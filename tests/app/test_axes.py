"""The time axis: linear, log, or scaled by 1/(1 − β); in the address, and on every plot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import ids
from app.figures.typed_arrays import untyped
from app.render.page import TIME_AXES, render
from app.state.edits import apply
from app.state.page_state import State, read, write
from app.state.view import AXES
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.theory.guidance import guidance
from tests.app.test_properties import of_kind


def test_every_choice_has_its_axes() -> None:
    assert tuple(TIME_AXES) == AXES.choices


@given(
    st.sampled_from(AXES.choices), st.floats(1e-4, 10), st.integers(2, 3_000_000),
    st.integers(10, 3_000_000),
)  # fmt: skip
def test_axes_epsilon_and_horizon_travel(axes: str, epsilon: float, tau: int, steps: int) -> None:
    state = State(Experiment(steps=steps)).with_view(axes=axes, epsilon=epsilon, horizon=tau)
    again, repairs = read(write(state))
    assert not repairs
    assert (again.axes, again.epsilon, again.horizon) == (axes, epsilon, tau)
    assert write(again) == write(state)


def test_the_usual_is_not_written() -> None:
    assert write(read("axes=auto&eps=0.02&tau=300000")[0]) == ""


@pytest.mark.parametrize("text", ["axes=cubic", "eps=-1", "eps=nan", "tau=x", "tau=1e99", "eps="])
def test_what_cannot_be_is_repaired_and_told(text: str) -> None:
    state, repairs = read(text)
    assert len(repairs) == 1
    assert text.partition("=")[0] in str(repairs[0])
    assert state.axes in AXES.choices
    assert 1e-4 <= state.epsilon <= 10
    assert 2 <= state.horizon <= 3_000_000


def test_the_edit_changes_the_axes_and_refuses_others() -> None:
    assert apply(State(), {"axes": "scaled"}).axes == "scaled"
    assert write(apply(State(), {"axes": "scaled"})) == "axes=scaled"
    assert write(apply(read("axes=scaled")[0], {"axes": "auto"})) == ""
    assert write(apply(read("axes=scaled")[0], {"axes": "linear"})) == "axes=linear"
    with pytest.raises(ParameterError):
        apply(State(), {"axes": "sideways"})


@pytest.mark.parametrize("axes", AXES.choices)
def test_all_time_plots_run_on_the_same_clock(axes: str) -> None:
    state = State(Experiment(steps=30_000, contenders=(0, 0.9))).with_view(axes=axes)
    drawn = render(state, "light").figures
    layouts = [drawn[graph]["layout"]["xaxis"] for graph in ids.GRAPHS[1:]]
    assert all(layout.get("type") == ("log" if axes == "log" else None) for layout in layouts)
    assert len({tuple(layout["range"]) for layout in layouts}) == 1
    for graph in ids.GRAPHS[1:]:
        sgd, fast = (untyped(curve["x"]) for curve in of_kind(drawn[graph], "curve"))
        both = np.isfinite(sgd) & np.isfinite(fast) & (sgd > 0)
        np.testing.assert_allclose(fast[both] / sgd[both], 10 if axes == "scaled" else 1, rtol=1e-5)


def crossing(state: State, contender: int) -> float:
    """Where on the axis a contender's distance curve passes the escape radius."""
    figure = render(state, "light").figures[ids.DISTANCE]
    (radius,) = of_kind(figure, "radius")
    curve = of_kind(figure, "curve")[contender]
    x, y = untyped(curve["x"]), untyped(curve["y"])
    return float(x[np.flatnonzero(y >= untyped(radius["y"])[0])[0]])


def test_scaled_curves_fall_on_one_another_until_beta_nears_the_balance() -> None:
    """DESIGN.md section 7: h = 1e-4, whose balance is at β ≈ 0.988."""
    balance = float(guidance(1e-4).balance)
    experiment = Experiment(
        landscape="quadratic", noise="none", start=(0.0, 0.1), step_size=1e-3, steps=60_000,
        paths=1, contenders=(0, 0.5, 0.8, round(balance, 4)),
    )  # fmt: skip
    scaled = State(experiment).with_view(axes="scaled")
    sgd, half, most, balanced = (crossing(scaled, i) for i in range(4))
    assert half == pytest.approx(sgd, rel=0.05)  # as finely as the steps are recorded
    assert most == pytest.approx(sgd, rel=0.05)
    assert balanced > 1.3 * sgd  # two thirds of 1/(1 − β) at the balance
    assert crossing(State(experiment), 1) < 0.6 * crossing(State(experiment), 0)
