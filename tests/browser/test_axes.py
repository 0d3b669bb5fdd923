"""The time axis: t, log t, t/(1 − β), chosen by mouse or keyboard, kept in the address."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app import ids
from tests.browser import hand

SHORT = "T=60000&run=0,0.9&eta=0.0005"
LABELS = """() => saddlescape.GRAPHS.slice(1).map(
  id => saddlescape.graph(id).layout.annotations[0].text)"""
TYPES = """() => saddlescape.GRAPHS.slice(1).map(
  id => saddlescape.graph(id)._fullLayout.xaxis.type)"""


def choose(page: Page, label: str) -> None:
    page.locator(f"#{ids.field('axes')}").get_by_text(label, exact=True).click()


def test_the_switch_redraws_all_time_plots_and_travels(page: Page, address: str) -> None:
    hand.visit(page, address, SHORT)
    assert page.evaluate(TYPES) == ["linear"] * 3
    choose(page, "log t")
    page.wait_for_function("() => location.search.includes('axes=log')")
    hand.rest(page)
    assert page.evaluate(TYPES) == ["log"] * 3
    choose(page, "t/(1−β)")
    page.wait_for_function("() => location.search.includes('axes=scaled')")
    hand.rest(page)
    hand.holds(page, hand.meant(hand.query(page)))
    assert page.evaluate(TYPES) == ["linear"] * 3
    assert all("1−β" in label for label in page.evaluate(LABELS))
    page.reload()
    hand.drawn(page)
    hand.holds(page, hand.meant(hand.query(page)))
    assert all("1−β" in label for label in page.evaluate(LABELS))
    page.go_back()
    page.wait_for_function("() => location.search.includes('axes=log')")
    hand.rest(page)
    hand.holds(page, hand.meant(hand.query(page)))


def test_by_keyboard(page: Page, address: str) -> None:
    hand.visit(page, address, SHORT)
    switch = page.locator(f"#{ids.field('axes')}")
    switch.locator("input:checked").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('axes=log')")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('axes=scaled')")
    hand.rest(page)
    hand.holds(page, hand.meant(hand.query(page)))
    expect(switch.locator("input:checked")).to_have_value("scaled")


def test_dragging_goes_on_in_the_chosen_axes(page: Page, address: str) -> None:
    hand.visit(page, address, f"{SHORT}&axes=scaled")
    hand.drag(page, "beta", (4, 8))
    assert all("1−β" in label for label in page.evaluate(LABELS))
    page.mouse.up()
    hand.rest(page)
    assert "axes=scaled" in hand.query(page)
    hand.holds(page, hand.meant(hand.query(page)))
