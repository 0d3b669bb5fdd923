"""The main flows in Firefox: a link, keys, every tab, a lesson to its answer, Back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app import ids
from app.lessons.facts import fact
from app.lessons.parser import lessons
from app.storage import compute
from app.tabs.registry import TAB_MODULES
from tests.browser import driver

BINARY = shutil.which("firefox-esr") or shutil.which("firefox")
START = "run=0,0.9&T=20000"
TRACES = """
  const plot = document.querySelector(`#${arguments[0]} .js-plotly-plot`);
  return plot && plot.data ? plot.data.map((t) =>
    [t.meta.kind, t.x.bdata, t.y.bdata, t.text ?? null, t.name ?? null]) : null;
"""
SHOWN = """
  const plots = [...document.querySelectorAll(".js-plotly-plot")].filter((p) => p.offsetParent);
  return plots.length > 0 && plots.every((p) => p._fullLayout &&
    p.querySelector(".scatterlayer .trace, .heatmaplayer image, .annotation"));
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BINARY is None, reason="Firefox is not installed"),
]


class Firefox:
    """A headless Firefox with one tab, driven by Marionette."""

    def __init__(self) -> None:
        marionette = pytest.importorskip("marionette_driver.marionette")
        self.keys = marionette.Keys
        self.tab = marionette.Marionette(bin=BINARY, headless=True, port=0, gecko_log="-")
        self.tab.start_session()
        self.tab.set_window_rect(width=1440, height=990)

    def close(self) -> None:
        self.tab.quit()
        self.tab.cleanup()

    def run(self, script: str, *arguments: object) -> Any:
        return self.tab.execute_script(script, list(arguments), sandbox=None)

    def find(self, selector: str) -> Any:
        return self.tab.find_element("css selector", selector)

    def wait(self, holds: Callable[[], object], said: str) -> None:
        wait = pytest.importorskip("marionette_driver.wait").Wait
        wait(self.tab, timeout=180, interval=0.1).until(lambda _: holds(), message=said)

    def query(self) -> str:
        return str(self.run("return location.search.slice(1)"))

    def expect_drawn(self, query: str) -> None:
        """Wait until the address has this query and the plots hold what it means."""
        self.wait(lambda: self.query() == query, f"the address has {query}")
        for graph, wanted in driver.expected_traces(query).items():
            self.wait(
                lambda graph=graph, wanted=wanted: self.run(TRACES, graph) == wanted,
                f"{graph} holds {query}",
            )

    def visit(self, address: str, query: str = START) -> None:
        self.tab.navigate(f"{address}?{query}")
        self.expect_drawn(query)


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    try:
        running = Firefox()
    except Exception as fault:  # no fault of the page
        pytest.skip(f"Firefox does not start here: {fault}")
    yield running
    running.close()


def test_a_link_is_drawn(firefox: Firefox, address: str) -> None:
    firefox.visit(address, "landscape=quadratic&eig=2,-0.5&run=0,0.5,nesterov:0.9&T=200&N=4")


def test_keys_move_a_slider_and_back_undoes_it(firefox: Firefox, address: str) -> None:
    firefox.visit(address)
    thumb = firefox.find(f"#{ids.slider('eta')} [role=slider]")
    for _ in range(5):
        thumb.send_keys(firefox.keys.ARROW_RIGHT)
    firefox.wait(lambda: "eta=" in firefox.query(), "the address has the step size")
    said = "what the address means is drawn"
    firefox.wait(lambda: agrees(firefox), said)
    firefox.tab.go_back()
    firefox.expect_drawn(START)
    firefox.tab.go_forward()
    firefox.wait(lambda: "eta=" in firefox.query() and agrees(firefox), said)


def agrees(firefox: Firefox) -> bool:
    """Return whether the plots hold what the address means, at this moment."""
    wanted = driver.expected_traces(firefox.query())
    return all(firefox.run(TRACES, graph) == its for graph, its in wanted.items())


def test_every_tab_is_drawn(firefox: Firefox, address: str) -> None:
    firefox.visit(address)
    for key, module in TAB_MODULES.items():
        named = f"//*[@role='tab'][normalize-space()='{module.TITLE}']"
        firefox.tab.find_element("xpath", named).click()
        wanted = "" if key == "explore" else f"tab={key}"
        firefox.wait(lambda wanted=wanted: wanted in firefox.query(), f"the address has {key}")
        firefox.wait(lambda: firefox.run(SHOWN), f"the plots of {key} are drawn")
        assert not firefox.find(f"#{ids.NOTICE}").is_displayed()


def test_a_lesson_is_answered(firefox: Firefox, address: str) -> None:
    first = lessons()[0]
    firefox.visit(address, "tab=lessons&lesson=1")
    thumb = firefox.find(f"#{ids.PREDICTION} [role=slider]")
    thumb.send_keys(firefox.keys.HOME)
    for _ in range(40):
        thumb.send_keys(firefox.keys.ARROW_RIGHT)
    said = firefox.find(f"#{ids.PREDICTION_SAID}")
    firefox.wait(lambda: "100,000 steps" in said.text, "the prediction is said")
    firefox.tab.find_element("xpath", "//button[normalize-space()='Reveal']").click()
    firefox.expect_drawn("tab=lessons&lesson=1&reveal=1")
    wanted = fact(compute.summary_of(first.experiment), "last", "result").replace("**", "")
    answer = firefox.find(f"#{ids.LESSON_REVEAL}")
    firefox.wait(lambda: wanted in " ".join(answer.text.split()), "the answer is said")
