"""axe-core finds nothing: every tab and lesson, light and dark, desktop and phone, dialogs too.

By default every tab, and the first lesson for all since they share one template, is looked at
once: light on a phone or dark on a desktop. The other pairs and lessons are `slow`.
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
from tests.marks import breadth

PLACES = [f"tab={key}&T=20000" for key in TAB_MODULES] + ["tab=lessons&lesson=1"]
OTHER_LESSONS = [f"tab=lessons&lesson={lesson.number}" for lesson in lessons()[1:]]
PHONE = (390, 844)
DESKTOP = (1440, 900)
VIEWS = ["tab=lessons&lesson=1&reveal=1&hide=nonsense", "T=20000&view=present",
         "T=20000&view=embed"]  # fmt: skip
ONLY = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def tab_media() -> dict[str, Any]:
    """A tab on which nothing moves, in the light theme."""
    return {"color_scheme": "light", "reduced_motion": "reduce"}


def violations(page: Page) -> list[str]:
    """What axe finds on the page, a line each: the rule, then the element."""
    found = Axe().run(page, options=ONLY).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def cases() -> Iterator[Any]:
    """A place, a theme and a size; by default each of PLACES once, by turns light and dark."""
    looks = [("light", PHONE), ("dark", DESKTOP), ("light", DESKTOP), ("dark", PHONE)]
    for i, place in enumerate([*PLACES, *OTHER_LESSONS]):
        for j, (theme, size) in enumerate(looks):
            chosen = place in PLACES and j == i % 2
            marks = [] if chosen else [pytest.mark.slow]
            yield pytest.param(place, theme, size, marks=marks, id=f"{place}-{theme}-{size[0]}")


@pytest.mark.parametrize(("place", "theme", "size"), list(cases()))
def test_every_tab_and_lesson(
    page: Page, address: str, place: str, theme: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    driver.visit(page, address, f"{place}&theme={theme}")
    assert violations(page) == []


@pytest.mark.parametrize("theme", breadth(["light", "dark"], ["light"]))
def test_every_dialog(page: Page, address: str, theme: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, f"T=20000&theme={theme}")
    for dialog in (ids.SHARE, ids.TAKE, ids.SHORTCUTS):
        page.locator(f"#{dialog}").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page) == [], dialog
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("query", breadth(VIEWS, VIEWS[:1]))
def test_an_answer_a_notice_and_the_views_of_a_link(page: Page, address: str, query: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, query)
    if "lesson" in query:
        page.get_by_text("For the teacher").click()
    assert violations(page) == []
