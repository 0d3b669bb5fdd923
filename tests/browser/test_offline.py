"""Complete without any other host: scripts, fonts and typeset mathematics come from the app."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app import ids
from app.pages import PAGES
from tests.browser import hand


@pytest.mark.parametrize("place", [*(f"tab={key}&T=20000" for key in PAGES),
                                   "tab=lessons&lesson=3"])  # fmt: skip
def test_a_page_is_complete_with_only_its_own_host(
    browser: Browser, address: str, place: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(60_000)
    page: Page = context.new_page()
    refused: list[str] = []

    def answer(route) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    faults: list[str] = []
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.goto(f"{address}?{place}")
    hand.rest(page)
    if "lesson=" in place:
        expect(page.locator(f"#{ids.LESSON_FORMULA} mjx-container")).to_be_visible()
    assert (refused, faults) == ([], [])
    context.close()
