"""Where everything is: all of it in sight, nothing covered or cut, at every usual window size.

A theme is visited at the smallest desktop size; the window then grows, as a reader's does.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.components.formula_controls import SLOT_KEYS
from app.state.sliders import SLIDERS
from tests.browser import driver
from tests.marks import breadth

BOXES = """selectors => selectors.map(selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})"""
# Elements whose contents are wider than they are.
CUT = """selector => [...document.querySelectorAll(selector)]
  .filter(part => part.offsetParent && part.clientWidth > 0 &&
                  part.scrollWidth > part.clientWidth + 1)
  .map(part => part.textContent)"""
ELSEWHERE = ("r", "period", "eps", "tau", "budget", *SLOT_KEYS)  # other tabs, other landscapes
FIRST_SCREEN = [key for key in SLIDERS if key not in ELSEWHERE]
CONTROLS = (*FIRST_SCREEN, "w0", "noise", "landscape", "hold")
PLOTS = [f"#{graph}" for graph in ids.GRAPHS]


def expect_all_in_sight(page: Page, width: int, height: int, controls: bool) -> None:
    """Every plot, what is said, and perhaps every control is inside the window; none scrolls."""
    seen = [*PLOTS, f"#{ids.READING}", f"#{ids.SHARE}"]
    seen += [f"#{ids.row(key)}" for key in CONTROLS] if controls else []
    boxes = page.evaluate(BOXES, seen)
    for name, (left, top, right, bottom) in zip(seen, boxes, strict=True):
        where = f"{name} at {width} × {height}"
        assert left >= 0 and top >= 0, where  # noqa: PT018
        assert right <= width + 0.5 and bottom <= height + 0.5, where  # noqa: PT018
        assert right - left > 20 and bottom - top > 10, where  # noqa: PT018
    whole = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(whole) == [width, height]


def expect_nothing_covered_or_cut(page: Page, width: int) -> None:
    parts = [*PLOTS, f"#{ids.READING}", f"#{ids.RAIL}", "header"]
    boxes = dict(zip(parts, page.evaluate(BOXES, parts), strict=True))
    for one, a in boxes.items():
        for other, b in boxes.items():
            if one < other:
                apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                assert apart, (one, other, width)
    assert page.evaluate(CUT, ".reading *, .label *, .chip, button") == [], width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def expect_small_window_usable(page: Page) -> None:
    """Nothing said is cut, every tab is in sight, and plots scroll rather than be crushed."""
    assert page.evaluate(CUT, ".tabs, .standing, .reading, .sentence") == []
    for name, box in zip(PLOTS, page.evaluate(BOXES, PLOTS), strict=True):
        assert box[3] - box[1] >= 120, name
    sentence, bar = page.evaluate(BOXES, [".sentence", f"#{ids.TIME_BAR}"])
    assert sentence[3] - sentence[1] < 100  # a few lines, not a word a line
    assert bar[3] <= 768.5  # stays at hand while the plots scroll


@pytest.mark.parametrize("theme", breadth(["light", "dark", "projector"], ["projector"]))
def test_everything_is_in_sight_at_desktop_sizes(page: Page, address: str, theme: str) -> None:
    controls = theme != "projector"  # large type: the rail may scroll, the plots may not
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, f"theme={theme}" if theme != "light" else "")
    expect_all_in_sight(page, 1280, 720, controls)
    driver.resize(page, 1440, 900)
    expect_all_in_sight(page, 1440, 900, controls)
    if theme == "light":
        expect_nothing_covered_or_cut(page, 1440)
        driver.resize(page, 1280, 900)
        expect_nothing_covered_or_cut(page, 1280)
    if theme != "dark":
        driver.resize(page, 1024, 768)
        expect_small_window_usable(page)


def test_on_a_phone_nothing_is_covered_or_cut(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    driver.visit(page, address)
    expect_nothing_covered_or_cut(page, 390)


def test_plotlys_toolbar_comes_with_a_pointer_only(page: Page, address: str) -> None:
    driver.visit(page, address, "T=2000")
    bar = page.locator(f"#{ids.DISTANCE} .modebar")
    expect(bar).to_be_hidden()
    page.locator(f"#{ids.DISTANCE}").hover()
    expect(bar).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(bar).to_be_hidden()
