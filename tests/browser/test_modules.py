"""The page's modules: each is loaded once, and Dash waits for them however slow one is."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from app import ids


@pytest.mark.slow
def test_the_page_waits_for_a_slow_module_and_loads_none_twice(
    browser: Browser, address: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        faults: list[str] = []
        asked: Counter[str] = Counter()
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.on("request", lambda sent: asked.update([urlsplit(sent.url).path]))
        page.route(re.compile(r"/controls\.mjs$"), hold)
        with (
            page.expect_response(re.compile("/_dash-layout")),
            page.expect_response(re.compile("/_dash-dependencies")),
        ):
            page.goto(address, wait_until="commit")
        assert page.locator(f"#{ids.LANDSCAPE}").count() == 0  # the layout is there, and held back
        assert held
        for route in held:
            route.continue_()
        page.locator(f"#{ids.TIME_BAR} input").wait_for()
        page.locator(f"#{ids.LANDSCAPE} svg.main-svg").first.wait_for()
        modules = {path: count for path, count in asked.items() if path.endswith(".mjs")}
        assert len(modules) > 10
        assert set(modules.values()) == {1}
        assert not faults
