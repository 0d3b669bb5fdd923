"""An optimizer keeps its colour and symbol while others come and go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.state.edits import apply
from app.state.page_state import State, read, write
from app.theme import THEMES, Style, styles
from tests.cases import cases

ACTIONS = st.lists(st.one_of(st.just("add"), st.integers(0, 7)), max_size=12)
EIGHT = "run=0,0.3,0.5,0.7,0.9,adam:0.9,nesterov:0.9,0.99"


def looks(state: State) -> list[Style]:
    return list(styles(state.experiment.contenders, state.theme("light")))


@settings(max_examples=cases(0.5), deadline=None)
@given(actions=ACTIONS)
def test_colours_stay_through_any_edits_of_the_race(actions: list[str | int]) -> None:
    state = read("run=0.3,0.5,0.7,0.9")[0]
    for action in actions:
        before, count = looks(state), len(state.experiment.contenders)
        if action == "add" and count < 8:
            state = apply(state, {"add": 1})
            assert looks(state)[:-1] == before
        elif isinstance(action, int) and count > 1:
            state = apply(state, {"remove": action % count})
            del before[action % count]
            assert looks(state) == before
        used = [look.color for look in looks(state)]
        assert len(set(used)) == len(used) or used.count(THEMES["light"].neutral) > 1
        again, repairs = read(write(state))
        assert (again, repairs) == (read(write(again))[0], [])
        assert looks(again) == looks(state)


def test_the_last_one_s_removal_leaves_no_key_in_the_address() -> None:
    state = read(EIGHT)[0]
    assert "colors" not in write(apply(state, {"remove": 7}))
    gone = apply(state, {"remove": 2})
    assert write(gone).endswith("colors=0,1,3,4,5,6,7")
    assert "colors" not in write(apply(apply(gone, {"add": 1}), {"preset": 0}))


@pytest.mark.parametrize(("text", "used"), [
    ("0,2", (0, 2)), ("2", (2,)), ("0,1,2", ()), ("2,2", (2,)), ("9", ()), ("x", ()), ("2,x", (2,)),
])  # fmt: skip
def test_the_key_is_read_or_repaired_in_one_sentence(text: str, used: tuple[int, ...]) -> None:
    state, repairs = read(f"run=0,0.5,0.9&colors={text}")
    assert state.view.colors == used
    assert len(repairs) == (text in ("2,2", "9", "x", "2,x"))
    assert all(repair.key == "colors" for repair in repairs)
