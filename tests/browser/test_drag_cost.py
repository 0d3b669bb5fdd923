"""While a slider is held: no layout but the frame's own, and few changes of the address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import driver
from tests.marks import breadth

LESSON = "tab=lessons&lesson=4&reveal=1"  # one with a prediction
TIMELINE = ("devtools.timeline", "disabled-by-default-devtools.timeline.stack")
INTERVAL = 500  # ms between two queries in the address bar

# The times at which the address is replaced, from now on, and what it is then; at the release the
# query in the address bar and that of the newest answer.
HEAR_ADDRESSES = """() => {
  window.addresses = [];
  const replace = history.replaceState.bind(history);
  history.replaceState = (...given) => {
    const time = performance.now();
    replace(...given);
    window.addresses.push([time, location.search.slice(1)]);
  };
  window.addEventListener('pointerup', () => {
    window.released = [location.search.slice(1), probe.answeredQuery()];
  }, { once: true });
}"""
# A layout that a script asks for after a change: two of them, whatever the page does meanwhile.
FORCE = """() => {
  for (const width of ['1px', '2px']) {
    const probe = document.body.appendChild(document.createElement('div'));
    probe.style.width = width;
    probe.offsetWidth;
    probe.remove();
  }
}"""


def forced_layouts(trace: bytes) -> list[str]:
    """The layouts of a trace that a script has caused: the function and file that read it."""
    events: Sequence[dict[str, Any]] = json.loads(trace)["traceEvents"]
    layouts = [event["args"] for event in events if event["name"] == "Layout"]
    stacks = [args.get("beginData", {}).get("stackTrace") for args in layouts]
    return [f"{stack[0]['functionName']} {stack[0]['url']}" for stack in stacks if stack]


@contextmanager
def no_forced_layout(browser: Browser, page: Page) -> Iterator[None]:
    """Trace what is done inside; assert that no script of the page has caused a layout."""
    browser.start_tracing(page=page, categories=[*TIMELINE])
    try:
        yield
        page.evaluate(FORCE)
    finally:
        trace = browser.stop_tracing()
    forced = forced_layouts(trace)
    assert len(forced) >= 2  # the trace tells of FORCE
    assert not [reader for reader in forced if "http" in reader]


@pytest.mark.parametrize("query", breadth(["", LESSON], [""]))
def test_a_drag_forces_no_layout(browser: Browser, page: Page, address: str, query: str) -> None:
    """Cursor, names, time bar and prediction are placed by what was measured before the drag.

    The slider measures its track in the frame after a move, before the page draws in it.
    """
    driver.visit(page, address, query)
    page.wait_for_function("() => probe.cursorPlaced()")
    thumb = driver.grab(page, "beta")
    driver.wait_frames(page)
    with no_forced_layout(browser, page):
        driver.move_held(page, thumb, (2, 4, 6))
        for n in range(20):  # also while answers come
            page.mouse.move(thumb[0] + 2 + n % 10, thumb[1])
        driver.wait_idle(page)
    driver.release(page)


def test_a_label_under_the_pointer_forces_no_layout(
    browser: Browser, page: Page, address: str
) -> None:
    """The slider is held by a key; the pointer stays on a dot."""
    driver.visit(page, address, "run=0,0.9&T=20000")
    page.wait_for_function("() => probe.cursorPlaced()")
    dot = page.evaluate("probe.mapCursor()")[1]["dot"]
    page.mouse.move(dot["left"] + 5, dot["top"] + 5)
    expect(page.locator(".cursor-hover")).to_contain_text("Momentum 0.9: ")
    driver.thumb(page, "beta").focus()
    page.keyboard.down("ArrowRight")  # held from now on
    driver.wait_idle(page)
    before = page.evaluate("probe.pictures()")
    with no_forced_layout(browser, page):
        page.keyboard.down("ArrowRight")
        page.wait_for_function("before => probe.pictures() > before", arg=before)
    page.keyboard.up("ArrowRight")
    driver.wait_settled(page)


def test_the_address_changes_at_most_twice_a_second_and_at_the_release(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "T=20000")
    page.evaluate(HEAR_ADDRESSES)
    driver.drag(page, "beta", range(2, 32, 2))
    held = page.evaluate("window.addresses")
    assert held
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(held)]
    assert all(gap >= INTERVAL - 1 for gap in gaps), gaps  # a timer's clock is coarse
    assert held[-1][1] == driver.query(page)
    box = driver.thumb(page, "beta").bounding_box()
    assert box is not None
    driver.move_held(page, (box["x"], box["y"]), (-4, 0))
    driver.release(page)  # before the interval has passed, or not
    in_bar, answered = page.evaluate("window.released")
    assert in_bar == answered != held[-1][1]


def test_back_while_a_slider_is_held_stays_where_it_went(page: Page, address: str) -> None:
    """What waits to be drawn or to be written then is of the query that was left."""
    driver.visit(page, address, "T=20000")
    first = driver.traces(page)
    driver.type_into(page, "eta", "1e-4")
    driver.wait_query(page, "eta=0.0001")
    thumb = driver.grab(page, "beta")
    for offset in range(2, 42, 2):
        driver.move_held(page, thumb, [offset])
        if driver.query(page) != page.evaluate("probe.answeredQuery()"):
            break  # a query waits to be written
    held: list[Route] = []
    slow = True
    page.route("**/live?*", lambda route: held.append(route) if slow else route.continue_())
    with page.expect_request("**/live?*"):
        page.go_back()
    page.evaluate(
        "wait => new Promise((done) => setTimeout(done, wait))", INTERVAL
    )  # a later timer
    assert driver.query(page) == "T=20000"
    slow = False
    held[0].continue_()
    driver.wait_idle(page)
    assert driver.query(page) == "T=20000"
    driver.release(page)
    assert driver.query(page) == "T=20000"
    driver.expect_traces(page, first)
