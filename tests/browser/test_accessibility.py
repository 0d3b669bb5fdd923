"""axe-core finds nothing: every tab and lesson, light and dark, desktop and phone, dialogs too.

By default every tab, and the first lesson for all since they share one template, is light on a
phone and dark on a desktop; the other two pairs and the other lessons are `slow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app import ids
from app.lessons.parser import lessons
from app.tabs.registry import TAB_MODULES
from tests.browser import driver

PLACES = [f"tab={key}&T=20000" for key in TAB_MODULES] + ["tab=lessons&lesson=1"]
OTHER_LESSONS = [f"tab=lessons&lesson={lesson.number}" for lesson in lessons()[1:]]
PHONE = (390, 844)
DESKTOP = (1440, 900)
ONLY = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def tab_options() -> dict[str, Any]:
    """A tab on which nothing moves, in the light theme."""
    return {"color_scheme": "light", "reduced_motion": "reduce"}


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe finds on the page or within an element, a line each: the rule, then the element."""
    found = Axe().run(page, context=within, options=ONLY).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def to_dark(page: Page) -> None:
    """Change the light theme to the dark one, by its key."""
    page.keyboard.press("d")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    driver.wait_settled(page)


def cases() -> Iterator[Any]:
    """A place, the size of the light theme, the size of the dark one."""
    for place in [*PLACES, *OTHER_LESSONS]:
        marks = [pytest.mark.slow] if place in OTHER_LESSONS else []
        yield pytest.param(place, PHONE, DESKTOP, marks=marks, id=f"{place}-light-phone")
        yield pytest.param(
            place, DESKTOP, PHONE, marks=pytest.mark.slow, id=f"{place}-light-desktop"
        )


@pytest.mark.parametrize(("place", "light", "dark"), list(cases()))
def test_every_tab_and_lesson(
    page: Page, address: str, place: str, light: tuple[int, int], dark: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": light[0], "height": light[1]})
    driver.visit(page, address, f"{place}&theme=light")
    assert violations(page) == [], f"light, {light}"
    driver.resize(page, *dark)
    to_dark(page)
    assert violations(page) == [], f"dark, {dark}"


@pytest.mark.parametrize("dialog", [ids.SHARE, ids.TAKE, ids.SHORTCUTS])
def test_a_dialog(page: Page, address: str, dialog: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, "T=20000&theme=light")
    for theme in ("light", "dark"):
        if theme == "dark":
            to_dark(page)
        page.locator(f"#{dialog}").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        # What the page around it is, is the same in both themes: it is looked at once.
        assert violations(page, None if theme == "light" else "[role=dialog]") == [], theme
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("query", ["tab=lessons&lesson=1&reveal=1&hide=nonsense",
                                   "T=20000&view=present", "T=20000&view=embed"])  # fmt: skip
def test_an_answer_a_notice_and_the_views_of_a_link(page: Page, address: str, query: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, query)
    if "lesson" in query:
        page.get_by_text("For the teacher").click()
    assert violations(page) == []
