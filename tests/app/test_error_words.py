"""Every error is one sentence in the page's words, without Python's notation."""

from __future__ import annotations

import io
import math
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from flask.testing import FlaskClient

from app.cli.group import main
from app.server import create_app
from app.state.edits import EDITS, apply_valid
from app.state.page_state import State, read
from app.state.view import VIEW_KEYS
from app.tabs.registry import TAB_MODULES
from simulation.landscapes.registry import LANDSCAPES
from simulation.model.contenders import Contender
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.model.parameters import ParameterError, value_text
from simulation.runs.budget import check
from simulation.theory.guidance import guidance, noise_cap

TABS = tuple(TAB_MODULES)
WRONG = (
    None, True, False, math.nan, math.inf, -math.inf, 10**30, 10**5000, 1e300, -1e9, 1.5, "", "x",
    "1,000", "0,05", "0,06,1", "nothing here", "toys", (), (1.0, 2.0), (1.0, math.nan), [math.inf],
    (0.1,) * 60, [None, True], {"a": 1}, np.float64("nan"), np.array([1.0, math.inf]), object(),
    Contender("adam"), (Contender(), "newton"), ["adam:x"], b"bytes", 1j,
)  # fmt: skip
QUOTED = re.compile(r"“[^”]*”")  # what was given, and what a number can mean
PYTHON = re.compile(
    r"(?<!\w)['\"]|['\"](?!\w)|\(\d|\[|\]|\{|\}|=\s*'|\b(?:None|True|False|nan|inf|tuple|object|"
    r"dtype|array|float64|Contender|Experiment)\b|\b\w+_\w+\b|0x[0-9a-f]{4}|linear-net"
)


def check_words(sentence: str, given: Any = "", keys: bool = False) -> None:
    """Fail on a mark of Python; keys: whether the sentence lists what a link takes."""
    assert sentence.endswith(".")
    assert "\n" not in sentence
    quoted = not isinstance(given, str)  # typed text is quoted as it was typed
    text = sentence if quoted else QUOTED.sub("", sentence)
    found = PYTHON.search(text.replace("linear-net", "") if keys else text)
    assert not found, (found, sentence)


def refusal(make: Any) -> str:
    try:
        make()
    except ParameterError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("landscape", ["toy", "linear-net"])
def test_no_value_of_a_parameter_is_refused_in_python(name: str, landscape: str) -> None:
    said = 0
    for given in WRONG:
        fields = {"landscape": landscape} | {name: given}
        if sentence := refusal(lambda fields=fields: Experiment(**fields)):
            said += 1
            check_words(sentence, given, keys=name == "landscape")
    assert said > 5


@pytest.mark.parametrize("key", sorted(EDITS))
def test_no_edit_is_refused_in_python(key: str) -> None:
    for given in (g for g in WRONG if isinstance(g, str | float | bool | list | dict | None)):
        for sentence in map(str, apply_valid(State(), {key: given}).refused.values()):
            check_words(sentence, given, keys=key == "landscape")


@pytest.mark.parametrize("key", [*(p.key for p in PARAMETERS.values()), *VIEW_KEYS])
def test_no_address_is_repaired_in_python(key: str) -> None:
    for given in (g for g in WRONG if isinstance(g, str)):
        for landscape in LANDSCAPES:
            first = "" if key == "landscape" else f"landscape={landscape}&"
            for repair in read(f"{first}{key}={quote(given)}", TABS)[1]:
                check_words(f"{repair.why}.", keys=key == "landscape")


@pytest.mark.parametrize(("value", "text"), [
    (0.1, "0.1"), (1000, "1,000"), (1e-5, "1e-5"), ((1.0, -0.1), "1, -0.1"), (None, "nothing"),
    (True, "true"), (math.inf, "infinite"), (-math.inf, "-infinite"), (math.nan, "not a number"),
    (10**400, "infinite"), (np.int64(5), "5"), (np.array([0.5]), "0.5"), ("0,5", "0,5"),
    (Contender("adam"), "adam"), ([], ""), ({}, "a value of another kind"),
])  # fmt: skip
def test_a_value_is_shown_in_words(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_an_error_of_the_budget_and_of_the_theory_is_in_words() -> None:
    check_words(refusal(lambda: check(Experiment(paths=4096, steps=3_000_000))), None)
    check_words(refusal(lambda: check(Experiment(contenders=["adam"] * 8, paths=90))), None)
    check_words(refusal(lambda: guidance([0.1, -math.inf])), None)
    check_words(refusal(lambda: noise_cap(math.nan)), None)


FAULTS = (
    "eta=inf", "eig=1,0.1", "landscape=linear-net&eig=-1", "w0=1,2,3", "run=newton", "R=x",
    "sd=0,05", "hold=stability&run=adam", "seed=1e99", "landscape=monkey&eig=1,2",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().server.test_client()


@pytest.mark.parametrize("query", FAULTS)
def test_command_and_api_say_the_same_sentence(client: FlaskClient, query: str) -> None:
    said = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(said):
        assert main(["run", query]) == 2
    answer = client.get(f"/api/v1/run?{query}")
    assert answer.status_code == 400
    assert answer.json["error"] == said.getvalue().strip()
    check_words(answer.json["error"])
    for part in ("value", "allowed", "field"):
        assert answer.json[part]
