"""The names of the curves: in the margin, and on no line, no grid line and no other text."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from playwright.sync_api import Page

from app import ids
from app.render.page import render
from app.state.page_state import read
from tests.browser import driver

OVERLAPS = (Path(__file__).parent / "overlaps.js").read_text("utf-8")
EIGHT = "run=0,0.3,0.5,0.7,0.9,0.999259,nesterov:0.9,adam:0.9"
STATES = (
    "", "N=20&run=0,0.9,0.99,0.999", f"landscape=quadratic&{EIGHT}", "landscape=monkey",
    "landscape=linear-net&N=4", "landscape=phase-retrieval&T=2000", "eta=3", "eta=10",
    "landscape=quadratic&eta=3&T=500&run=0,0.9", "noise=none&T=1000", "run=0.9&T=5000",
    "axes=log", "axes=scaled", "landscape=quadratic&axes=scaled", "rot=90&T=60000",
    "landscape=quadratic&eig=2,1,-0.5,-0.5&T=200&N=4", "landscape=himmelblau",
    "landscape=quadratic&R=0.3&N=24&w0=0,0.5", "noise=gaussian&T=50000&run=0,0.99",
    f"axes=log&landscape=monkey&{EIGHT}",
)  # fmt: skip
CHANGES = ({"axes": "log", "N": "9"}, {"axes": "linear", "N": "3", "seed": "5"})
MORE = [urlencode(dict(parse_qsl(query)) | change, safe=",:")
        for query in STATES for change in CHANGES]  # fmt: skip
WINDOWS = {
    "desk": (1440, 900, "theme=light"),
    "projector": (1280, 720, "theme=projector"),
    "phone": (390, 844, "theme=dark"),
    "frame": (800, 450, "theme=light&view=embed"),
}


def overlaps(page: Page, query: str, theme: str) -> list[str]:
    """Draw a state into the plots of the page; return what its names overlap."""
    state, repairs = read(query)
    assert not repairs
    drawn = render(state, theme)
    figures = {graph: drawn.figures[graph] for graph in ids.GRAPHS[1:]}
    page.evaluate("probe.show", [figures, dict(drawn.cursor_data)])
    out = []
    for graph in figures:
        seen = page.evaluate(OVERLAPS, graph)
        assert seen["names"] == len(state.experiment.contenders) + (graph == ids.DISTANCE)
        out += [f"{query} {graph}: {what}" for what in seen["found"]]
    return out


def visit(page: Page, address: str, window: str) -> str:
    """Open the page in a window, with as many optimizers as there can be; return its theme."""
    width, height, view = WINDOWS[window]
    page.set_viewport_size({"width": width, "height": height})
    driver.visit(page, address, f"landscape=quadratic&{EIGHT}&{view}")
    return view.split("&")[0].removeprefix("theme=")


@pytest.mark.parametrize(
    "window", ["frame", *(pytest.param(w, marks=pytest.mark.slow) for w in WINDOWS if w != "frame")]
)
def test_a_name_touches_nothing(page: Page, address: str, window: str) -> None:
    """The frame has the smallest plots."""
    theme = visit(page, address, window)
    found = [what for query in STATES for what in overlaps(page, query, theme)]
    assert not found


@pytest.mark.slow
@pytest.mark.parametrize("window", WINDOWS)
def test_a_name_touches_nothing_in_forty_more_states(page: Page, address: str, window: str) -> None:
    theme = visit(page, address, window)
    found = [what for query in MORE for what in overlaps(page, query, theme)]
    assert not found


def test_what_is_measured_is_what_would_be_seen(page: Page, address: str) -> None:
    """A name that is moved to the end of its line, inside the plot, is found on it."""
    driver.visit(page, address, "run=0,0.9&T=20000&landscape=quadratic")
    assert page.evaluate(OVERLAPS, ids.DISTANCE)["found"] == []
    moved = """(id) => {
      const [leader, name] = document.querySelectorAll(".plot-distance .curve-name");
      const [x, y] = leader.getAttribute("d").slice(1).split(/[L,]/);
      name.setAttribute("x", Number(x) - 40);
      name.setAttribute("y", y);
      return (%s)(id);
    }"""
    found = page.evaluate(moved % OVERLAPS, ids.DISTANCE)["found"]  # at once: names are redrawn
    assert any("line of radius" in what for what in found)
