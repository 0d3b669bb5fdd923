"""A printed page: one sheet, light, with whole plots, parameters, link and QR code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.lessons.parser import lessons
from app.theme import LIGHT
from tests.browser import driver
from tests.marks import breadth

SHEETS = {"portrait": (718, 1047), "landscape": (1047, 718)}  # px, A4 within its margins
QUERY = "landscape=quadratic&run=0,0.9&T=300&N=4&theme=dark"
DARK = "() => document.documentElement.dataset.theme === 'dark'"
WHITE = "rgb(255, 255, 255)"


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def lay_out(page: Page, sheet: str) -> tuple[int, int]:
    """Show the page as a browser prints it: the event comes first. Return the sheet's size, px."""
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    width, height = SHEETS[sheet]
    page.set_viewport_size({"width": width, "height": height})
    return width, height


@pytest.mark.parametrize("sheet", breadth(SHEETS, ["portrait"]))
def test_a_print_is_one_light_sheet_with_all_that_matters(
    page: Page, address: str, sheet: str
) -> None:
    driver.visit(page, address, QUERY)
    assert pages_of(page.pdf(format="A4", landscape=sheet == "landscape")) == 1
    page.wait_for_function(DARK)
    width, height = lay_out(page, sheet)
    assert LIGHT.paper == "#ffffff"
    boxes = []
    for graph in ids.GRAPHS:
        plot = page.locator(f"#{graph} .main-svg").first
        assert plot.evaluate("svg => getComputedStyle(svg).backgroundColor") == WHITE
        boxes.append(plot.bounding_box())
    notes = page.locator(".print-notes")
    boxes += [notes.locator("svg").bounding_box(), page.locator(f"#{ids.READING}").bounding_box()]
    for box in boxes:
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    expect(notes).to_contain_text(page.url)
    expect(notes).to_contain_text("Step size")
    for gone in (f"#{ids.RAIL}", "#time-bar", f"#{ids.SHARE}"):
        expect(page.locator(gone)).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(DARK)
    expect(notes).to_have_count(0)


@pytest.mark.parametrize(("sheet", "asked"), [("portrait", "&reveal=1"), ("landscape", "")])
def test_a_lesson_s_print_has_its_text_question_and_answer(
    page: Page, address: str, sheet: str, asked: str
) -> None:
    driver.visit(page, address, f"tab=lessons&lesson=3{asked}")
    expect(page.locator(".lesson .prose >> visible=true")).to_have_count(2 if asked else 1)
    assert pages_of(page.pdf(format="A4", landscape=sheet == "landscape")) == 1
    width, height = lay_out(page, sheet)
    text = page.locator(".print-lesson")
    expect(text).to_contain_text(lessons()[2].title)
    expect(text.locator(".prose")).to_have_count(2 if asked else 1)
    expect(text.locator(".question")).to_have_count(0 if asked else 1)
    plot = page.locator("#distance .main-svg").first
    for part in (text, plot, page.locator(".print-notes svg")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert (plot.bounding_box() or {})["width"] > width / 2
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(text).to_have_count(0)
