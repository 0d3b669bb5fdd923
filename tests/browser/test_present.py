"""What fills a projector: Present, and the QR code in the whole window."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import driver
from tests.browser.test_time_bar import RUN, placed


def test_present_shows_two_large_plots_and_escape_leaves(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, RUN)
    placed(page)
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitem", name="Present").click()
    page.wait_for_selector(".page.view-present")
    page.wait_for_function("() => probe.settled()")
    assert page.evaluate("document.documentElement.dataset.theme") == "projector"
    for graph in ("landscape", "distance"):
        box = page.locator(f".plot-{graph}").bounding_box()
        assert box is not None
        assert box["width"] >= 600
        assert box["height"] >= 450
    expect(page.locator(".plot-value")).to_be_hidden()
    page.keyboard.press("Escape")
    page.wait_for_selector(".page:not(.view-present)")
    assert "view=" not in driver.query(page)
    assert page.evaluate("document.documentElement.dataset.theme") != "projector"


def test_the_code_fills_the_window_and_escape_closes_it_alone(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    page.get_by_role("button", name="Share").click()
    code = page.get_by_role("button", name="QR code of the link")
    code.click()
    size = page.viewport_size
    assert size is not None
    assert code.bounding_box() == {"x": 0, "y": 0, **size}
    on_top = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.qr-button'))"
    for place in ([640, 60], [640, 360], [5, 5]):  # also over the dialog's head
        assert page.evaluate(on_top, place)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    box = code.bounding_box()
    assert box is not None
    assert box["width"] < 300
