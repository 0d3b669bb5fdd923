"""The Properties tab: reached by keyboard and by mouse, it shows what was measured."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.state.page_state import State, read, write
from app.tabs.registry import TAB_MODULES
from simulation.results.property_panels import observe
from tests.browser import driver

SHORT = "eta=0.0005&T=60000"  # the toy, ten times as fast


def state(page: Page) -> State:
    return read(driver.query(page), tuple(TAB_MODULES))[0]


def expect_drawn(page: Page, text: str) -> None:
    """Wait until the curve of every panel is what the query means."""
    meant, repairs = read(text, tuple(TAB_MODULES))
    assert not repairs
    props = TAB_MODULES["properties"].props(meant, "light")
    for graph in ids.PROPERTY_GRAPHS:
        driver.expect_bytes(page, graph, "curve", driver.expected_bytes(props, graph, "curve"))


def opened(page: Page, address: str) -> None:
    """Open the tab by the mouse."""
    driver.visit(page, address, SHORT)
    page.get_by_role("tab", name="Properties").click()
    driver.wait_query(page, "tab=properties")
    expect_drawn(page, driver.query(page))
    expect(page.locator(f"#{ids.PROPERTY_TABLE} table")).to_be_visible()


def test_the_tab_opens_by_keyboard_with_every_panel_drawn(page: Page, address: str) -> None:
    driver.visit(page, address, SHORT)
    page.get_by_role("tab", name="Explore").focus()
    for name in TAB_MODULES:
        if name == "properties":
            break
        page.keyboard.press("ArrowRight")
    tab = page.get_by_role("tab", name="Properties")
    expect(tab).to_have_attribute("aria-selected", "true")
    driver.wait_query(page, "tab=properties")
    expect_drawn(page, driver.query(page))


def test_a_link_opens_on_the_drawn_tab(page: Page, address: str) -> None:
    page.goto(f"{address}?{SHORT}&tab=properties&eps=0.05")
    expect_drawn(page, f"{SHORT}&tab=properties&eps=0.05")
    page.get_by_role("tab", name="Explore").click()
    driver.wait_drawn(page)
    driver.expect_traces(page, driver.expected_traces(f"{SHORT}&eps=0.05"))


@pytest.mark.slow
def test_epsilon_moves_by_keyboard_and_the_regions_with_it(page: Page, address: str) -> None:
    opened(page, address)
    table = page.locator(f"#{ids.PROPERTY_TABLE}")
    before = table.text_content() or ""
    driver.thumb(page, "eps").focus()
    with driver.changed_query(page):
        for _ in range(30):
            page.keyboard.press("ArrowRight")
    now = state(page)
    assert now.epsilon == pytest.approx(0.02 + 30 * 0.001)  # a key goes on by two digits
    expect(page.locator(f"#{ids.field('eps')}")).to_have_value(f"{now.epsilon:g}")
    expect_drawn(page, driver.query(page))
    expect(table).not_to_have_text(before)
    for failures in observe(now.experiment, now.epsilon).panels["apag"].failures:
        expect(table).to_contain_text(f"{failures}\u202f×")
    page.go_back()
    expect(table).to_have_text(before)


def test_a_row_of_the_table_chooses_the_contender(page: Page, address: str) -> None:
    opened(page, address)
    row = page.locator(f"#{ids.PROPERTY_TABLE} button", has_text="Momentum 0.5")
    row.focus()
    with driver.changed_query(page):
        page.keyboard.press("Enter")
    assert state(page).selected == 2
    expect_drawn(page, driver.query(page))
    expect(row).to_have_attribute("aria-pressed", "true")
    with driver.changed_query(page):  # the chip in the rail does the same
        page.get_by_role("button", name="SGD").first.click()
    expect_drawn(page, driver.query(page))
    expect(page.locator(f"#{ids.summary(ids.APAG)}")).to_contain_text("SGD")


@pytest.mark.slow
def test_the_papers_buttons_change_the_problem(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_role("button", name="Phase retrieval (4)").click()
    driver.wait_query(page, "phase-retrieval")
    now = state(page)
    assert (now.epsilon, now.horizon) == (1.0, 500)
    expect_drawn(page, write(now))
    with driver.changed_query(page):
        page.get_by_role("button", name="Toy (3)").click()
    assert "phase-retrieval" not in driver.query(page)
    assert state(page).horizon == 300_000


def test_dragging_beta_moves_the_panels_during_the_drag(page: Page, address: str) -> None:
    opened(page, address)
    start = page.evaluate("which => probe.bytes(which)", [ids.APAG, "curve"])
    driver.drag(page, "beta", (10, 20))
    page.wait_for_function("was => !probe.hasBytes(was)", arg=[ids.APAG, "curve", start])
    driver.release(page)
    expect_drawn(page, driver.query(page))


def test_where_nothing_is_measured_the_reader_sees_why(page: Page, address: str) -> None:
    query = "run=0.9,adam&T=5000&tab=properties"
    page.goto(f"{address}?{query}")
    reason = observe(read(query, tuple(TAB_MODULES))[0].experiment).panels["cnc"].reasons[1]
    assert "average" in reason
    notes = page.locator(f"#{ids.CNC} .annotation-text")
    expect(notes.filter(has_text="average")).to_be_visible()
    assert np.isnan(observe(read(query)[0].experiment).panels["cnc"].values[1]).all()
