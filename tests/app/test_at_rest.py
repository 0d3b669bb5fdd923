"""A start from which nothing ever moves: every place says so, and none advises."""

from __future__ import annotations

import re

import numpy as np
import pytest

from app import ids
from app.cli.group import main
from app.state.page_state import read
from app.tabs.registry import TAB_MODULES
from app.text.outcome import outcome
from app.text.standings import standings
from simulation.model.query import parse_query
from simulation.results.prediction import predict
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate
from simulation.sweeps.grid import parse_sweep
from simulation.sweeps.theory_map import theory_map
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from tests.app.test_words import texts
from tests.marks import breadth

pytestmark = pytest.mark.usefixtures("results_are_kept")

RESTING = (
    "landscape=quadratic&noise=none&w0=0,0&run=0,0.9",
    "landscape=quadratic&noise=gaussian&sd=0&w0=0,0&run=0,0.9",
    "landscape=quadratic&noise=none&w0=0,0&rot=30&run=nesterov:0.9,boosted:0.9,adam:0.9,rmsprop",
    "landscape=toy&noise=none&w0=0,0&run=0,0.9",
    "landscape=monkey&noise=none&w0=0,0&run=0,0.9",
    "landscape=linear-net&noise=none&w0=0,0&run=0,0.9",
    "landscape=phase-retrieval&w0=0,0&run=0,0.9",
    "landscape=phase-retrieval&w0=0,0&noise=none&run=0.9",
)
MOVING = (
    "landscape=quadratic&w0=0,0&run=0,0.9",
    "landscape=quadratic&noise=none&w0=0,0&c=0,0.001&run=0,0.9",
    "landscape=quadratic&noise=none&w0=0.1,0&run=0,0.9",
    "landscape=quadratic&noise=gaussian&sd=0.001,0&w0=0,0&run=0,0.9",
    "landscape=phase-retrieval&run=0,0.9",
    "landscape=linear-net&w0=0,0&run=0,0.9",
)


def summary_of(text: str):
    return summarise(simulate(parse_query(f"{text}&T=300")))


@pytest.mark.parametrize("text", [*RESTING, *MOVING])
def test_at_rest_is_what_the_engine_leaves_where_it_was(text: str) -> None:
    experiment = parse_query(f"{text}&T=300")
    w = simulate(experiment).w
    assert is_at_rest(experiment) == bool((w == w[:, :, :1]).all()) == (text in RESTING)


@pytest.mark.parametrize("text", [*RESTING, *MOVING])
def test_the_headline_says_it_and_nothing_else(text: str) -> None:
    summary = summary_of(text)
    said, rests = outcome(summary), text in RESTING
    assert (said.sentence == AT_REST_REASON) == rests
    assert (summary.law_reason == predict(summary.experiment).reason == AT_REST_REASON) == rests
    if rests:
        assert said.notes == ()
        assert {merit.value for merit in said.merits} == {"—"}
        assert {(one.steps, one.gain) for one in standings(summary)} == {("never", "")}


@pytest.mark.parametrize("tab", ["choose", "distribution"])
@pytest.mark.parametrize("text", breadth(RESTING, [RESTING[0], RESTING[6]]))
def test_a_tab_says_it_and_advises_nothing(text: str, tab: str) -> None:
    props = TAB_MODULES[tab].props(read(f"{text}&T=300&tab={tab}")[0], "light")
    said = " ".join(texts(list(props.values())))
    assert AT_REST_REASON in said
    assert not re.search(r"Take β|count as later|take the same time", said)
    if tab == "choose":
        assert "exact law is drawn" not in said
        assert props[ids.CHOOSE_COPY]["hidden"]


def test_a_sweep_says_it_only_if_no_cell_moves() -> None:
    still = "landscape=quadratic&noise=none&w0=0,0&T=300&run=0.9&x=beta:0:0.9:4"
    assert theory_map(parse_sweep(f"{still}&y=eta:0.01:0.1:3:log")).reason == AT_REST_REASON
    one_moves = theory_map(parse_sweep(f"{still}&y=c.out:0:0.1:3"))
    assert one_moves.reason == ""
    assert np.isfinite(one_moves.median).any()


def test_the_command_line_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    for text in (RESTING[0], MOVING[0]):
        assert main(["run", f"{text}&T=300"]) == 0
        said = capsys.readouterr().out
        assert (AT_REST_REASON in said) == (text in RESTING)


def test_a_minimum_inside_the_radius_is_named_where_paths_end_there() -> None:
    """The solution is reached, but its distance along v is below the escape radius."""
    text = "landscape=phase-retrieval&n=50&seed=24&N=8&T=8000&run=0,0.9"
    experiment = parse_query(text)
    result = simulate(experiment)
    summary = summarise(result)
    assert not any(e.escaped for e in summary.escape)
    assert summary.value.median[-1, -1] < 1e-20  # solved
    said = outcome(summary)
    (note,) = (note for note in said.notes if "minimum" in note)
    nearest, radius = map(float, re.findall(r"0\.\d+", note))
    assert nearest == pytest.approx(summary.distance.median[-1, -1], rel=2e-3)
    assert radius == pytest.approx(summary.radius, rel=2e-3)
    shown = TAB_MODULES["distribution"].props(read(f"{text}&tab=distribution")[0], "light")
    assert note in set(texts(list(shown.values())))
    usual = outcome(summary_of("landscape=phase-retrieval&N=2"))
    assert not any("minimum" in note for note in usual.notes)
