"""The page: chips, presets, themes, notices, tabs; test_layout.py says where everything is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app import ids
from app.state.page_state import read
from app.tabs.registry import LAZY, TAB_MODULES
from simulation.presets import PRESETS
from tests.browser import driver
from tests.marks import breadth

# The controls on the page that lie under an element.
COVERED = """id => {
  const over = document.getElementById(id).getBoundingClientRect();
  const controls = 'button, input, select, a, [role=slider], [role=tab]';
  return [...document.querySelectorAll(controls)]
    .filter(part => !part.closest('#' + id) && !part.closest('.modebar') && part.checkVisibility())
    .filter(part => {
      const box = part.getBoundingClientRect();
      return box.width && box.left < over.right && box.right > over.left &&
             box.top < over.bottom && box.bottom > over.top;
    }).map(part => part.id || part.className || part.textContent);
}"""


def test_chips_choose_add_change_and_remove_contenders(page: Page, address: str) -> None:
    driver.visit(page, address, "run=0,0.9&T=20000")
    field = page.locator(f"#{ids.field('beta')}")
    page.locator(f"#{ids.chip(0)}").click()
    expect(field).to_have_value("0")
    page.locator(f"#{ids.CHIP_ADD}").click()
    expect(page.locator(f"#{ids.chip(2)}")).to_have_text("Momentum 0.99")
    driver.wait_settled(page)
    page.locator(f"#{ids.field('rule')}").click()
    page.get_by_role("option", name="Nesterov").click()
    driver.wait_query(page, "nesterov:0.99")
    driver.expect_query_drawn(page)
    page.locator(f"#{ids.CHIP_REMOVE}").click()
    page.wait_for_url(re.compile(r"run=0,0\.9&T=20000"))
    expect(page.locator(f"#{ids.chip(2)}")).to_be_hidden()


def test_a_preset_is_one_click_away_and_back_undoes_it(page: Page, address: str) -> None:
    driver.visit(page, address, "eta=1e-4&T=20000")
    page.get_by_role("button", name="Experiments").click()
    page.locator(f"#{ids.preset(0)}").click()
    page.wait_for_url(address)
    driver.wait_settled(page)
    driver.expect_traces(page, driver.expected_traces(""))
    assert read("")[0].experiment == PRESETS[0].experiment
    page.go_back()
    driver.wait_query(page, "eta=0.0001")
    driver.expect_traces(page, driver.expected_traces("eta=0.0001&T=20000"))


@pytest.mark.parametrize("size", breadth([(1280, 720), (390, 844)], [(390, 844)]))
def test_every_experiment_of_the_menu_can_be_reached(
    page: Page, address: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    driver.visit(page, address, "T=500")
    page.get_by_role("button", name="Experiments").click()
    last = page.locator(f"#{ids.preset(len(PRESETS) - 1)}")
    expect(last).to_be_visible()
    menu = page.get_by_role("menu").bounding_box()
    assert menu
    assert menu["y"] >= 0 and menu["y"] + menu["height"] <= size[1]  # noqa: PT018
    last.click()
    page.wait_for_url(re.compile("linear-net"))


def test_another_seed_is_another_run(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000")
    page.locator(f"#{ids.DICE}").click()
    driver.wait_query(page, "seed=")
    driver.expect_query_drawn(page)


def test_a_theme_is_remembered_and_travels_with_the_link(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitem", name="Dark").click()
    driver.wait_query(page, "theme=dark")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    driver.visit(page, address, "T=20000")
    expect(root).to_have_attribute("data-theme", "dark")
    driver.visit(page, address, "T=20000&theme=light")
    expect(root).to_have_attribute("data-theme", "light")


def test_the_first_theme_is_the_systems(browser: Browser, address: str) -> None:
    """A first load: nothing is stored, and the system prefers dark."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}?T=20000")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    context.close()


def test_what_was_changed_of_an_address_is_said_and_can_be_dismissed(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "T=20000&eta=99&pink=1")
    notice = page.locator(f"#{ids.NOTICE}")
    expect(notice).to_contain_text("eta = “99” → 10")
    expect(notice).to_contain_text("pink")
    assert driver.query(page) == "eta=10&T=20000"
    page.locator(f"#{ids.NOTICE_CLOSE}").click()
    expect(notice).to_be_hidden()


@pytest.mark.parametrize("place", breadth(TAB_MODULES, ["sweep"]))
def test_a_notice_covers_no_control(page: Page, address: str, place: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{address}?landscape=quadratic&run=0.9&T=50&N=1e6&sd=1,2,3&tab={place}")
    page.wait_for_url(re.compile(r"sd=1,2&.*N=4096"))  # the address says what is drawn
    expect(page.locator(f"#{ids.NOTICE}")).to_contain_text("2 eigen-directions")
    assert page.evaluate(COVERED, ids.NOTICE) == []


def test_a_tab_is_built_when_it_is_first_opened_and_stays(page: Page, address: str) -> None:
    driver.visit(page, address, "N=4&landscape=quadratic")
    plots = [f"#{graph} .main-svg" for tab in LAZY for graph in TAB_MODULES[tab].PLOTS]
    assert not any(page.locator(plot).count() for plot in plots)
    page.get_by_role("tab", name="Choose β").click()
    built = page.locator(f"#{ids.CHOOSE_GRAPHS[0]} .main-svg").first
    expect(built).to_be_visible()
    budget = driver.thumb(page, "budget")
    expect(budget).to_have_attribute("aria-valuetext", re.compile("."))
    page.get_by_role("tab", name="Explore").click()
    expect(built).to_be_hidden()
    expect(built).to_be_attached()
    assert not any(page.locator(plot).count() for plot in plots if "choose" not in plot)
