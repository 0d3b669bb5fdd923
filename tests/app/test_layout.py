"""The page is a function of its query: first figures, controls and notices."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from app import ids
from app.components.controls import props
from app.http.live import full_render
from app.layout import page, shell_props
from app.render.answer_body import as_json
from app.state.page_state import read, write
from app.tabs.registry import TAB_MODULES
from simulation.runs import budget
from tests.app.drawn import whole_figures

ROOT = Path(__file__).parents[2]


def by_id(text: str) -> dict[str, Any]:
    return {part.id: part for part in page(text)._traverse() if getattr(part, "id", None)}


def plain(figure: Any) -> str:
    return json.dumps(figure, cls=PlotlyJSONEncoder)


@pytest.mark.parametrize("text", ["T=5000", "T=5000&theme=dark", "landscape=quadratic&N=5&T=900"])
def test_the_first_figures_are_the_true_ones_bit_for_bit(text: str) -> None:
    parts = by_id(text)
    query, theme = parts[ids.QUERY].data, parts[ids.LOOK].data
    true = json.loads(as_json(*full_render(read(query)[0], theme, ())).data)
    for graph, figure in whole_figures(true).items():
        assert json.loads(plain(parts[graph].figure)) == figure
    assert set(true["figures"]) == set(ids.GRAPHS)
    assert parts[ids.LOOKS].data == true["looks"]
    assert parts[ids.MOMENTS].data == true["moments"]


def test_a_good_address_is_canonical_and_has_no_notice() -> None:
    parts = by_id("T=5000&eta=0.00005&sel=4")
    assert parts[ids.QUERY].data == "T=5000"
    assert parts[ids.NOTICE].hidden


def test_what_was_changed_is_said_a_sentence_each() -> None:
    parts = by_id("T=5000&eta=99&nonsense=1")
    assert not parts[ids.NOTICE].hidden
    said = parts[ids.NOTICE_TEXT].children
    assert "eta = “99” → 10" in said
    assert "nonsense" in said
    assert parts[ids.QUERY].data == "eta=10&T=5000"


def test_an_address_over_the_budget_opens_within_it_and_says_so() -> None:
    parts = by_id("T=3000000&N=4096")
    experiment = read(parts[ids.QUERY].data)[0].experiment
    budget.check(experiment)
    assert "budget" in parts[ids.NOTICE_TEXT].children
    assert write(read(parts[ids.QUERY].data)[0]) == parts[ids.QUERY].data


def test_tabs_have_places_of_their_own_and_are_held_independent() -> None:
    orders = [module.ORDER for module in TAB_MODULES.values()]
    assert len(set(orders)) == len(orders)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (independent,) = (c for c in contracts["contracts"] if c["type"] == "independence")
    assert set(independent["modules"]) == {module.__package__ for module in TAB_MODULES.values()}


@pytest.mark.parametrize("tab", TAB_MODULES)
def test_the_props_of_controls_and_shell_are_computed_once_a_page(tab: str) -> None:
    query = f"T=500&seed=7&tab={tab}"
    for function in (props, shell_props):
        function.cache_clear()
        by_id(query)
        assert function.cache_info().misses <= 1
    assert props.cache_info().misses == 1
