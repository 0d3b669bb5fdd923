"""The race's counts: to run off is not to escape."""

from __future__ import annotations

import pytest

from app.text.standings import standings
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate


@pytest.mark.parametrize("query", ["eta=10", "eta=10&run=0,0.9", "w0=5,5"])
def test_who_diverges_gets_no_count_and_no_gain(query):
    seen = standings(summarise(simulate(parse_query(query))))
    assert {(s.steps, s.gain, s.theory) for s in seen} == {("diverges", "", "")}


def test_who_escapes_is_counted():
    summary = summarise(simulate(parse_query("run=0,0.9")))
    plain, fast = standings(summary)
    assert (plain.gain, plain.theory) == ("1×", "")
    assert int(fast.steps.replace(",", "")) < int(plain.steps.replace(",", ""))
    assert fast.gain.endswith("×")
    assert fast.theory.startswith("theory ")


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        ("step", ["", "", ""]),
        ("effective", ["η = 0.05", "η = 0.005", "η = 0.05"]),  # Adam's m is an average already
        ("stability", ["η = 0.05", "η = 0.095", "η = 0.0339"]),
    ],
)
def test_each_contender_says_its_own_step_where_another_thing_is_shared(hold, said):
    third = "nesterov:0.9" if hold == "stability" else "adam:0.9"
    query = f"landscape=quadratic&run=0,0.9,{third}&eta=0.05&hold={hold}&N=2&T=200"
    seen = standings(summarise(simulate(parse_query(query))))
    assert [one.step for one in seen] == said
