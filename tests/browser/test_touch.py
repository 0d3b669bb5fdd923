"""The page by finger: a swipe scrolls, a tap chooses, a finger along a slider moves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from app import ids
from app.state.page_state import read
from tests.browser import driver

QUERY = "landscape=quadratic&run=0,0.9&T=200&N=16"
LEAST = 24  # px, WCAG 2.5.8


@pytest.fixture(scope="module")
def context_options() -> dict[str, Any]:
    return {"has_touch": True, "is_mobile": True}


@pytest.fixture
def finger(page: Page, address: str) -> Iterator[CDPSession]:
    """A finger on the page of a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    driver.visit(page, address, QUERY)
    session = page.context.new_cdp_session(page)
    yield session
    session.detach()


def swipe(finger: CDPSession, start: tuple[float, float], dx: float, dy: float) -> None:
    """Put a finger down, move it straight in 12 steps, and lift it."""

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    x, y = start
    touch("touchStart", {"x": x, "y": y})
    for k in range(1, 13):
        touch("touchMove", {"x": x + dx * k / 12, "y": y + dy * k / 12})
    touch("touchEnd")


def middle(page: Page, selector: str) -> tuple[float, float]:
    """Scroll an element to the middle of the window; return its centre."""
    place = page.locator(selector)
    place.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    driver.wait_frames(page)
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def seen(page: Page) -> Any:
    """The address, the ranges of the plots and the step of the time bar."""
    return page.evaluate(
        """() => [location.search, probe.graphs().map(probe.axisRange),
            document.querySelector(".time-range").value]"""
    )


def test_a_swipe_up_scrolls_the_page_and_changes_nothing(page: Page, finger: CDPSession) -> None:
    slider = f"#{ids.slider('eta')}"
    plots = [f"#{graph} .nsewdrag" for graph in ids.GRAPHS]
    for selector in (*plots, ".time-track", slider, f"{slider} [role=slider]"):
        start = middle(page, selector)
        before, top = seen(page), page.evaluate("scrollY")
        swipe(finger, start, 8, -150)
        page.wait_for_function("top => scrollY > top + 60", arg=top)
        driver.wait_settled(page)
        assert seen(page) == before, selector


def test_a_finger_moves_a_slider_and_a_tap_chooses(page: Page, finger: CDPSession) -> None:
    with driver.changed_query(page):
        swipe(finger, middle(page, f"#{ids.slider('eta')} [role=slider]"), -60, 4)
    low = read(driver.query(page))[0].experiment.step_size
    assert low < 1e-3
    with driver.changed_query(page):
        page.touchscreen.tap(*middle(page, f"#{ids.slider('eta')}"))
    assert read(driver.query(page))[0].experiment.step_size > low
    x, y = middle(page, f"#{ids.LANDSCAPE} .nsewdrag")
    with driver.changed_query(page):
        page.touchscreen.tap(x + 40, y + 30)
    assert "w0=" in driver.query(page)
    for place in (f"#{ids.DISTANCE} .nsewdrag", ".time-track"):
        with driver.changed_query(page):
            page.touchscreen.tap(*middle(page, place))
        assert "t=" in driver.query(page)
    with driver.changed_query(page):
        swipe(finger, middle(page, ".time-track"), -80, 3)


def test_a_finger_finds_thumbs_and_no_toolbars(page: Page, finger: CDPSession) -> None:
    for key in ("eta", "N"):
        x, y = middle(page, f"#{ids.slider(key)} [role=slider]")
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            at = [x + dx * (LEAST / 2 - 1), y + dy * (LEAST / 2 - 1), ids.slider(key)]
            assert page.evaluate(
                """([x, y, id]) => document.elementFromPoint(x, y).closest(`#${id} [role=slider]`)
                    !== null""",
                at,
            )
    for button in page.locator(".time-button, .time-track").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= LEAST
    page.set_viewport_size({"width": 1280, "height": 800})  # a tablet
    for bar in page.locator(".modebar-container").all():
        expect(bar).to_be_hidden()  # it would stand over the plot's title
