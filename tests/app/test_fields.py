"""Every text field reads every way of writing a number, or refuses it in one sentence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import ids
from app.components.controls import props
from app.components.text_field import text_props
from app.server import create_app
from app.state.edits import TEXT_FIELDS, apply, apply_valid
from app.state.page_state import read, write
from app.state.work_budget import clamp_to_budget
from app.tabs.sweep.tab import props as sweep_props
from simulation.landscapes.registry import LANDSCAPES
from simulation.model.experiment import PARAMETERS
from simulation.model.numbers import MINUS_SIGNS, SPACES, format_number
from simulation.presets import PRESETS
from simulation.runs import budget
from tests.marks import every_landscape

BASE = (
    "landscape=quadratic&noise=samples&run=0,boosted:0.9&T=300&N=4&x=eta:1e-4:1:8:log&y=batch:1:9:5"
)
STATE = read(BASE, ("explore", "sweep"))[0]
FORMULA = {"f", "p", "d", *(key for key in TEXT_FIELDS if re.match(r"p\d$", key))}
LISTS = tuple(PARAMETERS[name].key for name in ("eigenvalues", "noise_sd", "tilt"))
WHOLE = {"T", "N", "period", "n", "batch", "seed", "tau", "cellN", "x-cells", "y-cells", "y-low",
         "y-high"}  # fmt: skip
SIGNED = {"eig-escape", "c-escape", "w0-x", "w0-y"}
# A value of each field that is allowed on STATE.
VALUES = {
    "beta": 0.25, "eta": 0.05, "eig-stable": 2.5, "eig-escape": -0.25, "rot": 12.5,
    "sd-stable": 0.05, "sd-escape": 0.25, "c-escape": -0.05, "T": 1200, "N": 12, "R": 0.5,
    "r": 0.25, "period": 1500, "eps": 0.05, "tau": 12000, "budget": 12.5, "n": 12, "batch": 2,
    "seed": 1200000, "w0-x": -0.25, "w0-y": 0.5, "x-low": 0.05, "x-high": 0.5, "x-cells": 12,
    "y-low": 2, "y-high": 20, "y-cells": 3, "cellN": 1200,
}  # fmt: skip


def writings(value: float, whole: bool, signed: bool) -> list[str]:
    """Ways of writing one number."""
    plain = format_number(value)
    mantissa, exponent = f"{value:.6e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    out = [
        plain, f"  {plain} ", f"{mantissa}e{exponent}", f"{mantissa}E{int(exponent):+03}",
        f"{mantissa}×10^{int(exponent)}", f"{mantissa} * 10**{int(exponent)}",
        f"{mantissa}e{exponent}".replace("+", " "), f"{format_number(value * 4)}/4",
        f"{format_number(round(100 * value, 6))} %", f"{format_number(round(100 * value, 6))}%",
    ]  # fmt: skip
    if "." in plain:
        out += [plain.replace(".", ","), plain.replace("0.", ".").replace("0,", ",")]
    if whole:
        out += [f"{int(value):,}", *(f"{int(value):,}".replace(",", mark) for mark in "' _")]
        out += [f"{int(value):,}".replace(",", space) for space in SPACES]
    if signed and value < 0:
        out += [plain.replace("-", minus) for minus in MINUS_SIGNS] + [plain.replace("-", "− ")]
    if value > 0:
        out.append(f"+{plain}")
    return out


def test_the_table_has_every_text_field() -> None:
    assert {*VALUES, *LISTS, *FORMULA} == {*TEXT_FIELDS}
    shown = props(STATE, "light") | sweep_props(STATE, "light")
    fields = {key for key in TEXT_FIELDS if "error" in shown[ids.field(key)]}
    assert fields == {*TEXT_FIELDS}


@pytest.mark.parametrize("key", VALUES)
def test_a_field_reads_a_number_however_it_is_written(key: str) -> None:
    wanted = apply(STATE, {key: format_number(VALUES[key])})
    assert wanted != STATE
    for text in writings(VALUES[key], key in WHOLE, key in SIGNED):
        applied = apply_valid(STATE, {key: text})
        assert not applied.refused, text
        assert applied.state == wanted, text


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("text", [
    "0.5,0.25", "0.5, 0.25", "0.5 0.25", "0,5; 0,25", "50%, 1/4", "5e-1,2.5E-01", "5×10^-1; 25 %",
])  # fmt: skip
def test_a_list_is_read_however_it_is_written(key: str, text: str) -> None:
    wanted = apply(STATE, {key: "0.5,0.25"})
    assert apply_valid(STATE, {key: text}).state == wanted != STATE


REFUSED = ("", "x", "0x10", "1,00,000", "12 34", "nan", "inf", "1/0", "1..2", "5%%", "−", "1e", "²")


@pytest.mark.parametrize("key", [key for key in TEXT_FIELDS if key not in FORMULA])
def test_a_field_refuses_what_is_no_number_in_one_sentence_and_keeps_it(key: str) -> None:
    ambiguous = "1.000" if key in WHOLE else "1,000"
    for text in (*REFUSED, *([] if key in LISTS else [ambiguous])):
        if not text and key == "R":  # the landscape's own radius
            continue
        if text == "12 34" and key in LISTS:
            continue
        applied = apply_valid(STATE, {key: text})
        assert applied.state == STATE, text
        said = str(applied.refused[key])
        assert said.startswith(f"{TEXT_FIELDS[key]} “{text}”")
        assert said.count(".") == 1 + said[:-1].count(".")
        assert "numbers, each" not in said or key in LISTS
    if key not in LISTS:
        assert "can mean 1000 or 1" in str(apply_valid(STATE, {key: ambiguous}).refused[key])


@pytest.mark.parametrize(("eig", "edits", "said"), [
    ("1,-0.1", {"eig-stable": "-5"}, "λ₊ must be above λ₋ = −0.1"),
    ("1,-0.1", {"eig-escape": "5"}, "λ₋ must be below the next eigenvalue, 1"),
    ("1,-0.1,-0.5", {"eig-escape": "-0.05"}, "λ₋ must be below the next eigenvalue, −0.1"),
    ("1,-0.1,-0.5", {"eig-escape": -2.0}, "λ₋ must be below the next eigenvalue, −0.1"),
    ("-0.05,-0.1", {"eig-stable": "-0.2"}, "λ₊ must be above λ₋ = −0.1"),
])  # fmt: skip
def test_an_eigenvalue_that_would_swap_the_two_fields_is_refused(
    eig: str, edits: dict[str, Any], said: str
) -> None:
    state = read(f"landscape=quadratic&eig={eig}")[0]
    applied = apply_valid(state, edits)
    assert applied.state == state
    (error,) = applied.refused.values()
    assert said in str(error)


@pytest.mark.parametrize("key", ["eig-stable", "eig-escape"])
@pytest.mark.parametrize(("landscape", "text", "values"), [
    ("quadratic", "2, -0.5, -0.5", (2.0, -0.5, -0.5)),
    ("toy", "20; −0,5", (20.0, -0.5)),
    ("toy", "20, -0.5", (20.0, -0.5)),
])  # fmt: skip
def test_the_field_of_one_direction_takes_the_list_of_all(
    landscape: str, text: str, values: tuple[float, ...], key: str
) -> None:
    state = read(f"landscape={landscape}")[0]
    assert apply(state, {key: text}).experiment.eigenvalues == values


@pytest.mark.parametrize("text", ["2, -200", "1, 2", "1,x", "1 -2"])
def test_a_list_that_does_not_fit_is_refused_in_one_sentence(text: str) -> None:
    state = read("landscape=toy")[0]
    applied = apply_valid(state, {"eig-stable": text})
    assert applied.state == state
    assert len(applied.refused) == 1


@pytest.mark.parametrize("text", ["-0.05", "−0,05", "0", "3"])
def test_any_other_eigenvalue_is_set_where_it_was_typed(text: str) -> None:
    state = read("landscape=quadratic")[0]
    shown = props(apply(state, {"eig-stable": text}), "light")
    assert float(shown[ids.field("eig-stable")]["value"].replace("−", "-")) == float(
        text.replace(",", ".").replace("−", "-")
    )
    assert shown[ids.field("eig-escape")] == text_props("−0.1")


@pytest.mark.parametrize("landscape", every_landscape())
def test_all_directions_are_listed_where_a_list_has_an_effect(landscape: str) -> None:
    state = read(f"landscape={landscape}")[0]
    used = any(LANDSCAPES[landscape].uses(state.experiment, name)
               for name in ("eigenvalues", "noise_sd", "tilt"))  # fmt: skip
    assert props(state, "light")[ids.LISTS]["hidden"] is not used
    assert props(read("lesson=1")[0], "light")[ids.LISTS]["hidden"]


def test_a_link_that_hides_the_sliders_hides_the_lists() -> None:
    hide = "hide=eig-stable,eig-escape,sd-stable,sd-escape,c-escape"
    assert props(read(f"landscape=quadratic&{hide}")[0], "light")[ids.LISTS]["hidden"]
    assert not props(read("hide=eig-stable")[0], "light")[ids.LISTS]["hidden"]


# A state just within the budget, and an edit of it that exceeds it.
FULL = "landscape=quadratic&noise=samples&T=30000&N=60"
TOO_MUCH = {
    "batch": "1000", "N": "4096", "T": "3e6",
    "eig": "1," * 48 + "-0.1", "add": 1,
}  # fmt: skip


@pytest.mark.parametrize("key", TOO_MUCH)
def test_an_edit_over_the_budget_is_refused_at_its_own_field(key: str) -> None:
    state = read(f"{FULL}&run={','.join(['0.9'] * 7)}&N=120&batch=9")[0]
    if key == "add":
        most = budget.LIVE_BUDGET * state.experiment.paths // budget.work(state.experiment)
        state = apply(state, {"N": str(most)})
    applied = apply_valid(state, {key: TOO_MUCH[key]})
    assert applied.state == state
    said = str(applied.refused[key])
    name = budget.FACTORS[applied.refused[key].field].name
    assert said.startswith(TEXT_FIELDS.get(key, "Optimizers"))
    assert f"times the live budget; lower {name} to " in said
    assert "contender" not in said


def test_samples_over_the_budget_are_refused_at_their_field() -> None:
    state = read("landscape=phase-retrieval&noise=none&N=60")[0]
    applied = apply_valid(state, {"n": "1000"})
    assert "lower samples to " in str(applied.refused["n"])
    assert str(applied.refused["n"]).startswith("Samples “1000”")


@pytest.mark.parametrize(("query", "lowered"), [
    ("batch=1000", ["batch"]), ("N=60", ["N"]), ("T=3000000&N=40", ["N"]),
    ("T=3e6&batch=100", ["T"]), (f"run={','.join(['adam'] * 8)}", ["T"]),
    ("landscape=quadratic&noise=samples&batch=1000", ["batch"]),
])  # fmt: skip
def test_a_link_over_the_budget_lowers_what_it_sets(query: str, lowered: list[str]) -> None:
    state, repairs = clamp_to_budget(read(query)[0])
    budget.check(state.experiment)
    assert [repair.key for repair in repairs] == lowered
    for repair in repairs:
        assert "times the live budget; lower" in str(repair)


def test_another_landscape_over_the_budget_opens_within_it_and_says_so() -> None:
    state = read(f"run={','.join(['adam'] * 8)}&T=1000&N=2")[0]
    heavy = next(i for i, preset in enumerate(PRESETS) if preset.experiment.paths > 1)
    applied = apply_valid(state, {"landscape": "phase-retrieval", "select": 0})
    assert not applied.refused
    assert applied.state.experiment.landscape == "phase-retrieval"
    budget.check(applied.state.experiment)
    assert apply_valid(state, {"preset": heavy}).refused == {}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().server.test_client()


def sent(client: FlaskClient, query: str, **edits: Any) -> dict[str, Any]:
    asked = {"q": query, "edits": json.dumps(edits), "have": "", "hand": "off"}
    return json.loads(client.get("/live", query_string=asked).data)


@pytest.mark.parametrize("key", ["eta", "R", "w0-x", "batch", "eig", "x-low", "y-cells", "cellN"])
def test_a_refused_text_stays_in_its_field_with_its_reason(client: FlaskClient, key: str) -> None:
    query = f"{write(STATE)}&tab=sweep"
    field = ids.field(key)
    refused = sent(client, query, **{key: "x1"})
    said = refused["props"][ids.NOTICE_TEXT]["children"]
    assert refused["props"][field] | text_props("x1", said) == refused["props"][field]
    assert said.startswith(f"{TEXT_FIELDS[key]} “x1”")
    others = [shown for place, shown in refused["props"].items() if place != field]
    assert not any(shown.get("error") for shown in others)
    again = sent(client, refused["query"], seed="5")
    assert again["props"][field]["error"] == ""
    assert again["props"][field]["value"] != "x1"


def test_a_valid_edit_beside_a_refused_one_is_kept(client: FlaskClient) -> None:
    said = sent(client, "landscape=quadratic&T=300&N=4", eta="x", seed="7")
    assert "seed=7" in said["query"]
    assert said["props"][ids.field("eta")]["error"]
