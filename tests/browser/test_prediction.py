"""A prediction: kept over a reload and from lesson to lesson, and judged when it is revealed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.lessons.parser import lessons
from app.storage import compute
from tests.browser import driver


def said(page: Page) -> str:
    return page.locator(f"#{ids.PREDICTION_SAID}").inner_text()


def predicted(page: Page) -> int:
    """The steps that the page says were predicted, after or before the answer."""
    number = re.search(r"(?:Your prediction: |You said )([\d,]+)", said(page))
    assert number, said(page)
    return int(number[1].replace(",", ""))


def median(number: int) -> float:
    """The escape time that a lesson asks for."""
    return float(compute.summary_of(lessons()[number - 1].experiment).escape[-1].median)


def expect_judged(page: Page, made: int, truth: float) -> None:
    """The page compares the prediction with the answer: by which factor, late or early."""
    text = page.locator(f"#{ids.PREDICTION_SAID}")
    expect(text).to_contain_text("You said")
    found = re.fullmatch(r"You said ([\d,]+): ([\d,.]+)× too (late|early)\.", said(page))
    assert found, said(page)
    assert int(found[1].replace(",", "")) == made
    assert float(found[2]) == pytest.approx(max(made, truth) / min(made, truth), rel=0.05)
    assert found[3] == ("late" if made > truth else "early")


def expect_mark(page: Page, at: float) -> None:
    """The mark of the prediction stands at this place of the time axis."""
    page.wait_for_function("at => Math.abs(probe.predictedStep() / at - 1) < 0.03", arg=at)


def test_a_prediction_survives_a_reload_and_other_lessons(page: Page, address: str) -> None:
    driver.visit(page, address, "tab=lessons&lesson=1")
    driver.click_at_step(page, "distance", 180_000)
    expect(page.locator(".prediction-mark")).to_be_visible()
    made = predicted(page)
    assert made == float(f"{made:.3g}")  # a click is no more precise
    page.reload()
    driver.wait_drawn(page)
    thumb = page.locator(f"#{ids.PREDICTION} [role=slider]")
    expect(thumb).to_have_attribute("aria-valuenow", str(made))
    expect(thumb).to_have_attribute("aria-valuetext", f"{made:,} steps")
    expect(page.locator(".prediction-mark")).to_be_visible()
    expect_mark(page, made)
    driver.resize(page, 1280, 720)
    expect_mark(page, made)
    page.keyboard.press("n")
    driver.wait_query(page, "lesson=2")
    expect(page.locator(".prediction-mark")).to_be_hidden()
    expect(page.locator(f"#{ids.PREDICTION_SAID}")).to_be_empty()
    page.keyboard.press("p")
    driver.wait_query(page, "lesson=1")
    expect(page.locator(".prediction-mark")).to_be_visible()
    assert predicted(page) == made
    driver.thumb(page, "beta").press("ArrowLeft")  # another question
    expect(page.locator(f"#{ids.PREDICTION_SAID}")).to_be_empty()
    expect(page.locator(".prediction-mark")).to_be_hidden()
    driver.thumb(page, "beta").press("ArrowRight")
    expect(page.locator(f"#{ids.PREDICTION_SAID}")).not_to_be_empty()
    assert predicted(page) == made
    driver.thumb(page, "beta").blur()  # no key is a shortcut while a slider has the focus
    page.keyboard.press("r")
    driver.wait_query(page, "reveal=1")
    expect_judged(page, made, median(1))


@pytest.mark.slow
def test_a_prediction_means_the_same_steps_on_every_time_axis(page: Page, address: str) -> None:
    """Its mark moves with the axis, a click on the axis means its steps, and the answer is one."""
    number = 3
    driver.visit(page, address, f"tab=lessons&lesson={number}")
    scaled = 1 / (1 - lessons()[number - 1].experiment.contenders[-1].momentum)
    switch = page.locator(f"#{ids.field('axes')} input:checked")
    made = 0
    for axes, scale, wanted in (
        ("linear", 1.0, 60_000), ("log", 1.0, 3_000), ("scaled", scaled, 15_000)
    ):  # fmt: skip
        if made:
            switch.focus()
            page.keyboard.press("ArrowRight")
            driver.wait_query(page, f"axes={axes}")
            expect_mark(page, made * scale)
        driver.click_at_step(page, "distance", round(wanted * scale))
        expect_mark(page, wanted * scale)
        made = predicted(page)
        assert made == pytest.approx(wanted, rel=0.03)
    page.get_by_role("button", name="Reveal").click()
    driver.wait_query(page, "reveal=1")
    expect_judged(page, made, median(number))
    switch.focus()
    page.keyboard.press("ArrowLeft")
    driver.wait_query(page, "axes=log")
    expect_mark(page, made)
    expect_judged(page, made, median(number))


def test_nothing_is_said_of_a_path_that_does_not_escape(page: Page, address: str) -> None:
    """Without an answer in steps there is no factor."""
    driver.visit(page, address, "run=0,0.5&T=100000&tab=lessons&lesson=1")
    driver.click_at_step(page, "distance", 50_000)
    made = predicted(page)
    page.get_by_role("button", name="Reveal").click()
    driver.wait_query(page, "reveal=1")
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_contain_text("has not escaped")
    assert said(page) == f"Your prediction: {made:,} steps."
