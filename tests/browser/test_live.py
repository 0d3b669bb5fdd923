"""The main job: drag β, see the escape; the address follows, and an address is a picture."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from app import ids
from app.drawing import draw
from app.state import read
from tests.browser import hand


def beta(text: str) -> float:
    return read(text)[0].experiment.contenders[-1].momentum


def test_the_first_picture_comes_with_the_page(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    hand.visit(page, address, "run=0,0.9&T=20000")
    hand.holds(page, hand.meant("run=0,0.9&T=20000"))
    assert not [url for url in asked if "/live" in url or "_dash-update-component" in url]


def test_dragging_redraws_while_the_hand_moves_and_ends_on_the_last_value(
    page: Page, address: str
) -> None:
    hand.visit(page, address)
    counts = hand.drag(page, "beta", (4, 8, 12, 16))
    assert counts == sorted(set(counts))  # one more picture, at least, for each move
    moving = hand.query(page)
    assert beta(moving) > 0.9  # the address bar follows while the hand moves
    before = page.evaluate("history.length")
    page.mouse.up()
    hand.rest(page)
    assert page.evaluate("history.length") == before + 1
    last = hand.query(page)
    expect(page.locator(f"#{ids.field('beta')}")).to_have_value(f"{beta(last):g}")
    hand.holds(page, hand.meant(last))


def test_what_moves_is_where_plotly_would_put_it(page: Page, address: str) -> None:
    """While the hand moves the SVG is written by us, at rest by Plotly: the same picture."""
    hand.visit(page, address, "run=0,0.5,0.9&T=100000&N=8&noise=gaussian")
    hand.drag(page, "beta", (3, 6, 9, 6))
    ours = hand.geometry(page)
    page.mouse.up()
    hand.rest(page)
    hand.holds(page, hand.meant(hand.query(page)))
    plotly = hand.geometry(page)
    assert ours.keys() == plotly.keys()
    for place, box in plotly.items():
        assert ours[place] == pytest.approx(box, abs=1.5), place


def test_the_true_picture_is_asked_for_once_and_dash_is_told_of_it(
    page: Page, address: str
) -> None:
    hand.visit(page, address, "T=20000")
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.locator(f"#{ids.field('eta')}").fill("1.25e-4")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("eta=0.000125"))
    hand.rest(page)
    assert len([url for url in asked if "/live" in url]) == 1  # quick: whole at once
    told = """id => JSON.stringify(window.dash_component_api.getLayout(id).props.figure,
      (name, value) => name.startsWith('_') ? undefined : value)"""  # Plotly's own marks
    for graph, figure in draw(read(hand.query(page))[0], "light").figures.items():
        assert json.loads(page.evaluate(told, graph)) == json.loads(json.dumps(figure)), graph


def test_words_of_fewer_paths_never_stay(page: Page, address: str) -> None:
    """What an edit without effect says at rest is what Dash was told before it."""
    hand.visit(page, address, "landscape=monkey&run=0,0.9&N=256")
    reading = page.locator(f"#{ids.READING}")
    before = reading.inner_text()
    with page.expect_response(lambda got: "/live" in got.url and "rest=" in got.url):
        page.locator(f"#{ids.field('rot')}").fill("30")
        page.keyboard.press("Enter")
    hand.rest(page)
    assert "median of 256 paths" in before
    expect(reading).to_have_text(before, use_inner_text=True)


def test_reload_back_and_forward_give_the_same_figure_data(page: Page, address: str) -> None:
    hand.visit(page, address, "T=30000")
    first = hand.figures(page)
    hand.drag(page, "eta", (5, 10))
    page.mouse.up()
    hand.rest(page)
    changed = hand.query(page)
    second = hand.meant(changed)
    hand.holds(page, second)
    page.reload()
    hand.drawn(page)
    hand.holds(page, second)
    page.go_back()
    page.wait_for_url(f"{address}?T=30000")
    hand.rest(page)
    hand.holds(page, first)
    expect(page.locator(f"#{ids.field('eta')}")).to_have_value("5e−5")
    page.go_forward()
    page.wait_for_url(f"{address}?{changed}")
    hand.rest(page)
    hand.holds(page, second)


def test_a_press_on_the_landscape_moves_the_start(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    box = page.locator(f"#{ids.LANDSCAPE} .nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_url(re.compile("w0="))
    hand.rest(page)
    start = read(hand.query(page))[0].experiment.start
    low, high = page.evaluate("saddlescape.graph('landscape')._fullLayout.xaxis.range")
    assert start[0] == pytest.approx(low + 0.25 * (high - low), abs=0.01 * (high - low))
    hand.holds(page, hand.meant(hand.query(page)))


def test_one_request_is_in_flight_and_the_newest_value_wins(page: Page, address: str) -> None:
    """With a slow network the moves between two answers are passed over, never queued."""
    hand.visit(page, address, "T=20000")
    held: list[Route] = []
    slow = True
    page.route("**/live?*", lambda route: held.append(route) if slow else route.continue_())
    x, y = hand.grab(page, "beta")
    for offset in (2, 4, 6, 8, 10):
        page.mouse.move(x + offset, y)
        moved = page.locator(f"#{ids.slider('beta')} [role=slider]")
        expect(moved).not_to_have_attribute("aria-valuenow", "1")
    page.wait_for_function("() => true")
    assert len(held) == 1
    slow = False
    held[0].continue_()
    page.mouse.up()
    hand.rest(page)
    value = float(hand.thumb(page, "beta").get_attribute("aria-valuenow"))
    assert beta(hand.query(page)) == pytest.approx(1 - 10**-value, rel=1e-3)


def test_sliders_obey_the_keyboard(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    slider = hand.thumb(page, "beta")
    slider.focus()
    for key, value in (("ArrowRight", None), ("Home", 0.0), ("End", 0.9999)):
        was = hand.query(page)
        slider.press(key)
        page.wait_for_function("was => location.search.slice(1) !== was", arg=was)
        hand.rest(page)
        now = beta(hand.query(page))
        assert now > 0.9 if value is None else now == value
        expect(slider).to_have_attribute("aria-valuetext", f"{now:g}")


def test_exact_values_are_typed(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    page.locator(f"#{ids.field('eta')}").fill("1.25e-4")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("eta=0.000125"))
    hand.rest(page)
    hand.holds(page, hand.meant("eta=0.000125&T=20000"))


def test_what_cannot_be_is_said_and_the_last_picture_stays(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    before = json.dumps(hand.figures(page))
    notice = page.locator(f"#{ids.NOTICE}")
    for key, text, said in (
        ("eta", "300", "from 1e-7 to 10"),
        ("T", "many", "a whole number"),
        ("N", "4096", "lower"),
    ):
        if key == "N":
            page.locator(f"#{ids.field('T')}").fill("3000000")
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile("T=3000000"))
            hand.rest(page)
            before = json.dumps(hand.figures(page))
        page.locator(f"#{ids.field(key)}").fill(text)
        page.keyboard.press("Enter")
        expect(notice).to_contain_text(said)
        hand.rest(page)
        assert json.dumps(hand.figures(page)) == before
        expect(page.locator(f"#{ids.field(key)}")).not_to_have_value(text)
        page.locator(f"#{ids.NOTICE_CLOSE}").click()
        expect(notice).to_be_hidden()
