"""What the rail and the header tell a reader who cannot see what lies beneath."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.pages import PAGES
from simulation.presets import PRESETS
from tests.browser import hand

UNDER = """id => {
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


def test_a_control_that_changes_nothing_gives_way_to_the_words_why(
    page: Page, address: str
) -> None:
    hand.visit(page, address, "landscape=quadratic&T=500&N=4")
    slider, why = page.locator(f"#{ids.slider('rot')}"), page.locator(f"#{ids.why('rot')}")
    expect(slider).to_be_visible()
    expect(why).to_be_hidden()
    page.locator(f"#{ids.field('landscape')}").click()
    page.get_by_role("option", name="Linear network").click()
    expect(why).to_be_visible()
    expect(slider).to_be_hidden()
    expect(page.locator(f"#{ids.field('rot')}")).to_be_hidden()
    page.wait_for_url(re.compile("linear-net"))
    hand.rest(page)
    page.go_back()
    expect(slider).to_be_visible()
    expect(why).to_be_hidden()


def test_a_control_comes_back_live(page: Page, address: str) -> None:
    hand.visit(page, address, "landscape=quadratic&noise=none&T=500&N=4&w0=0.1,0.1")
    slider = page.locator(f"#{ids.slider('sd-escape')}")
    expect(page.locator(f"#{ids.why('sd-escape')}")).to_have_text("There is no noise.")
    expect(slider).to_be_hidden()
    page.locator(f"#{ids.field('noise')}").get_by_text("Gaussian").click()
    expect(slider).to_be_visible()
    hand.rest(page)
    hand.drag(page, "sd-escape", (4, 8))
    page.mouse.up()
    hand.rest(page)
    assert "sd=" in hand.query(page)
    hand.holds(page, hand.meant(hand.query(page)))


@pytest.mark.parametrize("tab", PAGES)
def test_a_notice_covers_no_control(page: Page, address: str, tab: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{address}?landscape=quadratic&run=0.9&T=50&N=1e6&sd=1,2,3&tab={tab}")
    page.wait_for_url(re.compile(r"sd=1,2&.*N=4096"))  # the address says what is drawn
    expect(page.locator(f"#{ids.NOTICE}")).to_contain_text("2 eigen-directions")
    assert page.evaluate(UNDER, ids.NOTICE) == []


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_every_experiment_of_the_menu_can_be_reached(
    page: Page, address: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    hand.visit(page, address, "T=500")
    page.get_by_role("button", name="Experiments").click()
    menu = page.get_by_role("menu").bounding_box()
    assert menu
    assert menu["y"] >= 0 and menu["y"] + menu["height"] <= size[1]  # noqa: PT018
    page.locator(f"#{ids.preset(len(PRESETS) - 1)}").click()
    page.wait_for_url(re.compile("linear-net"))
