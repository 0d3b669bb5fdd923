"""A zoom of a plot over time: kept by the keys of a slider, dropped with the kind of its axis."""

from __future__ import annotations

from playwright.sync_api import Page

from app import ids
from tests.browser import driver

RANGES = "id => [probe.plot(id).layout.xaxis.range, probe.plot(id).layout.yaxis.range]"


def test_a_zoom_outlives_slider_steps_and_not_its_axis(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=quadratic&run=0,0.9&T=3000&N=1&axes=linear")
    area = page.locator(f"#{ids.DISTANCE} .nsewdrag").bounding_box()
    assert area is not None
    whole = page.evaluate(RANGES, ids.DISTANCE)
    page.mouse.move(area["x"] + 60, area["y"] + 30)
    page.mouse.down()
    page.mouse.move(area["x"] + 160, area["y"] + 90, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "([id, end]) => probe.plot(id).layout.xaxis.range[1] < end",
        arg=[ids.DISTANCE, whole[0][1]],
    )
    zoomed = page.evaluate(RANGES, ids.DISTANCE)
    assert zoomed[0][1] - zoomed[0][0] < whole[0][1] / 2
    driver.thumb(page, "eta").focus()
    for press in ("ArrowRight", "PageDown"):
        with driver.changed_query(page):
            page.keyboard.press(press)
        assert page.evaluate(RANGES, ids.DISTANCE) == zoomed
    driver.drag(page, "T", (-6, -12))
    driver.release(page)
    assert page.evaluate(RANGES, ids.DISTANCE) == zoomed
    page.locator(f"#{ids.field('axes')}").get_by_text("log t", exact=True).click()
    driver.wait_query(page, "axes=log")
    assert page.evaluate(RANGES, ids.DISTANCE) != zoomed
