"""Choose β: the advice follows the budget, and the plots and the table set the contender's β."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.advice import advice, torch_line
from app.state import State, read
from app.storage import compute
from tests.browser import hand

RUN = "landscape=quadratic&noise=gaussian&run=0,0.9&tab=choose"


def state(page: Page) -> State:
    return read(hand.query(page), ("explore", "choose"))[0]


def follows(page: Page) -> None:
    """The words are those of the address."""
    now = state(page)
    seen = compute.choices(now.experiment, now.budget)
    take, supposed, why = advice(seen)
    said = ", ".join(filter(None, (take, supposed)))
    expect(page.locator(f"#{ids.CHOOSE_ADVICE}")).to_have_text(said)
    expect(page.locator(f"#{ids.CHOOSE_WHY}")).to_have_text(why)
    expect(page.locator(f"#{ids.CHOOSE_CODE}")).to_have_text(torch_line(seen, now.selected))


def test_the_budget_decides_and_the_line_follows(page: Page, address: str) -> None:
    hand.visit(page, address, RUN)
    follows(page)
    thumb = hand.thumb(page, "budget")
    thumb.focus()
    thumb.press("Home")
    hand.rest(page)
    assert state(page).budget == 1
    follows(page)
    thumb.press("End")
    hand.rest(page)
    assert state(page).budget == 10_000
    follows(page)


def test_a_press_on_the_plot_gives_the_chosen_contender_that_beta(page: Page, address: str) -> None:
    hand.visit(page, address, RUN)
    page.wait_for_function(f"() => saddlescape.graph('{ids.CHOOSE_TIME}')._fullLayout.xaxis")
    x, y = page.evaluate(
        """id => {
      const plot = saddlescape.graph(id);
      const {xaxis, yaxis} = plot._fullLayout;
      const box = plot.getBoundingClientRect();
      return [box.left + xaxis._offset + xaxis.d2p(20), box.top + yaxis._offset + 40];
    }""",
        ids.CHOOSE_TIME,
    )
    page.mouse.click(x, y)
    page.wait_for_function("before => !location.search.includes(before)", arg="run=0,0.9&")
    hand.rest(page)
    assert abs(state(page).experiment.contenders[-1].momentum - 0.95) < 0.002
    follows(page)


def test_a_row_of_the_table_is_used_by_keyboard(page: Page, address: str) -> None:
    hand.visit(page, address, RUN)
    now = state(page)
    balance = next(
        m for m in compute.choices(now.experiment, now.budget).marks if m.name == "balance"
    )
    page.get_by_role("row", name="balance").get_by_role("button").press("Enter")
    page.wait_for_function("before => !location.search.includes(before)", arg="run=0,0.9&")
    hand.rest(page)
    assert abs(state(page).experiment.contenders[-1].momentum - balance.momentum) < 0.001


@pytest.mark.parametrize("theme", ["light", "projector"])
def test_on_a_small_screen_the_last_line_is_in_sight(page: Page, address: str, theme: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    hand.visit(page, address, f"tab=choose&theme={theme}")
    last = page.locator(f"#{ids.CHOOSE_TABLE} > p").last.bounding_box()
    assert last["y"] + last["height"] <= 720


def test_beside_a_rail_too_wide_for_two_columns_the_plots_stand_over_the_table(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    hand.visit(page, address, "tab=choose&theme=projector")
    plot = page.locator(f".plot-{ids.CHOOSE_PRICE}").bounding_box()
    advice = page.locator(f"#{ids.CHOOSE_ADVICE}").bounding_box()
    assert plot["width"] > 600
    assert plot["y"] + plot["height"] <= advice["y"]
