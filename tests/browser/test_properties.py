"""The Properties tab: reached by keyboard and by mouse, it shows what was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.pages import PAGES
from app.state import read, write
from simulation.properties import observe
from tests.browser import hand

SHORT = "eta=0.0005&T=60000"  # the toy, ten times as fast
NUMBERS = """([id, kind]) => {
  const plot = window.saddlescape && saddlescape.graph(id);
  const trace = plot && plot.data && plot.data.find(trace => trace.meta.kind === kind);
  return trace && trace.y && (trace.y.bdata || '');
}"""


def drawn(page: Page, graph: str, kind: str, wanted: str) -> None:
    """Waits until a trace on the screen has exactly these bytes."""
    page.wait_for_function(f"([id, kind, wanted]) => ({NUMBERS})([id, kind]) === wanted",
                           arg=[graph, kind, wanted])  # fmt: skip


def meant(text: str) -> dict[str, dict[str, Any]]:
    """The tab's props for a query, made here."""
    state, repairs = read(text, tuple(PAGES))
    assert not repairs
    return PAGES["properties"].props(state, "light")


def bytes_of(props: dict[str, dict[str, Any]], graph: str, kind: str) -> str:
    figure = props[graph]["figure"]
    found = next(trace for trace in figure["data"] if trace["meta"]["kind"] == kind)
    return str(found["y"]["bdata"])


def holds(page: Page, text: str) -> None:
    props = meant(text)
    for graph in ids.PROPERTY_GRAPHS:
        drawn(page, graph, "curve", bytes_of(props, graph, "curve"))


def opened(page: Page, address: str, query: str = SHORT) -> None:
    hand.visit(page, address, query)
    page.get_by_role("tab", name="Properties").click()
    expect(page.locator(f"#{ids.PROPERTY_TABLE} table")).to_be_visible()
    hand.rest(page)


def test_the_tab_opens_by_keyboard_with_every_panel_drawn(page: Page, address: str) -> None:
    hand.visit(page, address, SHORT)
    page.get_by_role("tab", name="Explore").focus()
    tab = page.get_by_role("tab", name="Properties")
    for _ in range(len(PAGES)):
        if tab.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowRight")
    expect(tab).to_have_attribute("aria-selected", "true")
    hand.rest(page)
    assert "tab=properties" in hand.query(page)
    holds(page, hand.query(page))


def test_a_link_opens_on_the_drawn_tab(page: Page, address: str) -> None:
    page.goto(f"{address}?{SHORT}&tab=properties&eps=0.05")
    holds(page, f"{SHORT}&tab=properties&eps=0.05")
    page.get_by_role("tab", name="Explore").click()
    hand.drawn(page)
    hand.holds(page, hand.meant(f"{SHORT}&eps=0.05"))


def test_epsilon_moves_by_keyboard_and_the_regions_with_it(page: Page, address: str) -> None:
    opened(page, address)
    before = page.locator(f"#{ids.PROPERTY_TABLE}").text_content() or ""
    thumb = hand.thumb(page, "eps")
    thumb.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    hand.rest(page)
    state, _ = read(hand.query(page), tuple(PAGES))
    assert state.epsilon == pytest.approx(0.02 * 10**0.3, rel=0.01)
    expect(page.locator(f"#{ids.field('eps')}")).to_have_value(f"{state.epsilon:g}")
    holds(page, hand.query(page))
    seen = observe(state.experiment, state.epsilon)
    said = page.locator(f"#{ids.PROPERTY_TABLE}").text_content() or ""
    assert said != before
    apag = seen.panels["apag"]
    for failures in apag.failures:
        assert f"{failures}\u202f×" in said
    page.go_back()
    hand.rest(page)
    expect(page.locator(f"#{ids.PROPERTY_TABLE}")).to_have_text(before)


def test_a_row_of_the_table_chooses_the_contender(page: Page, address: str) -> None:
    opened(page, address)
    row = page.locator(f"#{ids.PROPERTY_TABLE} button", has_text="β = 0.5")
    row.focus()
    page.keyboard.press("Enter")
    hand.rest(page)
    assert read(hand.query(page), tuple(PAGES))[0].selected == 2
    holds(page, hand.query(page))
    expect(row).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="SGD").first.click()  # the chip in the rail does the same
    hand.rest(page)
    holds(page, hand.query(page))
    expect(page.locator(f"#{ids.summary(ids.APAG)}")).to_contain_text("SGD")


def test_the_papers_buttons_change_the_problem(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_role("button", name="Phase retrieval (4)").click()
    page.wait_for_function("() => location.search.includes('phase-retrieval')")
    hand.rest(page)
    state, _ = read(hand.query(page), tuple(PAGES))
    assert (state.epsilon, state.horizon) == (1.0, 500)
    holds(page, write(state))
    page.get_by_role("button", name="Toy (3)").click()
    page.wait_for_function("() => !location.search.includes('phase-retrieval')")
    hand.rest(page)
    assert read(hand.query(page), tuple(PAGES))[0].horizon == 300_000


def test_dragging_beta_moves_the_panels_while_the_hand_moves(page: Page, address: str) -> None:
    opened(page, address)
    start = page.evaluate(NUMBERS, [ids.APAG, "curve"])
    hand.drag(page, "beta", (10, 20))
    page.wait_for_function(f"([id, kind, start]) => ({NUMBERS})([id, kind]) !== start",
                           arg=[ids.APAG, "curve", start])  # fmt: skip
    page.mouse.up()
    hand.rest(page)
    holds(page, hand.query(page))


def test_where_nothing_is_asked_the_reader_sees_why(page: Page, address: str) -> None:
    query = "run=0.9,adam&T=5000&tab=properties"
    page.goto(f"{address}?{query}")
    reason = observe(read(query, tuple(PAGES))[0].experiment).panels["cnc"].reasons[1]
    assert "average" in reason
    notes = page.locator(f"#{ids.CNC} .annotation-text")
    expect(notes.filter(has_text="average")).to_be_visible()
    assert np.isnan(observe(read(query)[0].experiment).panels["cnc"].values[1]).all()
