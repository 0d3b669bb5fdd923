"""A control says that it changes nothing where, and only where, it changes nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from app import ids
from app.components.controls import props
from app.state.edits import apply
from app.state.inactive_controls import INACTIVE_REASONS
from app.state.page_state import State
from app.state.sliders import SLIDERS
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.noise import NOISES
from simulation.runs.simulate import simulate
from tests.marks import CORE_LANDSCAPES

STATES = [
    State(
        Experiment(
            landscape=name, noise=noise, steps=20, paths=2, contenders=(0.5,), start=(0.3, 0.2)
        )
    )
    for name, noise in itertools.product(CORE_LANDSCAPES, NOISES)
]
NAMES = [f"{state.experiment.landscape} {state.experiment.noise}" for state in STATES]
# A value that no landscape starts from.
OTHER = {"w0-y": "0.37", "n": "7", "batch": "3", "sd": "0.2,0.3", "c": "0.01,0.02", "eig": "2"}


def changed(state: State, key: str) -> bool:
    """Whether a control moves the paths, or can be moved at all."""
    slider = SLIDERS.get(key)
    given = 0.3 * slider.low + 0.7 * slider.high if slider else OTHER[key]
    if key == "eig" and state.experiment.landscape != "linear-net":
        given = "2,-0.2"
    try:
        other = apply(state, {key: given}).experiment
    except ParameterError:
        return False
    before, after = simulate(state.experiment).w, simulate(other).w
    return not np.array_equal(before, after)


@pytest.mark.parametrize("key", INACTIVE_REASONS)
@pytest.mark.parametrize("state", STATES, ids=NAMES)
def test_what_is_marked_moves_nothing_and_what_moves_nothing_is_marked(
    state: State, key: str
) -> None:
    why = INACTIVE_REASONS[key](state.experiment)
    assert changed(state, key) != bool(why) or "One direction only" in why


@pytest.mark.parametrize("key", ["sd-escape", "eig-escape"])
def test_where_there_is_one_direction_one_slider_sets_it(key: str) -> None:
    alone = State(Experiment(landscape="linear-net"))
    assert props(alone, "light")[ids.row(key)]["className"] == "control unused"
    assert props(alone, "light")[ids.why(key)]["children"].endswith(SLIDERS[key].symbol[0] + "₊.")
    twin = key.replace("escape", "stable")
    assert props(alone, "light")[ids.row(twin)]["className"] == "control"


def test_the_sliders_that_do_not_reach_a_spectrum_leave_it_to_the_list() -> None:
    positive = State(Experiment(landscape="linear-net", eigenvalues=(2.0, 1.0)))
    shown = props(positive, "light")
    assert "unused" in shown[ids.row("eig-escape")]["className"]
    assert not shown[ids.LISTS]["hidden"]
    assert apply(positive, {"eig": "2, 0.5"}).experiment.eigenvalues == (2.0, 0.5)


def test_a_field_among_others_is_barred_and_its_row_says_why() -> None:
    shown = props(State(Experiment(landscape="phase-retrieval", noise="gaussian")), "light")
    assert shown[ids.field("w0-y")]["disabled"]
    assert shown[ids.row("w0")]["title"]
    assert not shown[ids.SAMPLING]["hidden"]  # the samples are the data, whatever the noise
    assert not shown[ids.field("n")]["disabled"]
    assert shown[ids.field("batch")]["disabled"]
