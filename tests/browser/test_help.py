"""Help texts on focus, tap and hover; the skip link; shortcuts that can be switched off."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app import ids
from tests.browser import driver

MOST_STOPS = 25  # presses of Tab to Play
DESCRIBED = """element => element.getAttribute("aria-describedby").split(" ")
    .map(id => document.getElementById(id).textContent).join(" ")"""


def test_a_control_and_a_figure_show_their_help(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000")
    tip = page.locator(".help-tip")
    page.locator(f"#{ids.CHIP_REMOVE}").focus()
    page.keyboard.press("Tab")  # the slider of β
    expect(tip).to_contain_text("How much of the last step's momentum")
    assert "momentum" in driver.thumb(page, "beta").evaluate(DESCRIBED)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    for name in ("Held fixed", "Step size"):
        label = page.locator(f".name:text-is('{name}')")
        label.click()  # a tap is a click
        expect(tip).to_be_visible()
        row = page.locator(".control", has=label).bounding_box()
        box = tip.bounding_box()
        assert row is not None
        assert box is not None
        assert box["x"] >= row["x"] + row["width"] or box["y"] >= row["y"] + row["height"]
    page.mouse.move(0, 0)
    page.locator(".merit .helped").first.hover()
    expect(tip).to_contain_text("escape radius")
    held = page.locator(f"#{ids.field('hold')} input").first
    assert "share" in held.evaluate(DESCRIBED)


def test_the_plots_are_a_few_keys_away(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000")
    before = page.url
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the plots")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{ids.PLOTS}")).to_be_focused()
    assert page.url == before
    play = page.get_by_role("button", name="Play")
    stops = 2
    while not play.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= MOST_STOPS
        assert page.evaluate("document.activeElement.closest('.modebar')") is None


def test_shortcuts_are_silent_on_sliders_and_can_be_switched_off(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000&theme=light")
    dialog = page.get_by_role("dialog")
    driver.thumb(page, "beta").focus()
    page.keyboard.type("s2d?")
    page.locator(f"#{ids.field('hold')}").get_by_text("stability", exact=True).click()
    driver.wait_query(page, "hold=stability")
    expect(dialog).to_be_hidden()
    assert "tab=" not in driver.query(page)
    page.keyboard.press("?")  # the focus is on a radio button
    expect(dialog).to_be_visible()
    switch = page.get_by_role("switch", name="Shortcuts of one key")
    switch.click()
    expect(switch).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    driver.wait_drawn(page)
    page.keyboard.type("s2d?")
    page.keyboard.press("Home")  # not a character: it stays
    driver.wait_query(page, "t=0")
    expect(dialog).to_be_hidden()
    assert "tab=" not in driver.query(page)
