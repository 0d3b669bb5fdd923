"""Random requests, hostile ones among them; ten thousand are in benchmarks/fuzz."""

from __future__ import annotations

import json
from random import Random
from urllib.parse import quote

import dash
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.components.tab_guard import BROKEN
from app.server import create_app
from app.settings import Settings
from tests.app.callback_bodies import CALLBACK
from tests.app.hostile import KEYS, PATHS, TEXTS, bodies, edits, queries
from tests.cases import cases
from tests.simulation.formula_cases import written

FUZZ = hypothesis_settings(max_examples=cases(0.5), suppress_health_check=list(HealthCheck))
APP: dash.Dash = create_app(Settings())


@FUZZ
@given(st.sampled_from([*PATHS, ""]) | TEXTS.map(lambda t: "/" + t), queries())
def test_no_address_is_a_fault(path: str, pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{q(key)}={q(value)}" for key, value in pairs)
    response = APP.server.test_client().get(f"{q(path, '/')}?{text}")
    assert response.status_code < 500


@pytest.mark.long
@FUZZ
@given(queries())
def test_every_query_opens_the_page(pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{q(key)}={q(value)}" for key, value in pairs if key in KEYS)
    for path in ("/", "/_dash-layout"):
        assert APP.server.test_client().get(f"{path}?{text}").status_code == 200


@FUZZ
@given(queries(), edits())
def test_no_edit_is_a_fault(pairs: list[tuple[str, str]], said: str) -> None:
    text = "&".join(f"{q(key)}={q(value)}" for key, value in pairs)
    response = APP.server.test_client().get(f"/live?q={q(text)}&edits={q(said)}&have=")
    assert response.status_code < 500
    if response.status_code != 200:
        assert response.text.count("\n") <= 1


@hypothesis_settings(FUZZ, max_examples=cases(0.2))
@given(st.integers(0, 2**32))
def test_no_typed_formula_is_a_fault(seed: int) -> None:
    """Ten thousand are in benchmarks/fuzz_formulas."""
    text = quote(json.dumps({"f": written(Random(seed))}))
    query = quote("landscape=formula&T=20&N=1")
    response = APP.server.test_client().get(f"/live?q={query}&edits={text}&have=&hand=off")
    assert response.status_code == 200
    assert BROKEN not in response.text


@FUZZ
@given(bodies(dict(APP.callback_map)))
def test_no_body_is_a_fault(body: bytes) -> None:
    response = APP.server.test_client().post(CALLBACK, data=body, content_type="application/json")
    assert response.status_code < 500
    if response.status_code == 200:
        json.loads(response.text)


def q(text: str, safe: str = "") -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)
