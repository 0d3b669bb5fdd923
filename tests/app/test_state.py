"""One state, one query string; whatever else an address says is repaired and told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pages import PAGES
from app.state import State, canonical, look, read, write
from app.theme import THEMES
from app.view import View
from simulation.experiment import Experiment

TABS = tuple(PAGES)
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


@settings(max_examples=300)
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
    assert look("theme=dark&look=projector") == "dark"
    assert look("look=projector") == "projector"
    assert look("look=pink") == "light"
    assert "look" not in write(read("look=dark")[0])
