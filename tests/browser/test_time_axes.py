"""The time axis: t, log t, t/(1 − β), chosen by mouse or keyboard, kept in the address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from tests.browser import driver

SHORT = "T=60000&run=0,0.9&eta=0.0005"


def types(page: Page) -> list[str]:
    found: list[str] = page.evaluate("probe.timeGraphs().map(probe.axisType)")
    return found


def labels(page: Page) -> list[str]:
    found: list[str] = page.evaluate("probe.timeGraphs().map(probe.axisLabel)")
    return found


def choose(page: Page, label: str) -> None:
    page.locator(f"#{ids.field('axes')}").get_by_text(label, exact=True).click()


@pytest.mark.slow
def test_the_switch_redraws_all_time_plots_and_travels(page: Page, address: str) -> None:
    driver.visit(page, address, SHORT)
    assert types(page) == ["linear"] * 3
    choose(page, "log t")
    driver.wait_query(page, "axes=log")
    assert types(page) == ["log"] * 3
    choose(page, "t/(1−β)")
    driver.wait_query(page, "axes=scaled")
    driver.expect_query_drawn(page)
    assert types(page) == ["linear"] * 3
    assert all("1−β" in label for label in labels(page))
    page.reload()
    driver.wait_drawn(page)
    driver.expect_query_drawn(page)
    assert all("1−β" in label for label in labels(page))
    page.go_back()
    driver.wait_query(page, "axes=log")
    driver.expect_query_drawn(page)


def test_by_keyboard_and_a_drag_goes_on_in_the_chosen_axes(page: Page, address: str) -> None:
    driver.visit(page, address, SHORT)
    switch = page.locator(f"#{ids.field('axes')}")
    switch.locator("input:checked").focus()
    expect(switch.locator("input:checked")).to_have_value("auto")
    page.keyboard.press("ArrowRight")
    driver.wait_query(page, "axes=linear")
    page.keyboard.press("ArrowRight")
    driver.wait_query(page, "axes=log")
    page.keyboard.press("ArrowRight")
    driver.wait_query(page, "axes=scaled")
    driver.expect_query_drawn(page)
    expect(switch.locator("input:checked")).to_have_value("scaled")
    driver.drag(page, "beta", (4, 8))
    assert all("1−β" in label for label in labels(page))
    driver.release(page)
    assert "axes=scaled" in driver.query(page)
    driver.expect_query_drawn(page)
