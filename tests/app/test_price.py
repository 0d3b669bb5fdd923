"""The price on the page: one number on every part of it, or a reason for none."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from app.lessons.prices import price as lesson_price
from app.render.page import render
from app.state.edits import apply
from app.state.page_state import State, read
from app.text.numbers import ratio
from app.text.outcome import outcome
from app.text.standings import standings
from simulation.model.holds import HOLDS
from simulation.model.query import parse_query
from simulation.results.beta_choice import choose_beta
from simulation.results.beta_measurement import measure, measured_experiment
from simulation.results.settled_price import price_of
from simulation.results.summary import Summary, summarise
from simulation.runs.simulate import simulate


@cache
def summary_of(query: str) -> Summary:
    return summarise(simulate(parse_query(query)))


@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("place", [
    "eta=0.02&T=3000", "landscape=quadratic&T=3000&eig=50,-1&eta=0.03",
    "landscape=double-well&eta=0.1&T=300&N=4",
])  # fmt: skip
def test_one_price_wherever_it_is_shown(place: str, hold: str) -> None:
    """Over SGD at the given step size, of which each hold makes the same SGD."""
    summary = summary_of(f"{place}&run=0,0.5,0.9&hold={hold}")
    chosen = choose_beta(
        summary.experiment, 10.0, measure(measured_experiment(summary.experiment))
    )  # fmt: skip
    for i in (1, 2):
        known = chosen.racing[i].price
        assert price_of(summary, i, 0).ratio == pytest.approx(known)
        shown, phrase = ratio(known), standings(summary)[i].price
        same = shown == "1.00"
        assert phrase.startswith("as noisy" if same else f"{shown}× ")
        assert (f"**{shown}× the stationary" in lesson_price(summary, i)) != same
        said = outcome(summary, i)
        if said.merits[0].contender == i and len(said.merits) == 4:
            assert said.merits[3].value == ("even" if same else f"{shown}×")
            assert (f" {shown}×" in said.sentence.split(". ")[1]) != same


@pytest.mark.parametrize(("query", "phrases", "sentence"), [
    ("landscape=linear-net", ["never settles (valley)"] * 2, "the minima form a valley"),
    ("landscape=quadratic&noise=none&w0=0.1,0.1", ["no noise after"] * 2, "No noise is left"),
    ("landscape=phase-retrieval", ["no noise after"] * 2, "No noise is left"),
    ("landscape=quadratic&run=0,adam", ["", "no formula for its noise"],
     "no closed form of the settled variance of Adam 0.9"),
    ("landscape=quadratic&run=rmsprop:0.5,0.9", ["no formula for its noise",
     ""], "no closed form of the settled variance of RMSProp 0.5"),
    ("landscape=double-well&eta=1.1&run=0,0.3", ["never settles", "SGD never settles"],
     "SGD never settles at this step size"),
    ("landscape=quadratic&eig=-1,-0.1&T=200", ["never settles"] * 2, "nothing holds it"),
])  # fmt: skip
def test_where_there_is_no_price_a_phrase_says_why_and_no_number_is_shown(
    query: str, phrases: list[str], sentence: str
) -> None:
    summary = summary_of(query if "run=" in query else f"{query}&run=0,0.9")
    assert [one.price for one in standings(summary)] == phrases
    said = [outcome(summary, i) for i in range(2)]
    assert any(sentence in one.sentence for one in said)
    for one in said:
        assert not any("nois" in merit.label for merit in one.merits)
    assert all(one.meaning for one in standings(summary) if one.price)


def test_a_reference_without_a_closed_form_is_named() -> None:
    summary = summary_of("landscape=quadratic&run=rmsprop:0.5,0.9")
    assert standings(replace(summary, reference=0))[1].price == "RMSProp 0.5 has no formula"


def test_who_diverges_has_no_price() -> None:
    assert {s.price for s in standings(summary_of("eta=10&run=0,0.9"))} == {""}


RACES = ["T=500000&run=0,0.5,0.9", "landscape=quadratic&run=0.9,0,nesterov:0.9&N=8",
         "landscape=quadratic&run=0.9,0.5,0.99&N=8&hold=effective"]  # fmt: skip


@pytest.mark.parametrize("query", RACES)
@pytest.mark.parametrize("i", range(3))
def test_the_headline_is_of_the_chosen_optimizer_with_its_own_numbers(query: str, i: int) -> None:
    summary = summary_of(query)
    said, labels = outcome(summary, i), [c.label for c in summary.experiment.contenders]
    subject, rival = said.merits[0].contender, said.merits[1].contender
    assert subject == i
    assert rival is not None
    assert next(part for part in said.parts if part.kind == "name").contender == i
    gain = summary.escape[rival].median / summary.escape[i].median
    if 0.995 <= gain < 1.005:
        assert f"just as fast as {labels[rival]}" in said.sentence
    else:
        word, times = ("faster", gain) if gain > 1 else ("slower", 1 / gain)
        assert f"{ratio(times)}× {word} than {labels[rival]}" in said.sentence
        assert said.merits[1].value == f"{ratio(times)}×"


def test_a_chosen_optimizer_that_has_not_escaped_leaves_the_headline_to_the_first() -> None:
    summary = summary_of("run=0,0.9&T=100000")
    assert np.isnan(summary.escape[0].median)
    assert outcome(summary, 0) == outcome(summary, 1) == outcome(summary)


def test_a_click_on_a_chip_changes_the_headline_of_the_page() -> None:
    def headline(state: State) -> str:
        return str(render(state, "light").props["reading"])

    state = read("run=0,0.9&T=500000")[0]
    edits: dict[str, Any] = {"select": 0}
    before, after = headline(state), headline(apply(state, edits))
    assert "faster" in before
    assert "slower" in after
    assert headline(apply(apply(state, edits), {"select": 1})) == before
