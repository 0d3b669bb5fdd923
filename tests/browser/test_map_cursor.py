"""The cursor on the landscape: each optimizer's dot and name once, at its place, on every way."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.figures.truncate import clip_to_map, truncate_at_divergence
from app.render.page import terrain, without_race
from app.state.page_state import read
from app.storage import compute
from app.theme import THEMES, styles
from tests.browser import driver
from tests.marks import breadth

QUERIES = (
    "run=0,0.5,0.9&T=20000",
    "landscape=quadratic&run=0,0.9,nesterov:0.9&T=2000&N=9&rot=90",
    "landscape=phase-retrieval&T=300&N=2",
    "run=0,0.9&eta=3",
)
PLACES = (0.0, 0.02, 0.3, 0.6, 1.0)  # fractions of the time bar
SET = """at => {
  const range = document.querySelector('.time-range');
  range.value = Math.round(at * range.max);
  range.dispatchEvent(new Event('input', { bubbles: true }));
}"""


def placed(page: Page, at: float | None = None) -> list[dict[str, Any]]:
    """Set the time bar; return what the cursor draws on the landscape."""
    page.wait_for_function("() => probe.cursorPlaced()")
    if at is not None:
        page.evaluate(SET, at)
    driver.wait_frames(page)
    seen: list[dict[str, Any]] = page.evaluate("probe.mapCursor()")
    return seen


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    wide = min(a["right"], b["right"]) - max(a["left"], b["left"])
    return wide > 1 and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 4  # a line's lead


@pytest.mark.parametrize("theme", breadth(["light", "dark"], ["light"]))
@pytest.mark.parametrize("query", QUERIES)
def test_every_dot_is_where_its_path_is_and_every_name_is_there_once(
    page: Page, address: str, query: str, theme: str
) -> None:
    driver.visit(page, address, f"{query}&theme={theme}")
    experiment = read(query)[0].experiment
    summary = truncate_at_divergence(compute.summary_of(experiment))
    ground = terrain(without_race(experiment))
    paths = clip_to_map(summary, ground)[:, 0]
    low, high = (np.array([ground.x[end], ground.y[end]]) for end in (0, -1))
    look = styles(experiment.contenders, THEMES[theme])
    assert not {"path", "dot", "name", "note"} & {*page.evaluate("probe.shownKinds()")}
    for at in PLACES:
        seen = placed(page, at)
        k = int(np.argmin(np.abs(summary.steps - page.evaluate("probe.cursorStep()"))))
        assert [(each["name"], each["color"], each["fill"]) for each in seen] == [
            (style.name, style.color, style.text) for style in look
        ]
        for i, each in enumerate(seen):
            on_map = np.flatnonzero(np.isfinite(paths[i, : k + 1, 0]))[-1]  # later it has left
            wanted = np.clip(paths[i, on_map], low, high)
            assert np.abs(np.subtract(each["at"], wanted)).max() <= 0.6 * each["pixel"], each[
                "name"
            ]
        for a, b in combinations(seen, 2):
            assert not overlap(a["label"], b["label"]), (at, a["name"], b["name"])


def test_during_a_drag_the_dots_have_the_dragged_name(page: Page, address: str) -> None:
    driver.visit(page, address, "run=0,0.9&T=20000")
    placed(page)
    driver.drag(page, "beta", (4, 8))
    driver.wait_frames(page)
    dragged = read(driver.query(page))[0].experiment.contenders[1].label
    assert dragged != "Momentum 0.9"
    assert [each["name"] for each in page.evaluate("probe.mapCursor()")] == ["SGD", dragged]
    driver.release(page)
    assert [each["name"] for each in placed(page)] == ["SGD", dragged]


def test_the_dot_under_the_pointer_is_labelled_wherever_the_cursor_is(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "run=0,0.9&T=20000")
    label = page.locator(".cursor-hover")
    for at in (0.3, 0.9):
        dot = placed(page, at)[1]
        page.mouse.move(dot["dot"]["left"] + 5, dot["dot"]["top"] + 5)
        expect(label).to_contain_text("Momentum 0.9: ")
        text = label.text_content() or ""
        shown = [float(v.replace("−", "-")) for v in text.partition(": ")[2].split(", ")]
        assert np.allclose(shown, dot["at"], atol=dot["pixel"] + 5e-3), text
    page.mouse.move(1, 1)
    expect(label).to_have_count(0)


def test_a_saved_landscape_shows_the_step_of_the_time_bar(page: Page, address: str) -> None:
    """Dots, names and step are those of the screen; the arrows of the next step are left out."""
    driver.visit(page, address, "run=0,0.7&T=2000&theme=dark")
    placed(page, 0.4)
    page.locator("#time-bar input[type=range]").press("ArrowRight")
    driver.wait_query(page, "t=")
    seen = placed(page)
    step = page.locator(".cursor-note").text_content()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="as SVG").first.click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert "arrow-step" not in saved
    assert step is not None
    assert step in saved
    drawn = page.evaluate(
        """text => {
          const image = new DOMParser().parseFromString(text, 'image/svg+xml');
          document.body.append(image.documentElement); // as it is, without the page's classes
          const svg = document.body.lastElementChild;
          const home = svg.getBoundingClientRect();
          const [, , width] = svg.getAttribute('viewBox').split(' ').map(Number);
          const scale = home.width / width;
          const names = [...svg.querySelectorAll('.cursor-name')].map((name) => {
            const { left, top } = name.getBoundingClientRect();
            return [name.textContent, (left - home.left) / scale, (top - home.top) / scale];
          });
          svg.remove();
          return names;
        }""",
        saved,
    )
    plot = page.locator(f"#{ids.LANDSCAPE} .js-plotly-plot").bounding_box()
    assert plot is not None
    assert [name for name, *_ in drawn] == [each["name"] for each in seen]
    for each, (name, left, top) in zip(seen, drawn, strict=True):
        assert left == pytest.approx(each["label"]["left"] - plot["x"], abs=1.5), name
        assert top == pytest.approx(each["label"]["top"] - plot["y"], abs=1.5), name
        assert saved.count(f">{name}<") == 1


@pytest.mark.slow
def test_the_toolbars_camera_saves_the_landscape_with_the_cursor(page: Page, address: str) -> None:
    driver.visit(page, address, "run=0,0.7&T=2000")
    seen = placed(page)
    page.locator(f"#{ids.LANDSCAPE}").hover()
    with page.expect_download() as download:
        page.locator(f"#{ids.LANDSCAPE} .modebar-btn[data-title^='Download']").click()
    assert download.value.suggested_filename == f"{ids.LANDSCAPE}.png"
    size, colors = page.evaluate(
        """async (bytes) => {
          const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, image.width, image.height);
          const seen = {};
          for (let i = 0; i < data.length; i += 4) {
            const bytes = [...data.slice(i, i + 3)].map((v) => v.toString(16).padStart(2, '0'));
            const hex = `#${bytes.join('')}`;
            seen[hex] = (seen[hex] || 0) + 1;
          }
          return [[image.width, image.height], seen];
        }""",
        list(Path(download.value.path()).read_bytes()),
    )
    plot = page.locator(f"#{ids.LANDSCAPE} .js-plotly-plot").bounding_box()
    assert plot is not None
    assert size == [2 * round(plot["width"]), 2 * round(plot["height"])]
    for each in seen:  # a dot of radius 4.5 px, twice as large; the faint paths have other colors
        assert colors.get(each["color"], 0) > 100, each["name"]
