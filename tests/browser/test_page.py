"""The page: all of it in sight, the race by its chips, presets, themes, notices."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app import ids
from app.sliders import SLIDERS
from app.state import read
from simulation.presets import PRESETS
from tests.browser import hand

BOXES = """selectors => selectors.map(selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})"""
FIRST_SCREEN = [key for key in SLIDERS if key not in ("r", "period", "eps", "tau", "budget")]


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
@pytest.mark.parametrize("scheme", ["light", "dark", "projector"])
def test_everything_is_in_sight_without_scrolling(
    page: Page, address: str, size: tuple[int, int], scheme: str
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    hand.visit(page, address, f"theme={scheme}" if scheme != "light" else "")
    seen = [f"#{graph}" for graph in ids.GRAPHS] + [f"#{ids.READING}", f"#{ids.SHARE}"]
    if scheme != "projector":  # large type: the rail may scroll, the plots may not
        seen += [f"#{ids.row(key)}" for key in (*FIRST_SCREEN, "w0", "noise", "landscape", "hold")]
    boxes = page.evaluate(BOXES, seen)
    for name, (left, top, right, bottom) in zip(seen, boxes, strict=True):
        assert left >= 0 and top >= 0, name  # noqa: PT018
        assert right <= width + 0.5 and bottom <= height + 0.5, name  # noqa: PT018
        assert right - left > 20 and bottom - top > 10, name  # noqa: PT018
    whole = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(whole) == [width, height]


@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_no_part_covers_another_and_no_word_is_cut(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800 if width < 900 else 900})
    hand.visit(page, address)
    parts = [f"#{graph}" for graph in ids.GRAPHS] + [f"#{ids.READING}", f"#{ids.RAIL}", "header"]
    boxes = dict(zip(parts, page.evaluate(BOXES, parts), strict=True))
    for one, a in boxes.items():
        for other, b in boxes.items():
            if one < other:
                apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                assert apart, (one, other)
    cut = """() => [...document.querySelectorAll('.reading *, .label *, .chip, button')]
      .filter(part => part.offsetParent && part.scrollWidth > part.clientWidth + 1 &&
                      part.clientWidth > 0)
      .map(part => part.textContent)"""
    assert page.evaluate(cut) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "projector"])
def test_a_small_screen_keeps_tabs_race_and_plots(page: Page, address: str, scheme: str) -> None:
    """Nothing said is cut, every tab is in sight, and plots scroll rather than be crushed."""
    page.set_viewport_size({"width": 1024, "height": 768})
    hand.visit(page, address, f"theme={scheme}")
    cut = """() => [...document.querySelectorAll('.tabs, .standing, .reading, .sentence')]
      .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.textContent)"""
    assert page.evaluate(cut) == []
    for name, box in zip(
        ids.GRAPHS, page.evaluate(BOXES, [f"#{g}" for g in ids.GRAPHS]), strict=True
    ):
        assert box[3] - box[1] >= 120, name
    sentence, bar = page.evaluate(BOXES, [".sentence", f"#{ids.TIME_BAR}"])
    assert sentence[3] - sentence[1] < 100  # a few lines, not a word a line
    assert bar[3] <= 768.5  # stays at hand while the plots scroll


def test_plotlys_toolbar_comes_with_a_pointer_only(page: Page, address: str) -> None:
    hand.visit(page, address, "T=2000")
    bar = page.locator(f"#{ids.DISTANCE} .modebar")
    expect(bar).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(bar).to_be_hidden()


def test_chips_choose_add_change_and_remove_contenders(page: Page, address: str) -> None:
    hand.visit(page, address, "run=0,0.9&T=20000")
    field = page.locator(f"#{ids.field('beta')}")
    page.locator(f"#{ids.chip(0)}").click()
    expect(field).to_have_value("0")
    page.locator(f"#{ids.CHIP_ADD}").click()
    expect(page.locator(f"#{ids.chip(2)}")).to_have_text("β = 0.99")
    hand.rest(page)
    page.locator(f"#{ids.field('rule')}").click()
    page.get_by_role("option", name="Nesterov").click()
    page.wait_for_url(re.compile("nesterov:0.99"))
    hand.rest(page)
    hand.holds(page, hand.meant(hand.query(page)))
    page.locator(f"#{ids.CHIP_REMOVE}").click()
    page.wait_for_url(re.compile(r"run=0,0\.9&T=20000"))
    expect(page.locator(f"#{ids.chip(2)}")).to_be_hidden()


def test_a_preset_is_one_click_away_and_back_undoes_it(page: Page, address: str) -> None:
    hand.visit(page, address, "eta=1e-4&T=20000")
    page.get_by_role("button", name="Experiments").click()
    page.locator(f"#{ids.preset(0)}").click()
    page.wait_for_url(address)
    hand.rest(page)
    hand.holds(page, hand.meant(""))
    assert read("")[0].experiment == PRESETS[0].experiment
    page.go_back()
    page.wait_for_url(re.compile("eta=0.0001"))
    hand.rest(page)
    hand.holds(page, hand.meant("eta=0.0001&T=20000"))


def test_another_seed_is_another_run(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    page.locator(f"#{ids.DICE}").click()
    page.wait_for_url(re.compile("seed="))
    hand.rest(page)
    hand.holds(page, hand.meant(hand.query(page)))


def test_a_theme_is_remembered_and_travels_with_the_link(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitem", name="Dark").click()
    page.wait_for_url(re.compile("theme=dark"))
    hand.rest(page)
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    hand.visit(page, address, "T=20000")
    expect(root).to_have_attribute("data-theme", "dark")
    hand.visit(page, address, "T=20000&theme=light")
    expect(root).to_have_attribute("data-theme", "light")


def test_the_first_theme_is_the_systems(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    hand.visit(page, address, "T=20000")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_what_was_changed_of_an_address_is_said_and_can_be_dismissed(
    page: Page, address: str
) -> None:
    hand.visit(page, address, "T=20000&eta=99&pink=1")
    notice = page.locator(f"#{ids.NOTICE}")
    expect(notice).to_contain_text("eta = “99” → 10")
    expect(notice).to_contain_text("pink")
    assert hand.query(page) == "eta=10&T=20000"
    page.locator(f"#{ids.NOTICE_CLOSE}").click()
    expect(notice).to_be_hidden()


def test_a_tab_is_built_when_it_is_first_opened_and_stays(page: Page, address: str) -> None:
    hand.visit(page, address, "N=4&landscape=quadratic")
    own = {"choose": ids.CHOOSE_GRAPHS, "properties": ids.PROPERTY_GRAPHS,
           "distribution": ids.DISTRIBUTION_GRAPHS, "sweep": ids.SWEEP_GRAPHS}  # fmt: skip
    plots = [f"#{graph} .main-svg" for graphs in own.values() for graph in graphs]
    assert not any(page.locator(plot).count() for plot in plots)
    page.get_by_role("tab", name="Choose β").click()
    built = page.locator(f"#{ids.CHOOSE_GRAPHS[0]} .main-svg").first
    expect(built).to_be_visible()
    budget = hand.thumb(page, "budget")
    expect(budget).to_have_attribute("aria-valuetext", re.compile("."))
    page.get_by_role("tab", name="Explore").click()
    expect(built).to_be_hidden()
    expect(built).to_be_attached()
    assert not any(page.locator(plot).count() for plot in plots if "choose" not in plot)
