"""Drive the page as a reader does, and read its state; what it is compared with is drawn here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError

from app import ids
from app.render.page import render
from app.state.page_state import read
from app.tabs.registry import TAB_MODULES


def visit(page: Page, address: str, query: str = "") -> None:
    """Open an address; wait until the four plots of Explore are drawn."""
    page.goto(f"{address}?{query}" if query else address)
    wait_drawn(page)


def wait_drawn(page: Page) -> None:
    page.wait_for_function("() => probe.drawn()")
    wait_settled(page)


def wait_settled(page: Page) -> None:
    """Wait until the true figures of the query in the address bar are on the screen."""
    page.wait_for_function("() => probe.settled()")


def wait_idle(page: Page) -> None:
    """Wait until every edit is answered, drawn and in the address; a slider may still be held."""
    page.wait_for_function("() => probe.idle()")


def wait_query(page: Page, part: str) -> None:
    """Wait until the query contains a text and its true figures are on the screen."""
    page.wait_for_function("part => location.search.includes(part)", arg=part)
    wait_settled(page)


def wait_frames(page: Page) -> None:
    """Wait until what was due has been drawn: two animation frames."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


@contextmanager
def changed_query(page: Page) -> Iterator[None]:
    """Wait until what is done inside has changed the query, and its figures are there."""
    before = query(page)
    yield
    page.wait_for_function("before => location.search.slice(1) !== before", arg=before)
    wait_settled(page)


def query(page: Page) -> str:
    """Return the query in the address bar as the page itself has it at this moment."""
    return str(page.evaluate("location.search.slice(1)"))


def resize(page: Page, width: int, height: int) -> None:
    """Resize the window; wait until every plot fills its place again."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(
        "([width, height]) => innerWidth === width && innerHeight === height && probe.fitted()",
        arg=[width, height],
    )


def click_at_step(page: Page, graph: str, step: int) -> None:
    """Click on a plot over time, near its upper edge."""
    page.mouse.click(*page.evaluate("at => probe.point(at)", [graph, step, 20]))


def traces(page: Page) -> dict[str, Any]:
    """Return what the plots hold: graph id → kind, bytes, texts and name of every trace."""
    return {graph: page.evaluate("id => probe.traces(id)", graph) for graph in ids.GRAPHS}


def expected_traces(text: str) -> dict[str, Any]:
    """Return the same of the figures that a query means, drawn here."""
    state, repairs = read(text, tuple(TAB_MODULES))
    assert not repairs
    return {
        graph: [
            [t["meta"]["kind"], t["x"]["bdata"], t["y"]["bdata"], t.get("text"), t.get("name")]
            for t in figure["data"]
        ]
        for graph, figure in render(state, "light").figures.items()
    }


def expect_traces(page: Page, wanted: dict[str, Any]) -> None:
    """Wait until the plots hold exactly these traces; the failure names the plot."""
    for graph, its in wanted.items():
        text = json.dumps(its, separators=(",", ":"), ensure_ascii=False)
        try:
            page.wait_for_function("wanted => probe.hasTraces(wanted)", arg=[graph, text])
        except TimeoutError:
            assert page.evaluate("id => probe.traces(id)", graph) == its, graph


def expect_query_drawn(page: Page) -> None:
    """Wait until the plots hold what the query in the address bar means."""
    expect_traces(page, expected_traces(query(page)))


def expected_bytes(props: dict[str, dict[str, Any]], graph: str, kind: str) -> str:
    """Return the bytes of the first trace of a kind in a tab's props."""
    data = props[graph]["figure"]["data"]
    return str(next(trace for trace in data if trace["meta"]["kind"] == kind)["y"]["bdata"])


def expect_bytes(page: Page, graph: str, kind: str, wanted: str) -> None:
    """Wait until the first trace of a kind has exactly these bytes."""
    page.wait_for_function("wanted => probe.hasBytes(wanted)", arg=[graph, kind, wanted])


def thumb(page: Page, key: str) -> Locator:
    """Return the thumb of a control's slider."""
    return page.locator(f"#{ids.slider(key)} [role=slider]")


def grab(page: Page, key: str) -> tuple[float, float]:
    """Press the mouse on a slider's thumb; return where that was."""
    box = thumb(page, key).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def move_held(page: Page, start: tuple[float, float], offsets: Sequence[float]) -> list[int]:
    """Move a held thumb along its track; return how many pictures had been drawn after each."""
    x, y = start
    counts = []
    for offset in offsets:
        before = page.evaluate("probe.pictures()")
        page.mouse.move(x + offset, y)
        page.wait_for_function("before => probe.pictures() > before", arg=before)
        counts.append(page.evaluate("probe.pictures()"))
    return counts


def drag(page: Page, key: str, offsets: Sequence[float]) -> list[int]:
    """Drag a thumb and hold it; return how many pictures had been drawn after each move."""
    counts = move_held(page, grab(page, key), offsets)
    wait_idle(page)
    return counts


def release(page: Page) -> None:
    """Let go of what is dragged; wait until the true figures are there."""
    page.mouse.up()
    wait_settled(page)


def type_into(page: Page, key: str, text: str) -> None:
    """Type a value into a control's field and press Enter."""
    field = page.locator(f"#{ids.field(key)}")
    field.fill(text)
    field.press("Enter")
