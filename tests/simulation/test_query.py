"""The URL grammar: one text per experiment; any text gives a valid experiment."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.model.contenders import Contender
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.formula_parameters import FormulaText, NamedNumbers
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.model.numbers import format_number
from simulation.model.parameters import (
    Choice,
    Integer,
    Number,
    Numbers,
    ParameterError,
    value_text,
)
from simulation.model.query import format_query, parse_query, repair_query
from simulation.rules import RULES
from tests.cases import cases

FORMULAS = ["x^2-y^2", "a*x^2+x^4-y^2*b1", "sum(w_i^4-w_i^2)", "sin(x)*cos(y)+0.1*(x^2+y^2)"]
FINITE = {"allow_nan": False, "allow_infinity": False}


def values_of(name: str) -> st.SearchStrategy:
    parameter = PARAMETERS[name]
    if isinstance(parameter, Number):
        numbers = st.floats(parameter.low, parameter.high, **FINITE)
        return st.none() | numbers if parameter.optional else numbers
    if isinstance(parameter, Integer):
        return st.integers(parameter.low, parameter.high)
    if isinstance(parameter, Choice):
        return st.sampled_from(parameter.choices)
    if isinstance(parameter, Numbers):
        numbers = st.floats(parameter.low, parameter.high, **FINITE)
        longest = 2 if parameter.optional else parameter.longest
        lists = st.lists(numbers, min_size=parameter.shortest, max_size=longest)
        return st.none() | lists if parameter.optional else lists
    if isinstance(parameter, FormulaText | NamedNumbers):
        return st.sampled_from(FORMULAS if isinstance(parameter, FormulaText) else [()])
    contender = st.builds(Contender, st.sampled_from(list(RULES)), st.floats(0, 0.9999, **FINITE))
    return st.lists(contender, min_size=1, max_size=8)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    landscape = draw(st.sampled_from(list(LANDSCAPE_DEFAULTS)))
    fields = draw(
        st.fixed_dictionaries(
            {}, optional={name: values_of(name) for name in PARAMETERS if name != "landscape"}
        )
    )
    needs = LANDSCAPE_DEFAULTS[landscape]
    low, high = needs.get("eigenvalue_count", (2, 50))
    if needs.get("eigenvalues_fixed"):
        fields.pop("eigenvalues", None)
    if "eigenvalues" in fields:
        eigenvalues = (fields["eigenvalues"] * low)[:high]
        if needs.get("eigenvalue_sign") == "positive":
            eigenvalues = [abs(v) or 1.0 for v in eigenvalues]
        if needs.get("eigenvalue_sign") == "one negative":
            eigenvalues[-1] = -abs(eigenvalues[-1] / 100 or 0.1)
        fields["eigenvalues"] = [float(f"{v:.3g}") for v in eigenvalues]
        eigenvalue_range = PARAMETERS["eigenvalues"]
        fields["eigenvalues"] = [max(eigenvalue_range.low, v) for v in fields["eigenvalues"]]
    fields.pop("near", None)  # as long as the formula has weights: test_formula_landscape
    if any(RULES[c.rule].stable is None for c in fields.get("contenders", ())):
        fields["hold"] = "step"
    return Experiment(landscape=landscape, **fields)


@pytest.mark.long
@given(experiments())
@settings(max_examples=cases(3))
def test_an_experiment_survives_the_url_exactly(experiment):
    text = format_query(experiment)
    assert parse_query(text) == experiment
    assert format_query(parse_query(text)) == text


@pytest.mark.long
@given(experiments(), st.sampled_from(list(PARAMETERS)))
@settings(max_examples=cases(2))
def test_one_experiment_has_one_text(experiment, name):
    again = experiment.replace(**{name: getattr(experiment, name)})
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert format_query(again) == format_query(experiment)


def test_the_default_experiment_has_an_empty_query():
    assert format_query(Experiment()) == ""


@pytest.mark.long
@given(experiments())
@settings(max_examples=cases(2))
def test_every_link_fits_in_2000_characters(experiment):
    assert len("/?" + format_query(experiment)) <= 2000


def test_the_longest_link_fits_in_2000_characters():
    awkward = [-0.0123456789012345678 * (1 + i / 51) for i in range(50)]
    experiment = Experiment(
        landscape="quadratic",
        eigenvalues=awkward,
        noise_sd=[abs(v) for v in awkward],
        tilt=awkward,
        rotation=0.1 + 0.2,
        contenders=[Contender("boosted", 0.12345678901234567)] * 8,
        step_size=1.2345678901234567e-7,
        start=(-1.2345678901234567, -9.876543210987654),
        hold="effective",
        noise="samples",
        samples=999,
        batch=999,
        steps=2_999_999,
        paths=4095,
        radius=1.2345678901234567e-6,
        boost=1.2345678901234567e-7,
        period=2_999_999,
        seed=2**32 - 1,
    )
    text = format_query(experiment)
    assert len("/?" + text) <= 1900  # the page's own keys need room too
    assert parse_query(text) == experiment


KEYS = st.sampled_from([p.key for p in PARAMETERS.values()]) | st.text(max_size=8)
TEXTS = (
    st.text(max_size=30)
    | st.floats().map(str)
    | st.lists(st.floats().map(str), max_size=60).map(",".join)
    | st.sampled_from(["", "nan", "inf", "-inf", "1e999", "0x10", "1_000", "٣"])
    | st.sampled_from(["%", "run", "adam:"])
)


@pytest.mark.long
@given(st.lists(st.tuples(KEYS, TEXTS), max_size=12))
@settings(max_examples=cases(5))
def test_any_query_gives_a_valid_experiment_and_says_what_it_changed(pairs):
    text = "&".join(f"{key}={value}" for key, value in pairs)
    experiment, repairs = repair_query(text)
    assert parse_query(format_query(experiment)) == experiment
    for repair in repairs:
        assert str(repair).strip()
        assert "\n" not in repair.why


@given(st.text(max_size=200))
@settings(max_examples=cases(3))
def test_any_text_gives_a_valid_experiment(text):
    experiment, _ = repair_query(text)
    assert parse_query(format_query(experiment)) == experiment


@pytest.mark.parametrize(
    ("text", "key", "used"),
    [
        ("eta=99", "eta", "10"),
        ("eta=x", "eta", "5e-5"),
        ("landscape=quadratic&eta=x", "eta", "0.01"),
        ("run=0,1", "run", "0,0.9999"),
        ("T=1e99", "T", "3000000"),
        ("N=0", "N", "1"),
        ("eig=1,1", "eig", "1,-0.1"),
        ("seed=-1", "seed", "0"),
        ("colour=red", "colour", "nothing"),
        ("eta=1&eta=2", "eta", "1"),
        ("v=7", "v", "1"),
    ],
)
def test_a_bad_value_is_repaired_to_the_nearest_and_said(text, key, used):
    _, repairs = repair_query(text)
    assert [(r.key, r.used) for r in repairs] == [(key, used)]


def test_the_pages_own_keys_are_passed_over():
    assert repair_query("theme=dark&eta=1e-3", known={"theme"})[1] == []


@pytest.mark.parametrize(
    ("fields", "field", "allowed"),
    [
        ({"step_size": 11}, "step_size", "from 1e-7 to 10"),
        ({"step_size": math.nan}, "step_size", "from 1e-7 to 10"),
        ({"steps": 10.5}, "steps", "whole number"),
        ({"contenders": ["0.9", "newton"]}, "contenders", "a list of 1 to 8 optimizers"),
        ({"contenders": [1.0]}, "contenders", "from 0 to 0.9999"),
        ({"eigenvalues": (1.0, 2.0)}, "eigenvalues", "at least one number below zero"),
        ({"eigenvalues": "1,2"}, "eigenvalues", "1 to 50 numbers"),
        ({"noise": "pink"}, "noise", "gaussian, samples, none"),
        ({"seed": -1}, "seed", "whole number"),
    ],
)
def test_an_error_names_field_value_and_range(fields, field, allowed):
    with pytest.raises(ParameterError) as caught:
        Experiment(**fields)
    assert caught.value.field == field
    assert allowed in caught.value.allowed
    assert f"“{value_text(next(iter(fields.values())))}”" in str(caught.value)


@given(st.floats(**FINITE))
def test_numbers_are_written_in_shortest_round_trip_form(value):
    text = format_number(value)
    assert float(text) == value
    assert len(text) <= len(repr(value))


# Links that were published: what they must mean, for ever.
PUBLISHED = {
    "": Experiment(),
    "run=0,0.9": Experiment(contenders=["0", "0.9"]),
    "run=rmsprop,rmsprop:0.5": Experiment(
        contenders=[Contender("rmsprop", 0.0), Contender("rmsprop", 0.5)]
    ),
    "v=1&run=0,0.9,nesterov:0.9,adam&eta=1e-4&seed=7": Experiment(
        contenders=["0", "0.9", "nesterov:0.9", "adam"], step_size=1e-4, seed=7
    ),
    "landscape=quadratic&eig=1,-0.1&rot=30&eta=0.01&sd=0.1&T=1000&N=16": Experiment(
        landscape="quadratic", eigenvalues=(1, -0.1), rotation=30, step_size=0.01,
        noise_sd=(0.1,), steps=1000, paths=16,
    ),
    "eig=1,-0.1&noise=gaussian&sd=0.3,0.03&c=0,0.01&w0=0.1,0&R=0.3&hold=effective": Experiment(
        noise="gaussian", noise_sd=(0.3, 0.03), tilt=(0, 0.01), start=(0.1, 0), radius=0.3,
        hold="effective",
    ),
    "run=boosted:0.9&r=0.01&period=500&n=20&batch=2": Experiment(
        contenders=["boosted:0.9"], boost=0.01, period=500, samples=20, batch=2
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_links_keep_their_meaning(text):
    assert parse_query(text) == PUBLISHED[text]
