"""The Distribution tab: escape times of many paths, counted, beside the law."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.state.page_state import read
from app.tabs.registry import TAB_MODULES
from app.text.numbers import exact
from simulation.results.escape_distribution import distribution
from tests.browser import driver

QUICK = "landscape=quadratic&run=0,0.9&N=64"
KINDS = {ids.HISTOGRAM: ("hump", "law"), ids.CDF: ("curve", "law", "growing")}


def expect_drawn(page: Page, text: str) -> None:
    """Wait until the first trace of each kind on both plots is what the query means."""
    state, repairs = read(text, tuple(TAB_MODULES))
    assert not repairs
    props: dict[str, Any] = TAB_MODULES["distribution"].props(state, "light")
    for graph, kinds in KINDS.items():
        for kind in kinds:
            driver.expect_bytes(page, graph, kind, driver.expected_bytes(props, graph, kind))


def test_the_tab_opens_and_counts_what_was_run(page: Page, address: str) -> None:
    driver.visit(page, address, QUICK)
    page.get_by_role("tab", name="Distribution").click()
    driver.wait_query(page, "tab=distribution")
    expect_drawn(page, driver.query(page))
    table = page.locator(f"#{ids.DISTRIBUTION_TABLE}")
    expect(table.locator("table")).to_be_visible()
    seen = distribution(read(QUICK)[0].experiment)
    for i, escape in enumerate(seen.escape):
        row = table.locator("tbody tr").nth(i)
        expect(row).to_contain_text(f"{escape.escaped}")
        expect(row).to_contain_text(exact(escape.median))
        expect(row).to_contain_text(f"{seen.exact_gap[i]:.3f}")


@pytest.mark.slow
def test_more_paths_by_mouse_and_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}?{QUICK}&tab=distribution")
    expect_drawn(page, f"{QUICK}&tab=distribution")
    header = page.locator(f"#{ids.DISTRIBUTION_TABLE} thead")
    page.get_by_role("button", name="256", exact=True).click()
    driver.wait_query(page, "N=256")
    expect_drawn(page, driver.query(page))
    expect(header).to_contain_text("of 256")
    page.get_by_role("button", name="1,024", exact=True).focus()
    page.keyboard.press("Enter")
    driver.wait_query(page, "N=1024")
    expect_drawn(page, driver.query(page))
    expect(header).to_contain_text("of 1,024")
    expect(page.locator(f"#{ids.summary(ids.HISTOGRAM)}")).to_contain_text("1,024 paths")


def test_the_table_follows_beta(page: Page, address: str) -> None:
    page.goto(f"{address}?{QUICK}&tab=distribution")
    driver.wait_drawn(page)
    table = page.locator(f"#{ids.DISTRIBUTION_TABLE}")
    expect(table).to_contain_text("Momentum 0.9")
    before = table.locator("tbody tr").nth(1).inner_text()
    driver.type_into(page, "beta", "0.7")
    driver.wait_query(page, "run=0,0.7")
    expect(table).to_contain_text("Momentum 0.7")
    expect_drawn(page, driver.query(page))
    seen = distribution(read(driver.query(page), tuple(TAB_MODULES))[0].experiment)
    expect(table.locator("tbody tr").nth(1)).to_contain_text(exact(seen.escape[1].median))
    assert table.locator("tbody tr").nth(1).inner_text() != before


def test_paths_that_have_not_escaped_and_laws_that_fail_are_told(page: Page, address: str) -> None:
    page.goto(f"{address}?{QUICK}&T=2000&tab=distribution")
    expect(page.locator(f"#{ids.DISTRIBUTION_TABLE}")).to_contain_text(
        "have not escaped by T = 2,000"
    )
    page.goto(f"{address}?landscape=monkey&N=32&T=500&tab=distribution")
    expect(page.locator(f"#{ids.CDF} .main-svg").first).to_be_visible()
    reason = distribution(read("landscape=monkey&N=32&T=500")[0].experiment).reasons[0]
    assert reason
    expect(page.locator(f"#{ids.DISTRIBUTION_TABLE}")).to_contain_text(reason)
    expect(page.locator(f"#{ids.HISTOGRAM} .annotation-text").first).to_be_visible()
