"""What a test's hand does on the page, and what its eye reads from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, TimeoutError

from app import ids
from app.drawing import draw
from app.state import read
from tests.browser.conftest import DRAWN

AT_REST = "() => saddlescape.gate.idle() && saddlescape.rested()"


def visit(page: Page, address: str, query: str = "") -> None:
    """Opens an address and waits until all four plots are drawn."""
    page.goto(f"{address}?{query}" if query else address)
    drawn(page)


def drawn(page: Page) -> None:
    page.wait_for_function(DRAWN)
    rest(page)


def rest(page: Page) -> None:
    """Waits until the true figures of the query in the address bar are on the screen."""
    page.wait_for_function(AT_REST)


def query(page: Page) -> str:
    return urlsplit(page.url).query


# Where a step is along a plot over time, in px of the page, near the plot's upper edge.
ALONG = """([id, step]) => {
  const plot = saddlescape.graph(id);
  const {xaxis, yaxis} = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(step), box.top + yaxis._offset + 20];
}"""


def click_at_step(page: Page, graph: str, step: int) -> None:
    """A click on a plot over time."""
    page.mouse.click(*page.evaluate(ALONG, [graph, step]))


# A trace as it came: its kind, the bytes of its numbers, its words, its name.
TAKEN = """id => saddlescape.graph(id).data.map(trace => [
  trace.meta.kind, trace.x.bdata, trace.y.bdata, trace.text ?? null, trace.name ?? null])"""


def figures(page: Page) -> dict[str, Any]:
    """What the plots hold: graph id → the numbers of every trace, bit for bit."""
    return {graph: page.evaluate(TAKEN, graph) for graph in ids.GRAPHS}


def meant(text: str) -> dict[str, Any]:
    """The same of the figures that a query means, drawn here."""
    state, repairs = read(text)
    assert not repairs
    return {
        graph: [
            [t["meta"]["kind"], t["x"]["bdata"], t["y"]["bdata"], t.get("text"), t.get("name")]
            for t in figure["data"]
        ]
        for graph, figure in draw(state, "light").figures.items()
    }


def thumb(page: Page, key: str) -> Any:
    return page.locator(f"#{ids.slider(key)} [role=slider]")


def grab(page: Page, key: str) -> tuple[float, float]:
    """Takes a slider's thumb; where it was."""
    box = thumb(page, key).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def drag(page: Page, key: str, offsets: Sequence[float]) -> list[int]:
    """Takes a thumb along; how many pictures had been drawn after each move. Does not let go."""
    x, y = grab(page, key)
    counts = []
    for offset in offsets:
        before = page.evaluate("saddlescape.drawn")
        page.mouse.move(x + offset, y)
        page.wait_for_function("before => saddlescape.drawn > before", arg=before)
        counts.append(page.evaluate("saddlescape.drawn"))
    return counts


def holds(page: Page, wanted: dict[str, Any]) -> None:
    """Waits until the plots hold exactly these numbers; says which plot does not."""
    same = f"([id, wanted]) => JSON.stringify(({TAKEN})(id)) === wanted"
    for graph, traces in wanted.items():
        text = json.dumps(traces, separators=(",", ":"), ensure_ascii=False)
        try:
            page.wait_for_function(same, arg=[graph, text], timeout=5000)
        except TimeoutError:
            assert figures(page)[graph] == traces, graph


def geometry(page: Page) -> dict[str, list[float]]:
    """Where every moving thing is: graph, trace, part → its box in px (x, y, right, bottom)."""
    boxes: dict[str, list[float]] = page.evaluate("""() => {
      const out = {};
      for (const id of saddlescape.GRAPHS) {
        const plot = saddlescape.graph(id);
        const home = plot.getBoundingClientRect();
        plot._fullData.forEach((trace, index) => {
          if (trace.meta.background) return;
          const group = plot.querySelector(`.scatterlayer g.trace${trace.uid}`);
          if (!group) return;
          const parts = {line: 'path.js-line', fill: 'path.js-fill', point: '.points path.point',
                         text: '.text text'};
          for (const [name, selector] of Object.entries(parts)) {
            if (name === 'line' && !(trace.line && trace.line.width)) continue;
            const seen = [...group.querySelectorAll(selector)].filter(
              part => name === 'text' || name === 'point' || part.getTotalLength() > 0.5);
            if (!seen.length) continue;
            const all = seen.map(part => part.getBoundingClientRect());
            out[`${id} ${index} ${trace.meta.kind} ${name}`] = [
              Math.min(...all.map(b => b.left)) - home.left,
              Math.min(...all.map(b => b.top)) - home.top,
              Math.max(...all.map(b => b.right)) - home.left,
              Math.max(...all.map(b => b.bottom)) - home.top,
            ];
          }
        });
      }
      return out;
    }""")
    return boxes
