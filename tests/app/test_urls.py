"""Addresses that nobody should send: each opens a page with an experiment on it."""

from __future__ import annotations

import json
from functools import cache

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import ids
from app.server import create_app
from app.state.page_state import read, write
from app.tabs.registry import TAB_MODULES
from simulation.model.experiment import PARAMETERS
from tests.cases import cases

pytestmark = pytest.mark.long

KEYS = st.sampled_from([p.key for p in PARAMETERS.values()] + ["tab", "sel", "theme", "v", "look"])
NUMBERS = st.floats().map(str) | st.integers().map(str)
VALUES = (
    st.text(max_size=40)
    | NUMBERS
    | st.lists(NUMBERS, max_size=60).map(",".join)
    | st.sampled_from(["nan", "inf", "-inf", "1e999", "", "9" * 400, "\x00", "é🐴", "adam", "dark"])
)
PAIRS = st.lists(st.tuples(KEYS | st.text(max_size=12), VALUES), max_size=8)
# Little work, unless the address itself asks for more: the engine is not what is tested here.
QUICK = [("T", "300")]


@cache
def client() -> FlaskClient:
    return create_app().server.test_client()


@settings(max_examples=cases(1), suppress_health_check=list(HealthCheck))
@given(PAIRS)
@example([("n", "257"), ("batch", "2")])  # more samples than a block has steps
def test_any_address_answers_with_an_experiment(pairs: list[tuple[str, str]]) -> None:
    clean = [(k, v.encode("utf-8", "replace").decode()) for k, v in QUICK + pairs]
    page = client().get("/", query_string=clean)
    layout = client().get("/_dash-layout", query_string=clean)
    assert page.status_code == layout.status_code == 200
    parts = {part["id"]: part for part in found(json.loads(layout.data)) if "id" in part}
    shown = parts[ids.QUERY]["data"]
    state, repairs = read(shown, tuple(TAB_MODULES))
    assert not repairs
    assert write(state) == shown
    for graph in ids.GRAPHS:
        assert parts[graph]["figure"]["data"]


def found(tree: object) -> list[dict]:
    """The props of every component in a layout."""
    if isinstance(tree, list):
        return [part for child in tree for part in found(child)]
    if isinstance(tree, dict) and "props" in tree:
        return [tree["props"], *found(tree["props"].get("children"))]
    return []
