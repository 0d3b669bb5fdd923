"""The Sweep tab's callback, as Dash calls it."""

from __future__ import annotations

from typing import Any

import pytest

from app import ids
from app.server import create_app
from app.settings import Settings
from app.state.edits import apply
from app.state.page_state import read, write
from app.sweep_jobs.jobs import EXTENSION
from app.tabs.sweep.tab import props
from simulation.sweeps.variables import variables
from tests.marks import every_landscape

# Nothing escapes here: every path takes its 10⁶ steps, so a tile takes seconds.
LONG = ("tab=sweep&landscape=quadratic&cellN=512&T=1000000&R=100&run=0.9"
        "&x=beta:0:0.5:16&y=eta:1e-7:1e-6:12:log")  # fmt: skip
VALUES = {"n_intervals": 1, "n_clicks": 1}
APP = create_app(Settings())


@pytest.mark.parametrize("landscape", every_landscape())
def test_each_number_that_is_offered_makes_a_sweep(landscape: str) -> None:
    state, _ = read(f"landscape={landscape}")
    offered = [one["value"] for one in props(state, "light")[ids.field("x-key")]["data"]]
    assert offered == list(variables(state.experiment))
    assert not {"r", "period"} & set(offered)  # Algorithm 2's own, and it does not race
    for key in offered:
        changed = apply(state, {"x-key": key})
        assert changed.sweep.x.key == key
        assert changed.axis("y").key != key


@pytest.mark.parametrize(("query", "axes"), [
    ("landscape=monkey&x=eig.out:-0.5:-0.01:16", ("beta", "eta")),
    ("landscape=monkey&x=eig.out:-0.5:-0.01:16&y=beta:0:0.9:8", ("eta", "beta")),
    ("x=r:1:2&y=rot:0:90:8", ("beta", "rot")),
])  # fmt: skip
def test_an_axis_that_changes_nothing_is_a_sentence_and_the_usual_one(
    query: str, axes: tuple[str, str]
) -> None:
    state, repairs = read(query)
    (repair,) = repairs
    assert "changes nothing in this experiment" in str(repair)
    assert (state.sweep.x.key, state.sweep.y.key) == axes
    again, repairs = read(write(state))
    assert not repairs
    assert again.sweep == state.sweep


def test_another_landscape_leaves_no_axis_that_it_refuses() -> None:
    state, _ = read("landscape=quadratic&x=eig.out:-0.5:-0.01:16")
    assert state.sweep.x.key == "eig.out"
    changed = apply(state, {"landscape": "monkey"})
    assert changed.sweep.x.key == "beta"
    assert "eig.out" not in write(changed)


def press(*triggers: str) -> dict[str, Any]:
    """What the tab shows after `triggers` fired together."""
    callback = next(key for key in APP.callback_map if f"{ids.SWEEP_STATUS}.children" in key)
    inputs, state = APP.callback_map[callback]["inputs"], APP.callback_map[callback]["state"]
    given = {ids.QUERY: LONG, ids.LOOK: "light", ids.SWEEP_SEEN: ""}
    names = (name.rpartition(".") for name in callback.strip(".").split("..."))
    answer = APP.server.test_client().post("/_dash-update-component", json={
        "output": callback,
        "outputs": [{"id": component, "property": prop} for component, _, prop in names],
        "inputs": [part | {"value": VALUES.get(part["property"], "")} for part in inputs],
        "state": [part | {"value": given[part["id"]]} for part in state],
        "changedPropIds": list(triggers),
    })  # fmt: skip
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json["response"]
    return shown


@pytest.mark.long
@pytest.mark.parametrize("clock_first", [True, False])
def test_a_press_that_meets_a_tick_of_the_clock_is_heard(clock_first: bool) -> None:
    def with_tick(button: str) -> tuple[str, ...]:
        both = (f"{ids.SWEEP_CLOCK}.n_intervals", f"{button}.n_clicks")
        return both if clock_first else both[::-1]

    try:
        started = press(*with_tick(ids.SWEEP_START))
        assert started[ids.SWEEP_CANCEL]["disabled"] is False
        assert started[ids.SWEEP_CLOCK]["disabled"] is False
        stopped = press(*with_tick(ids.SWEEP_CANCEL))
        assert stopped[ids.SWEEP_CANCEL]["disabled"] is True
        assert stopped[ids.SWEEP_CLOCK]["disabled"] is True
    finally:
        for job in APP.server.extensions[EXTENSION]._jobs.values():
            APP.server.extensions[EXTENSION].cancel(job.sweep)
