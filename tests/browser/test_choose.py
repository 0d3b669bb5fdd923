"""Choose β: the advice follows the budget, and the plots and the table set the chosen β."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.state.page_state import State, read
from app.storage import compute
from app.tabs.choose.advice import advice, torch_line
from tests.browser import driver
from tests.marks import breadth

RUN = "landscape=quadratic&noise=gaussian&run=0,0.9&tab=choose"


def state(page: Page) -> State:
    return read(driver.query(page), ("explore", "choose"))[0]


def beta(page: Page) -> float:
    return state(page).experiment.contenders[-1].momentum


def expect_advice_of_query(page: Page) -> None:
    """Wait until the words are those of the address."""
    now = state(page)
    seen = compute.choices(now.experiment, now.budget)
    take, supposed, why = advice(seen)
    said = ", ".join(filter(None, (take, supposed)))
    expect(page.locator(f"#{ids.CHOOSE_ADVICE}")).to_have_text(said)
    expect(page.locator(f"#{ids.CHOOSE_WHY}")).to_have_text(why)
    expect(page.locator(f"#{ids.CHOOSE_CODE}")).to_have_text(torch_line(seen))


def test_the_budget_decides_and_the_line_follows(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    expect_advice_of_query(page)
    thumb = driver.thumb(page, "budget")
    thumb.focus()
    for key, budget in (("Home", 1), ("End", 10_000)):
        with driver.changed_query(page):
            thumb.press(key)
        assert state(page).budget == budget
        expect_advice_of_query(page)


def test_a_click_on_the_plot_and_a_row_of_the_table_set_the_chosen_beta(
    page: Page, address: str
) -> None:
    driver.visit(page, address, RUN)
    page.wait_for_function("id => probe.hasAxes(id)", arg=ids.CHOOSE_TIME)
    with driver.changed_query(page):
        page.mouse.click(*page.evaluate("at => probe.point(at)", [ids.CHOOSE_TIME, 20, 40]))
    assert abs(beta(page) - 0.95) < 0.002
    expect_advice_of_query(page)
    now = state(page)
    seen = compute.choices(now.experiment, now.budget)
    balance = next(mark for mark in seen.marks if mark.name == "balance")
    with driver.changed_query(page):
        page.get_by_role("row", name="balance").get_by_role("button").press("Enter")
    assert abs(beta(page) - balance.momentum) < 0.001


@pytest.mark.parametrize("theme", breadth(["light", "projector"], ["projector"]))
def test_on_a_small_screen_the_last_line_is_in_sight(page: Page, address: str, theme: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, f"tab=choose&theme={theme}")
    last = page.locator(f"#{ids.CHOOSE_TABLE} > p").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 720
    if theme == "projector":  # the rail leaves no room for two columns: plots over the table
        driver.resize(page, 1024, 768)
        plot = page.locator(f".plot-{ids.CHOOSE_PRICE}").bounding_box()
        words = page.locator(f"#{ids.CHOOSE_ADVICE}").bounding_box()
        assert plot is not None
        assert words is not None
        assert plot["width"] > 600
        assert plot["y"] + plot["height"] <= words["y"]


@pytest.mark.slow
def test_the_names_of_the_marks_are_inside_the_plot_on_a_projector(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, "tab=choose&landscape=himmelblau&theme=projector")
    plot = page.locator(f"#{ids.CHOOSE_TIME} .js-plotly-plot")
    expect(plot.locator(".annotation text").first).to_be_visible()
    box = plot.bounding_box()
    assert box is not None
    for name in plot.locator(".annotation text").all():
        its = name.bounding_box()
        assert its is not None
        assert its["x"] >= box["x"], name.text_content()
        assert its["x"] + its["width"] <= box["x"] + box["width"], name.text_content()
