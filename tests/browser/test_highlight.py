"""Hiding and highlighting optimizers: what is seen of each in every plot, without a request."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from tests.browser import driver
from tests.marks import breadth

RACE = "run=0,0.9,nesterov:0.9&T=20000&N=4"
SHOWN = "visible 1"
FADED = "visible 0.12"
HIDDEN = "hidden 1"
TABS = {
    "Choose β": ids.CHOOSE_TIME,
    "Properties": ids.CNC,
    "Distribution": ids.CDF,
}


def seen(page: Page, graphs: tuple[str, ...] = ids.GRAPHS) -> dict[str, list[list[str]]]:
    """Return graph id → for each optimizer, the distinct looks of what is drawn of it."""
    return {graph: page.evaluate("id => probe.looks(id)", graph) for graph in graphs}


def expect_looks(page: Page, *wanted: str, graphs: tuple[str, ...] = ids.GRAPHS) -> None:
    for graph in graphs:
        page.wait_for_function(
            "([id, wanted]) => JSON.stringify(probe.looks(id)) === JSON.stringify(wanted)",
            arg=[graph, [[look] for look in wanted]],
        )


def hide(page: Page, place: int) -> None:
    """Click on the name of an optimizer's tile."""
    page.locator(f"#{ids.RACE} .standing .who").nth(place).click()


def test_pointing_at_a_tile_or_chip_fades_the_others(page: Page, address: str) -> None:
    driver.visit(page, address, RACE)
    page.locator(f"#{ids.RACE} .standing").nth(1).hover()
    expect_looks(page, FADED, SHOWN, FADED)
    page.locator(f"#{ids.chip(2)}").hover()
    expect_looks(page, FADED, FADED, SHOWN)
    page.mouse.move(700, 5)
    expect(page.locator("html")).not_to_have_attribute("data-highlighted", "2")
    assert seen(page) == {graph: [[SHOWN]] * 3 for graph in ids.GRAPHS}


def test_an_optimizer_is_hidden_in_every_plot_without_a_request(
    page: Page, address: str, requests: list[str]
) -> None:
    driver.visit(page, address, RACE)
    before, asked = driver.query(page), len(requests)
    hide(page, 1)
    page.mouse.move(700, 5)
    expect_looks(page, SHOWN, HIDDEN, SHOWN)
    assert driver.query(page) == before
    assert len(requests) == asked
    driver.type_into(page, "eta", "0.02")  # everything is drawn again
    driver.wait_query(page, "eta=0.02")
    expect_looks(page, SHOWN, HIDDEN, SHOWN)
    hide(page, 1)
    page.mouse.move(700, 5)
    assert seen(page) == {graph: [[SHOWN]] * 3 for graph in ids.GRAPHS}


def test_a_chip_hides_by_its_line_and_by_key_and_is_not_chosen_by_that(
    page: Page, address: str
) -> None:
    driver.visit(page, address, RACE)
    chip = page.locator(f"#{ids.chip(0)}")
    chip.click(position={"x": 14, "y": 10})
    page.mouse.move(700, 5)
    expect_looks(page, HIDDEN, SHOWN, SHOWN)
    expect(chip).to_have_attribute("aria-pressed", "false")
    expect(chip).to_have_attribute("aria-description", "hidden in the plots")
    chip.focus()
    page.keyboard.press("h")
    expect_looks(page, SHOWN, SHOWN, SHOWN)
    page.keyboard.press("Tab")
    expect_looks(page, FADED, SHOWN, FADED)
    page.keyboard.press("h")
    page.keyboard.press("Shift+Tab")
    page.locator(f"#{ids.chip(1)}").blur()
    chip.blur()
    expect_looks(page, SHOWN, HIDDEN, SHOWN)


def test_a_removed_optimizer_leaves_none_hidden(page: Page, address: str) -> None:
    driver.visit(page, address, RACE)
    hide(page, 1)
    page.locator(f"#{ids.chip(0)}").click(position={"x": 40, "y": 10})
    with driver.changed_query(page):
        page.locator(f"#{ids.CHIP_REMOVE}").click()
    page.mouse.move(700, 5)
    expect_looks(page, SHOWN, SHOWN)


@pytest.mark.parametrize("name", breadth(TABS, ["Distribution"]))
def test_a_tab_opened_later_hides_it_too(page: Page, address: str, name: str) -> None:
    driver.visit(page, address, RACE)
    hide(page, 1)
    page.get_by_role("tab", name=name).click()
    page.mouse.move(700, 5)
    page.wait_for_function(
        "id => probe.hasAxes(id) && probe.looks(id)[1]?.every(look => look.startsWith('hidden'))",
        arg=TABS[name],
    )
    assert page.evaluate("id => probe.looks(id)[0].some(look => look.startsWith('visible'))",
                         TABS[name])  # fmt: skip
