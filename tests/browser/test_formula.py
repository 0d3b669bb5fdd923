"""A function of one's own: typed, drawn while one types, its parameters and stationary points."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app import ids
from app.render.page import render
from app.state.page_state import read
from tests.browser import driver
from tests.browser.conftest import new_context

FIELD = f"#{ids.field('f')}"
SMALL = "landscape=formula&N=8&T=500"


def test_a_function_is_drawn_while_it_is_typed_and_a_fault_keeps_the_last_picture(
    page: Page, address: str
) -> None:
    driver.visit(page, address, SMALL)
    with driver.changed_query(page):
        page.locator(FIELD).fill("a*x^4/4 - x^2/2 + y^2")
    expect(page.locator(f"#{ids.FORMULA_MATH} math").first).to_be_visible()
    expect(page.locator(f"#{ids.name('p1')}")).to_have_text("a")
    assert page.locator(FIELD).input_value() == "a*x^4/4 - x^2/2 + y^2"  # as it was typed
    drawn = driver.query(page)
    page.locator(FIELD).press_sequentially(" + xy")  # drawn as far as it can be read
    expect(page.locator(FIELD)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{ids.NOTICE_TEXT}")).to_contain_text("x*y")
    driver.wait_settled(page)
    assert driver.query(page) in (drawn, drawn.replace("y**2", "y**2%2Bx"))
    with driver.changed_query(page):
        page.locator(FIELD).fill("x^2-y^2+y^4")
    page.locator(f"#{ids.field('eta')}").focus()
    expect(page.locator(FIELD)).to_have_value("x^2-y^2+y^4")
    driver.wait_settled(page)
    layout = render(read(driver.query(page))[0], "light").figures[ids.LANDSCAPE]["layout"]
    for axis in ("xaxis", "yaxis"):  # of this function, not of the one before
        seen = page.evaluate(
            "at => probe.plot(at[0])._fullLayout[at[1]].range", [ids.LANDSCAPE, axis]
        )
        assert seen == pytest.approx(layout[axis]["range"])
    expect(page.locator(f"#{ids.row('p1')}")).to_be_hidden()
    page.go_back()  # what was typed in one go is one step
    page.wait_for_function("drawn => location.search.slice(1) === drawn", arg=drawn)
    driver.wait_settled(page)
    expect(page.locator(FIELD)).to_have_value("a*x^4/4-x^2/2+y^2")


@pytest.mark.slow
def test_a_parameter_is_dragged_and_another_saddle_is_raced_from(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=himmelblau&N=8")
    points = page.locator(f"#{ids.POINTS} .point")
    expect(page.locator(f"#{ids.POINTS}")).to_contain_text("All 9 stationary points")
    with driver.changed_query(page):
        points.filter(has_text="saddle (3.39").click()
    assert "at=3.38515" in driver.query(page)
    expect(points.filter(has_text="saddle (3.39")).to_have_attribute("aria-pressed", "true")
    driver.visit(page, address, f"{SMALL}&f=x**4/4-a*x**2/2%2By**2/2")
    driver.drag(page, "p1", (5, 10))
    driver.release(page)
    assert "p=a:" in driver.query(page)
    expect(page.locator(f"#{ids.POINTS}")).to_contain_text("All 3 stationary points")


@pytest.mark.slow
def test_the_link_of_a_typed_function_shows_the_same_picture_in_another_browser(
    page: Page, address: str, browser: Browser
) -> None:
    driver.visit(page, address, SMALL)
    with driver.changed_query(page):
        page.locator(FIELD).fill("sin(a*x)*cos(y) + 0.1*(x^2+y^2)")
    driver.drag(page, "p1", (4, 8))
    driver.release(page)
    points = page.locator(f"#{ids.POINTS} .point")
    with driver.changed_query(page):  # another saddle than that of the race
        points.and_(page.locator("[aria-pressed=false]:enabled")).filter(
            has_text="saddle"
        ).first.click()
    link, drawn, listed = driver.query(page), driver.traces(page), points.all_text_contents()
    assert all(part in link for part in ("f=sin", "p=a:", "at="))
    context = new_context(browser)
    try:
        other = context.new_page()
        driver.visit(other, address, link)
        driver.expect_traces(other, drawn)
        assert other.locator(f"#{ids.POINTS} .point").all_text_contents() == listed
        assert driver.query(other) == link
        pressed = other.locator(f"#{ids.POINTS} [aria-pressed=true]")
        expect(pressed).to_have_text(
            page.locator(f"#{ids.POINTS} [aria-pressed=true]").inner_text()
        )
    finally:
        context.close()


def test_a_link_with_a_fault_opens_the_double_well_with_one_sentence(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "landscape=formula&f=xy&N=4&T=300")
    expect(page.locator(f"#{ids.NOTICE_TEXT}")).to_contain_text("a product is written x*y")
    expect(page.locator(FIELD)).to_have_value("x^4/4-x^2/2+y^2/2")
