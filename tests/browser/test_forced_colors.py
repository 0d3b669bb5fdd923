"""Forced colours: chosen options, tracks, borders and swatches differ from what is around them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import ids
from tests.browser import driver

PAIRS = (  # (what is marked, what is not, CSS property that tells them apart)
    ("[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]", "background-color"),
    (f"#{ids.field('hold')} input:checked + label",
     f"#{ids.field('hold')} input:not(:checked) + label", "background-color"),
    (".chip[aria-pressed=true]", ".chip[aria-pressed=false]", "background-color"),
    ("#slider-eta .mantine-Slider-bar", "body", "background-color"),
)  # fmt: skip
TRACK = "#slider-eta .mantine-Slider-track"
STYLE = "(element, name) => getComputedStyle(element).getPropertyValue(name)"


@pytest.fixture(scope="module")
def tab_media() -> dict[str, Any]:
    return {"forced_colors": "active"}


def test_states_tracks_borders_and_swatches_are_seen(page: Page, address: str) -> None:
    driver.visit(page, address, "run=0,0.5,0.9&T=20000")
    for marked, plain, name in PAIRS:
        values = [page.locator(each).first.evaluate(STYLE, name) for each in (marked, plain)]
        assert values[0] != values[1], marked
    track = f"getComputedStyle(document.querySelector('{TRACK}'), '::before')"
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate(f"{track}.backgroundColor") not in (canvas, "rgba(0, 0, 0, 0)")
    swatches = page.evaluate(
        """() => [...document.querySelectorAll(".standing")].map(
            one => getComputedStyle(one, "::before").backgroundColor)"""
    )
    assert len(set(swatches)) == len(swatches) == 3
    page.get_by_role("button", name="Share", exact=True).click()
    box = page.locator(".mantine-Modal-content:visible")
    expect(box).to_be_visible()
    assert box.evaluate(STYLE, "border-top-width") == "2px"
    expect(page.locator(f"#{ids.SHARE_LOCAL}")).to_be_visible()  # the test's server is 127.0.0.1
