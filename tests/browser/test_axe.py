"""axe-core finds nothing: every tab and lesson, light and dark, desktop and phone, dialogs too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app import ids
from app.lessons import lessons
from app.pages import PAGES
from tests.browser import hand

PLACES = [f"tab={key}&T=20000" for key in PAGES]
PLACES += [f"tab=lessons&lesson={lesson.number}" for lesson in lessons()]
SIZES = ((1440, 900), (390, 844))
ONLY = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def still(browser: Browser) -> Iterator[Page]:
    """A page on which nothing moves, in the light theme."""
    context = browser.new_context(color_scheme="light", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, a line each: the rule, then the element."""
    found = Axe().run(page, options=ONLY).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def in_both_themes(page: Page) -> dict[str, list[str]]:
    """What axe finds in the light theme and, one key later, in the dark one."""
    found = {"light": violations(page)}
    page.keyboard.press("d")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    hand.rest(page)
    return found | {"dark": violations(page)}


@pytest.mark.parametrize("place", PLACES)
def test_every_tab_and_lesson(still: Page, address: str, place: str) -> None:
    for width, height in SIZES:
        still.set_viewport_size({"width": width, "height": height})
        hand.visit(still, address, f"{place}&theme=light")
        assert in_both_themes(still) == {"light": [], "dark": []}, f"{width} × {height}"


@pytest.mark.parametrize("dialog", [ids.SHARE, ids.TAKE, ids.SHORTCUTS])
def test_a_dialog(still: Page, address: str, dialog: str) -> None:
    still.set_viewport_size({"width": 1280, "height": 720})
    for theme in ("light", "dark"):
        hand.visit(still, address, f"T=20000&theme={theme}")
        still.locator(f"#{dialog}").click()
        expect(still.get_by_role("dialog")).to_be_visible()
        assert violations(still) == [], theme


@pytest.mark.parametrize("query", ["tab=lessons&lesson=1&reveal=1&hide=nonsense",
                                   "T=20000&view=present", "T=20000&view=embed"])  # fmt: skip
def test_an_answer_a_notice_and_a_links_views(still: Page, address: str, query: str) -> None:
    still.set_viewport_size({"width": 1280, "height": 720})
    hand.visit(still, address, query)
    if "lesson" in query:
        still.get_by_text("For the teacher").click()
    assert violations(still) == []
