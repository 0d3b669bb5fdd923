"""The sentence: every number from the drawn run, right in every case."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from app.figures.landscape import summary_text
from app.figures.race_moment import cursor_index, race_moment, race_words
from app.text.divergence import diverged
from app.text.numbers import agreeing, count, exact, number, plural, power, ratio, rounded
from app.text.outcome import even, outcome
from app.text.standings import standings
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate

TOY = Experiment(steps=1_000_000)


@cache
def summary_of(experiment):
    return summarise(simulate(experiment))


def said(experiment):
    return outcome(summary_of(experiment)).sentence


def test_the_usual_sentence():
    summary = summary_of(TOY)
    at = [e.median for e in summary.escape]
    expected = summary.predicted[0] / summary.predicted[4]
    assert outcome(summary).sentence == (
        f"At the same step size, Momentum 0.9 escapes after {exact(at[4])} steps on this path, "
        f"{ratio(at[0] / at[4])}× faster than SGD; the exact law says {ratio(expected)}×. "
        f"Once settled it is 10.0× noisier."
    )


def test_the_large_numbers_are_those_of_the_sentence():
    result = outcome(summary_of(TOY))
    for merit in result.merits:
        assert merit.value in result.sentence
    assert [m.contender for m in result.merits] == [4, 0, None, 4]


def test_parts_join_to_the_sentence_and_names_point_at_contenders():
    result = outcome(summary_of(TOY))
    assert "".join(p.text for p in result.parts) == result.sentence
    for part in result.parts:
        if part.kind == "name":
            assert part.text == TOY.contenders[part.contender].label


def test_without_sgd_the_slowest_is_the_measure():
    text = said(TOY.replace(contenders=(0.5, 0.9, 0.7)))
    assert text.startswith("At the same step size, Momentum 0.9 escapes")
    assert "faster than Momentum 0.5" in text


def test_one_contender_is_compared_with_theory_only():
    summary = summary_of(TOY.replace(contenders=(0.9,)))
    assert outcome(summary).sentence == (
        f"Momentum 0.9 escapes after {exact(summary.escape[0].median)} steps on this path; "
        f"the exact law says {count(summary.predicted[0])}."
    )


def test_a_rival_that_has_not_escaped_gives_a_lower_bound():
    experiment = TOY.replace(steps=100_000)
    summary = summary_of(experiment)
    assert math.isnan(summary.escape[0].median)
    least = ratio(100_000 / summary.escape[4].median)
    assert f"more than {least}× faster than SGD, which has not escaped after 100,000 steps" in said(
        experiment
    )
    assert outcome(summary).merits[1].value == f">{least}×"


def test_nobody_escapes():
    summary = summary_of(TOY.replace(steps=2000))
    text = outcome(summary).sentence
    assert text == (
        f"No optimizer has escaped after 2,000 steps; "
        f"the exact law says Momentum 0.9 takes {count(summary.predicted[4])}."
    )
    assert outcome(summary).merits[0].value == ">2,000"
    alone = said(TOY.replace(steps=2000, contenders=(0,)))
    assert alone.startswith("SGD has not escaped after 2,000 steps")


@pytest.mark.parametrize(
    ("rule", "formula", "limit"),
    [("0.9", "2(1+β)", 3.8), ("nesterov:0.9", "2(1+β)/(1+2β)", 19 / 14)],
)
def test_a_diverging_run_names_its_step_and_the_limit_it_broke(rule, formula, limit):
    experiment = Experiment(
        landscape="quadratic", step_size=4.0, steps=2000, paths=1, contenders=(rule,), noise="none",
        start=(0.1, 0.0),
    )  # fmt: skip
    summary = summary_of(experiment)
    assert summary.escape[0].diverged == 1
    assert outcome(summary).sentence == (
        f"{experiment.contenders[0].label} diverges at step "
        f"{summary.escape[0].first_diverged:,}: ηλ = 4 exceeds the limit ηλ < {formula} = "
        f"{number(limit)}."
    )


@pytest.mark.parametrize("place", ["quadratic&sd=0.01", "toy&noise=gaussian&sd=0.1"])
@pytest.mark.parametrize("period", [2, 10, 300])
@pytest.mark.parametrize("step_size", [1e-3, 0.1, 4.5])
def test_algorithm_2_diverges_by_the_step_without_which_it_stays(place, period, step_size):
    query = f"landscape={place}&run=boosted:0.9&eta={step_size}&r=9&period={period}&T=3000&N=8"
    experiment = parse_query(query)
    summary = summary_of(experiment)
    if 0 not in diverged(summary):
        assert "diverge" not in outcome(summary).sentence
        return
    alone = summary_of(experiment.replace(contenders=(0.9,)))
    text = outcome(summary).sentence
    blamed = re.search(r": (?:the (?:boosted )?step )?(\w)", text)[1]
    assert blamed == ("η" if diverged(alone) else "r"), text


@pytest.mark.parametrize("query", ["eta=3", "eta=2.5&run=0,nesterov:0.9,0.9,0.99"])
def test_each_that_diverges_has_its_own_reason_and_no_theory(query):
    """ηλ against each one's own limit at the saddle, which the sentence divides them by."""
    summary = summary_of(parse_query(query))
    broken = diverged(summary)
    assert len(broken) == len(summary.escape)
    kept = [i for i in broken if summary.step_sizes[i] < summary.largest_stable_step[i]]
    first, *_, last = outcome(summary).sentence.removesuffix(".").split("; ")
    assert "exceeds the limit" in first
    assert "within" in last
    for i in kept:
        label = summary.experiment.contenders[i].label
        assert label in last
        assert label not in outcome(summary).sentence.removesuffix(last + ".")
    assert [m.value for m in outcome(summary).merits] == ["—"] * 3


@pytest.mark.parametrize("query", ["landscape=linear-net&eta=9", "landscape=toy&eta=5&eig=2,-0.1"])
def test_the_limit_is_at_the_saddle_that_is_there(query):
    """Not at the spectrum that the address holds, which these landscapes do not have."""
    text = outcome(summary_of(parse_query(query))).sentence
    reached, limit = re.search(r"ηλ = ([\d,.]+) exceeds .* = ([\d,.]+)", text).groups()
    model = landscape_of(parse_query(query)).linearisation(parse_query(query))
    step = float(summary_of(parse_query(query)).step_sizes[0])
    assert reached == number(step * model.eigenvalues.max())
    assert float(limit.rstrip(".")) <= float(reached.replace(",", ""))


def test_a_rival_that_diverged_is_no_measure():
    experiment = Experiment(
        landscape="quadratic", step_size=3.0, steps=2000, paths=1, contenders=(0, 0.9)
    )
    text = said(experiment)
    assert "faster than SGD" not in text
    assert "SGD diverges at step" in text
    assert "ηλ < 2(1+β) = 2." in text


def test_ensembles_speak_of_medians_and_count_who_is_left():
    experiment = Experiment(landscape="quadratic", paths=64, steps=400, contenders=(0, 0.9))
    summary = summary_of(experiment)
    escape = summary.escape[1]
    assert 32 < escape.escaped < 64
    result = outcome(summary)
    assert (
        f"Momentum 0.9 escapes after {exact(escape.median)} steps (median of 64 paths)"
        in result.sentence
    )
    assert any(f"{64 - escape.escaped} of 64 paths" in note for note in result.notes)
    none = said(experiment.replace(steps=50))
    assert "No optimizer has escaped after 50 steps in half of the 64 paths" in none


@pytest.mark.parametrize(
    ("hold", "opening"),
    [
        ("step", "At the same step size, "),
        ("effective", "At the same effective step η/(1−β), "),
        ("stability", "At the same share of each one’s largest stable step, "),
    ],
)
def test_what_is_held_is_said_and_theory_keeps_to_it(hold, opening):
    summary = summary_of(TOY.replace(contenders=(0, 0.9), hold=hold))
    assert outcome(summary).sentence.startswith(opening)
    times = np.array(summary.predicted)
    expected = times.max() / times.min()
    said_so = "as the exact law says" if even(expected) else ratio(expected)
    assert said_so in outcome(summary).sentence


def test_sgd_can_be_the_first():
    summary = summary_of(TOY.replace(contenders=(0, 0.9)))
    early, late = summary.escape[1], summary.escape[0]
    swapped = replace(summary, escape=(early, late), predicted=summary.predicted[::-1])
    assert "SGD escapes after" in outcome(swapped).sentence
    assert "faster than Momentum 0.9" in outcome(swapped).sentence


def test_without_noise_there_is_but_one_path():
    text = said(Experiment(landscape="quadratic", noise="none", start=(0, 0.1), paths=1))
    assert "escapes after" in text
    assert "path" not in text


def test_a_dead_heat_is_called_one():
    summary = summary_of(TOY.replace(contenders=(0, 0.9)))
    tied = replace(summary, escape=(summary.escape[1],) * 2)
    assert ", just as fast as Momentum 0.9; the exact law says" in outcome(tied).sentence
    both = outcome(replace(tied, predicted=summary.predicted[[1, 1]]))
    assert ", just as fast as Momentum 0.9, as the exact law says." in both.sentence
    for said_, theory in ((outcome(tied), False), (both, True)):
        assert [merit.value == "even" for merit in said_.merits][:3] == [False, True, theory]
        assert "1.00×" not in said_.sentence


def test_where_theory_is_silent_so_is_the_sentence():
    experiment = Experiment(
        landscape="quadratic", eigenvalues=(1, -0.5, -0.5), noise_sd=(0.1,), steps=2000
    )
    summary = summary_of(experiment)
    assert summary.law_reason
    result = outcome(summary)
    assert "theory" not in result.sentence
    assert result.merits[2].value == "—"
    assert summary.law_reason in result.notes


@pytest.mark.parametrize(
    ("value", "text"),
    [(29637, "≈ 29,600"), (999, "999"), (29600, "29,600"), (1234567, "≈ 1,230,000"), (0, "0")],
)
def test_what_is_rounded_says_so(value, text):
    assert count(value) == text
    assert rounded(value) == text.removeprefix("≈ ")


def test_a_median_between_two_steps_is_exact():
    assert [exact(v) for v in (18.5, 39777, 39777.5, 0)] == ["18.5", "39,777", "39,777.5", "0"]


def test_a_noun_after_one_is_singular():
    assert [f"{n} {plural(n, 'step')}" for n in (0, 1, 1.5, 2)] == [
        "0 steps", "1 step", "1.5 steps", "2 steps",
    ]  # fmt: skip
    text = "after 1 steps, 21 steps, 0.1 steps, 1,001 steps; 1 paths; β = 1 steps"
    assert agreeing(text) == "after 1 step, 21 steps, 0.1 steps, 1,001 steps; 1 path; β = 1 step"


@pytest.mark.parametrize("paths", [1, 5, 64])
@pytest.mark.parametrize("query", ["", "landscape=quadratic&T=6000", "landscape=quadratic&R=0.005"])
def test_every_measured_step_reads_alike_on_every_part_of_the_page(query, paths):
    """The speed-up is the ratio of the two medians that are printed, to the digits printed."""
    experiment = parse_query(query).replace(paths=paths, contenders=(0.0, 0.9))
    summary = summary_of(experiment)
    shown = standings(summary)
    said_ = outcome(summary)
    printed = [float(one.steps.replace(",", "")) for one in shown]
    assert printed == [e.median for e in summary.escape]
    assert said_.merits[0].value in [one.steps for one in shown]
    if min(printed) > 0:
        assert shown[1].gain == f"{ratio(printed[0] / printed[1])}×"
    moment, first = race_moment(summary)
    if paths == 1:
        assert shown[first].steps in race_words(summary, first)
        assert shown[first].steps in summary_text(summary)
    assert "1 steps" not in " ".join([said_.sentence, *said_.notes, summary_text(summary)])
    assert summary.steps[cursor_index(summary)] >= moment


@pytest.mark.parametrize(
    ("value", "text"),
    [(9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (123.4, "123"), (1, "1.00"), (1e4, "10,000")]
)  # fmt: skip
def test_ratios_have_three_digits(value, text):
    assert ratio(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, "0.0123"), (-1.5, "−1.5"), (3.1e-6, "3.1 × 10⁻⁶"), (0, "0"), (1e-7, "10⁻⁷")],
)
def test_numbers(value, text):
    assert number(value) == text


def test_decades():
    assert [power(e) for e in (-3, 0, 1, 12)] == ["10⁻³", "1", "10", "10¹²"]


@pytest.mark.parametrize("query", ["w0=0.3,0.5", "R=1e-6", "R=1e-6&run=0.9"])
def test_a_start_beyond_the_radius_is_said_and_nobody_wins(query):
    seen = outcome(summarise(simulate(parse_query(query))))
    assert "already beyond the escape radius" in seen.sentence
    assert "faster" not in seen.sentence
    assert "has not escaped" not in seen.sentence


@pytest.mark.parametrize("query", ["eta=10", "w0=5,5"])
def test_who_diverges_is_never_called_escaped(query):
    seen = outcome(summarise(simulate(parse_query(query))))
    assert "diverges at step" in seen.sentence
    assert "escapes" not in seen.sentence
