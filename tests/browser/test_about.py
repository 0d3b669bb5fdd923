"""What the page is: a line over the plots, the dialog About and keys; by mouse, keys and touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app import ids
from app.components.about import PAPER_URL
from app.lessons.parser import lessons
from app.state.page_title import NAME
from tests.browser import driver
from tests.marks import breadth

SIZES = {"1440": (1440, 900), "1280": (1280, 720), "390": (390, 844)}
FIRST = f"1. {lessons()[0].title}"


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return dict(found)


def expect_first_lesson(page: Page) -> None:
    driver.wait_query(page, "lesson=1")
    expect(page.locator("#lesson .lesson-title")).to_have_text(FIRST)
    expect(page).to_have_title(f"{FIRST} · {NAME}")


@pytest.mark.parametrize("size", breadth(SIZES, ["390"]))
def test_the_first_screen_says_what_it_is_and_where_to_start(
    page: Page, address: str, size: str
) -> None:
    """The line is one line on a desktop and three on a phone; the first plot stays in sight."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    driver.visit(page, address)
    line = page.locator(f"#{ids.INTRO}")
    expect(line).to_contain_text("saddle point")
    expect(line.get_by_role("link")).to_have_count(2)
    paper = line.get_by_role("link", name="Wang, Lin & Abernethy")
    expect(paper).to_have_attribute("href", PAPER_URL)
    room = box(line)
    assert room["x"] + room["width"] <= width
    assert room["height"] <= (28 if width > 900 else 62)
    plot = box(page.locator(f"#{ids.LANDSCAPE}"))
    assert plot["y"] >= room["y"] + room["height"]
    assert plot["y"] + 0.5 * plot["height"] <= height
    expect(page).to_have_title(re.compile(f"^{NAME}: "))
    line.get_by_role("link", name="lesson 1").click()
    expect_first_lesson(page)
    expect(line).to_be_hidden()
    page.go_back()
    expect(page).to_have_title(re.compile(f"^{NAME}: "))


@pytest.mark.parametrize(
    "query",
    breadth(
        ["view=embed&T=2000", "view=present&T=2000", "tab=sweep&T=2000"], ["view=embed&T=2000"]
    ),
)
def test_the_line_is_for_the_first_screen_only(page: Page, address: str, query: str) -> None:
    driver.visit(page, address, query)
    expect(page.locator(f"#{ids.READING}")).to_be_visible()
    expect(page.locator(f"#{ids.INTRO}")).to_be_hidden()


@pytest.mark.parametrize("size", breadth(["1280", "390"], ["390"]))
def test_about_comes_before_the_keys_and_leads_to_the_first_lesson(
    page: Page, address: str, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    driver.visit(page, address, "T=2000")
    if width > 900:
        page.keyboard.press("?")
    else:
        page.get_by_role("button", name="About and keys").click()
    dialog = page.get_by_role("dialog", name="About and keys")
    about, keys = dialog.locator(".about"), dialog.get_by_role("table")
    expect(about).to_be_visible()
    assert box(about)["y"] + box(about)["height"] <= box(keys)["y"]
    paper = about.get_by_role("link", name="Escaping Saddle Points Faster")
    expect(paper).to_have_attribute("href", PAPER_URL)
    start = about.get_by_role("link", name="lesson 1")
    for _ in range(4):  # close, paper, lesson
        if start.evaluate("part => part === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(start).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect_first_lesson(page)
