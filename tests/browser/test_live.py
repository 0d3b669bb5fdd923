"""Edits and the address: a drag redraws and ends on the last value; an address is a picture."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app import ids
from app.render.page import render
from app.state.page_state import read
from tests.browser import driver
from tests.browser.conftest import new_context


def beta(text: str) -> float:
    return read(text)[0].experiment.contenders[-1].momentum


def test_the_first_picture_comes_with_the_page(
    page: Page, address: str, requests: list[str]
) -> None:
    driver.visit(page, address, "run=0,0.9&T=20000")
    driver.expect_traces(page, driver.expected_traces("run=0,0.9&T=20000"))
    assert not [url for url in requests if "/live" in url or "_dash-update-component" in url]


def test_a_drag_redraws_at_each_move_and_ends_on_the_last_value(page: Page, address: str) -> None:
    driver.visit(page, address)
    counts = driver.drag(page, "beta", (4, 8, 12, 16))
    assert counts == sorted(set(counts))  # one more picture, at least, for each move
    assert beta(driver.query(page)) > 0.9  # the address bar follows during the drag
    before = page.evaluate("history.length")
    driver.release(page)
    assert page.evaluate("history.length") == before + 1
    last = driver.query(page)
    expect(page.locator(f"#{ids.field('beta')}")).to_have_value(f"{beta(last):g}")
    driver.expect_traces(page, driver.expected_traces(last))


def test_what_moves_is_where_plotly_would_put_it(page: Page, address: str) -> None:
    """During a drag the page writes the SVG itself, at rest Plotly does: the same picture."""
    driver.visit(page, address, "run=0,0.5,0.9&T=100000&N=8&noise=gaussian")
    driver.drag(page, "beta", (3, 6, 9, 6))
    expect_the_same_at_rest(page)
    driver.drag(page, "beta", (-3, -6))
    driver.resize(page, 1300, 760)  # Plotly redraws its own data, of before the drag
    driver.wait_frames(page)
    expect_the_same_at_rest(page)


def expect_the_same_at_rest(page: Page) -> None:
    """Let go of a slider: what is drawn then is where it was while it was held."""
    ours = page.evaluate("probe.boxes()")
    driver.release(page)
    driver.expect_query_drawn(page)
    plotly = page.evaluate("probe.boxes()")
    assert ours.keys() == plotly.keys()
    for place, box in plotly.items():
        assert ours[place] == pytest.approx(box, abs=1.5), place


def test_a_typed_value_is_drawn_once_with_one_request_and_dash_is_told_of_it(
    page: Page, address: str, requests: list[str]
) -> None:
    driver.visit(page, address, "T=20000")
    requests.clear()
    page.evaluate("probe.countDraws()")
    driver.type_into(page, "eta", "1.25e-4")
    driver.wait_query(page, "eta=0.000125")
    assert page.evaluate("probe.draws()") == dict.fromkeys(ids.GRAPHS, 1)
    assert len([url for url in requests if "/live" in url]) == 1  # quick: whole at once
    for graph, figure in render(read(driver.query(page))[0], "light").figures.items():
        told = page.evaluate("id => probe.dashFigure(id)", graph)
        assert json.loads(told) == json.loads(json.dumps(figure)), graph
    driver.expect_traces(page, driver.expected_traces("eta=0.000125&T=20000"))


@pytest.mark.slow
def test_words_of_fewer_paths_never_stay(page: Page, address: str) -> None:
    """What an edit without effect says at rest is what Dash was told before it."""
    driver.visit(page, address, "landscape=monkey&run=0,0.9&N=256")
    reading = page.locator(f"#{ids.READING}")
    before = reading.inner_text()
    with page.expect_response(lambda got: "/live" in got.url and "rest=" in got.url):
        driver.type_into(page, "rot", "30")
    driver.wait_settled(page)
    assert "median of 256 paths" in before
    expect(reading).to_have_text(before, use_inner_text=True)


def test_reload_back_and_forward_give_the_same_figure_data(page: Page, address: str) -> None:
    driver.visit(page, address, "T=30000")
    first = driver.traces(page)
    driver.drag(page, "eta", (5, 10))
    driver.release(page)
    changed = driver.query(page)
    second = driver.expected_traces(changed)
    driver.expect_traces(page, second)
    page.reload()
    driver.wait_drawn(page)
    driver.expect_traces(page, second)
    page.go_back()
    page.wait_for_url(f"{address}?T=30000")
    driver.wait_settled(page)
    driver.expect_traces(page, first)
    expect(page.locator(f"#{ids.field('eta')}")).to_have_value("5e−5")
    page.go_forward()
    page.wait_for_url(f"{address}?{changed}")
    driver.wait_settled(page)
    driver.expect_traces(page, second)


def test_a_click_on_the_landscape_moves_the_start(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000")
    box = page.locator(f"#{ids.LANDSCAPE} .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    driver.wait_query(page, "w0=")
    start = read(driver.query(page))[0].experiment.start
    low, high = page.evaluate("probe.axisRange('landscape')")
    assert start[0] == pytest.approx(low + 0.25 * (high - low), abs=0.01 * (high - low))
    driver.expect_query_drawn(page)


def test_one_request_is_in_flight_and_the_newest_value_wins(
    page: Page, address: str, requests: list[str]
) -> None:
    """With a slow network the moves between two answers are passed over, never queued."""
    driver.visit(page, address, "T=20000")
    held: list[Route] = []
    slow = True
    page.route("**/live?*", lambda route: held.append(route) if slow else route.continue_())
    thumb = driver.thumb(page, "beta")
    x, y = driver.grab(page, "beta")
    requests.clear()
    with page.expect_request("**/live?*"):
        page.mouse.move(x + 2, y)
    for offset in (4, 6, 8, 10):
        before = thumb.get_attribute("aria-valuenow") or ""
        page.mouse.move(x + offset, y)
        expect(thumb).not_to_have_attribute("aria-valuenow", before)
    assert len(held) == 1
    slow = False
    newest = thumb.get_attribute("aria-valuenow") or ""
    with page.expect_request(lambda sent: "/live" in sent.url and newest in sent.url):
        held[0].continue_()
    driver.release(page)
    edits = [url for url in requests if "/live" in url and "rest=" not in url]
    assert len(edits) == 2  # the first move, and the last
    assert beta(driver.query(page)) == pytest.approx(1 - 10 ** -float(newest), rel=1e-3)


def test_what_is_not_allowed_is_said_and_the_last_picture_stays(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000")
    notice = page.locator(f"#{ids.NOTICE}")
    for key, text, said in (
        ("eta", "300", "from 1e-7 to 10"),
        ("T", "many", "a whole number"),
        ("N", "4096", "lower"),
    ):
        if key == "N":
            driver.type_into(page, "T", "3000000")
            driver.wait_query(page, "T=3000000")
        before = driver.traces(page)
        driver.type_into(page, key, text)
        expect(notice).to_contain_text(said)
        driver.wait_settled(page)
        assert driver.traces(page) == before, key
        expect(page.locator(f"#{ids.field(key)}")).to_have_value(text)  # to be corrected
        page.locator(f"#{ids.NOTICE_CLOSE}").click()
        expect(notice).to_be_hidden()


def test_no_release_is_lost_while_the_server_refuses(browser: Browser, address: str) -> None:
    """Overloaded, it refuses every request once: the last value is asked for until it comes.

    In a context of its own: the browser notes each refusal as an error.
    """
    asked: set[str] = set()

    def refuse(route: Route) -> None:
        if route.request.url in asked:
            route.continue_()
        else:
            asked.add(route.request.url)
            route.fulfill(status=429, body="Too Many Requests")

    with new_context(browser) as context:
        page = context.new_page()
        driver.visit(page, address, "run=0,0.9&T=5000")
        page.route("**/live?*", refuse)
        x, y = driver.grab(page, "beta")
        for offset in (-8, -16, -24):
            page.mouse.move(x + offset, y)
        driver.release(page)
        driver.expect_query_drawn(page)
        assert beta(driver.query(page)) < 0.9
        assert asked
        expect(page.locator(f"#{ids.NOTICE}")).to_be_hidden()
