"""The race's counts: to run off is not to escape."""

from __future__ import annotations

import numpy as np
import pytest

from app.text.outcome import outcome
from app.text.standings import standings
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate


@pytest.mark.parametrize("query", ["eta=10", "eta=10&run=0,0.9", "w0=5,5"])
def test_who_diverges_gets_no_count_and_no_gain(query):
    seen = standings(summarise(simulate(parse_query(query))))
    assert {(s.steps, s.gain, s.theory) for s in seen} == {("diverges", "", "")}


REFERENCES = [
    "run=0,0.5,0.9&eta=2.5&N=64&T=200",  # all diverge
    "landscape=quadratic&run=0,0.5,0.9&eta=2.5&N=16&T=300",  # SGD does
    "landscape=quadratic&run=0,0.9,0.5&eta=2.5&N=16&T=300",
    "landscape=phase-retrieval&batch=1&run=0.9,0.5,0.7",  # the first does
    "landscape=quadratic&run=0.9,0,adam&N=16&T=9000",  # none does
    "landscape=quadratic&run=0.5,0.7,0.9&N=16&T=1500",  # the first does not escape
    "landscape=quadratic&run=0.5,0.9&N=16&T=500",
    "run=0&T=500000",
]


@pytest.mark.parametrize("query", REFERENCES)
def test_one_reference_for_headline_standings_and_numbers(query):
    experiment = parse_query(query)
    run = simulate(experiment)
    summary = summarise(run)
    gone = (run.diverged_at >= 0).mean(axis=1) >= 0.5
    times = np.where((run.diverged_at < 0) & (run.escape_time >= 0), run.escape_time, np.inf)
    medians = np.median(times, axis=1)
    against = summary.reference
    assert not gone[against] or gone.all()
    plain = [i for i, c in enumerate(experiment.contenders) if c.is_sgd and not gone[i]]
    finite = [i for i in range(len(gone)) if np.isfinite(medians[i])]
    if plain or finite:
        assert against == (plain or [max(finite, key=lambda i: medians[i])])[0]
    for i in finite if np.isfinite(medians[against]) else []:
        assert summary.speed_up[i] == medians[against] / medians[i]
    seen = standings(summary)
    assert [s.steps == "diverges" for s in seen] == gone.tolist()
    assert [s.gain == "1×" for s in seen] == [i == against and not gone[i]
                                              for i in range(len(gone))]  # fmt: skip
    first, rival, *_ = (merit.contender for merit in outcome(summary).merits)
    if first is not None and rival is not None:
        assert not gone[[first, rival]].any()
        assert against in (rival, first)


def test_who_escapes_is_counted():
    summary = summarise(simulate(parse_query("run=0,0.9")))
    plain, fast = standings(summary)
    assert (plain.gain, plain.theory) == ("1×", "")
    assert int(fast.steps.replace(",", "")) < int(plain.steps.replace(",", ""))
    assert fast.gain.endswith("×")
    assert fast.theory.startswith("law ")


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
