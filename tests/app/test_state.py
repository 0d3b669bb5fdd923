"""One state, one query string; whatever else an address says is repaired and told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.state.edits import apply
from app.state.page_state import State, canonical, read, resolve_theme, write
from app.state.view import View
from app.tabs.registry import TAB_MODULES
from app.theme import THEMES
from simulation.model.experiment import Experiment
from tests.cases import cases

TABS = tuple(TAB_MODULES)
STATES = st.builds(
    State,
    st.builds(
        Experiment,
        contenders=st.lists(st.floats(0, 0.9999), min_size=1, max_size=8).map(tuple),
        step_size=st.floats(1e-7, 10),
        seed=st.integers(0, 2**32 - 1),
    ),
    st.builds(
        View,
        tab=st.sampled_from(TABS),
        selected=st.none() | st.integers(0, 0),
        theme=st.sampled_from(["", *THEMES]),
    ),
)


@given(STATES)
def test_what_is_written_is_read(state: State) -> None:
    again, repairs = read(write(state), TABS)
    assert again == canonical(state)
    assert not repairs
    assert write(again) == write(state)


@settings(max_examples=cases(3))
@given(st.text(max_size=200) | st.lists(st.tuples(st.text(), st.text())).map(str))
def test_any_text_is_read_and_its_repaired_form_needs_no_repair(text: str) -> None:
    state, _ = read(text, TABS)
    assert read(write(state), TABS) == (state, [])


@pytest.mark.parametrize(
    ("text", "key"), [("tab=nowhere", "tab"), ("sel=99", "sel"), ("sel=-1", "sel"),
                      ("theme=pink", "theme"), ("colour=red", "colour")],
)  # fmt: skip
def test_what_no_page_has_is_told(text: str, key: str) -> None:
    state, repairs = read(text, TABS)
    assert [repair.key for repair in repairs] == [key]
    assert state == State()


def test_the_links_own_theme_comes_before_the_readers() -> None:
    assert resolve_theme("theme=dark&look=projector") == "dark"
    assert resolve_theme("look=projector") == "projector"
    assert resolve_theme("look=pink") == "light"
    assert "look" not in write(read("look=dark")[0])


NASTY = {
    "run=foo": "run", "run=foo,bar,0.5": "run", "run=1.2,0.9": "run", "run=nan": "run",
    "run=": "run", "run=:": "run", "run=adam:x": "run", "beta=0.9": "run=", "lr=0.1": "eta",
    "momentum=0.9": "run=", "step_size=1": "eta", "thme=dark": "theme", "eta=banana": "eta",
    "eta=": "eta", "eta=nan": "eta", "eta=-1": "eta", "eta=1e-3&eta=2": "eta",
    "lesson=99": "lesson",
    "lesson=x": "lesson", "tab=Explore": "tab", "T=1e9": "T", "T=1.5": "T", "N=0": "N",
    "R=-3": "R", "landscape=toys": "landscape", "noise=white": "noise", "sd=a,b": "sd",
    "eig=1": "eig", "rot=400": "rot", "w0=1": "w0", "seed=1e20": "seed", "n=0": "n",
    "hold=stability&run=adam": "hold", "x=eta": "x", "axes=foo": "axes", "t=banana": "t",
    "theme=pink": "theme", "view=foo": "view", "hide=foo": "hide", "reveal=yes": "reveal",
    "sel=9": "sel", "eps=foo": "eps", "v=2": "v",
}  # fmt: skip


@pytest.mark.parametrize(("text", "named"), NASTY.items())
def test_a_nasty_address_is_answered_in_one_sentence_that_names_the_field(
    text: str, named: str
) -> None:
    state, repairs = read(text, TABS)
    assert len(repairs) == 1
    assert named in str(repairs[0])
    assert "nan" not in repairs[0].used
    assert read(write(state), TABS) == (state, [])


@pytest.mark.parametrize("text", ["run=foo", "run=nan", "run=foo,bar", "run=:"])
def test_what_is_no_contender_is_left_out_and_never_doubled(text: str) -> None:
    assert read(text, TABS)[0] == State()
    left = read(f"{text},0.5", TABS)[0].experiment.contenders
    assert [contender.text for contender in left] == ["0.5"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sd=1,2,3", "sd = “1,2,3” → 1,2: 2 eigen-directions, a number each"),
        (
            "sd=1,2,3,99",
            "sd = “1,2,3,99” → 1,2: Noise level must be 1 to 50 numbers, each from 0 to 10; "
            "2 eigen-directions, a number each",
        ),
        ("landscape=linear-net&c=0,0.1", "c = “0,0.1” → 0: 1 eigen-direction, a number each"),
    ],
)
def test_a_list_that_is_cut_to_the_directions_there_are_is_told(text: str, said: str) -> None:
    assert [str(repair) for repair in read(text, TABS)[1]] == [said]


@pytest.mark.parametrize(
    "text", ["sd=1,1,1", "sd=1,2,2", "sd=0.1", "c=0,0,0", "eig=1,2,-1&sd=1,2,3"]
)
def test_a_list_of_which_nothing_is_lost_is_not_spoken_of(text: str) -> None:
    assert read(text, TABS)[1] == []


@pytest.mark.parametrize("edit", [{"preset": 0}, {"landscape": "monkey"}], ids=["preset", "menu"])
def test_another_experiment_opens_at_its_own_step(edit: dict[str, object]) -> None:
    changed = apply(read("t=39000")[0], edit)
    assert changed.cursor_step is None
