"""Export: numbers, pictures and scripts, as the person gets them."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app import ids
from app.lessons.parser import lessons
from app.lessons.records import PANES, USUAL_PANES
from app.tabs.registry import TAB_MODULES
from simulation import simulate
from simulation.model.query import parse_query
from simulation.scripts.assemble import script
from tests.browser import driver
from tests.marks import breadth

QUERY = "run=0,0.7&T=2000"


def opened(page: Page, address: str, query: str = QUERY) -> None:
    driver.visit(page, address, query)
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_numbers_come_as_csv_npz_and_json(page: Page, address: str) -> None:
    opened(page, address)
    run = simulate(parse_query(QUERY))
    for kind in ("CSV", "NPZ", "JSON"):
        href = page.get_by_role("link", name=kind, exact=True).get_attribute("href")
        answer = page.request.get(urljoin(address, href))
        assert answer.ok
        if kind == "NPZ":
            with np.load(io.BytesIO(answer.body())) as saved:
                assert any(
                    a.size == run.steps.size and np.array_equal(a.ravel(), run.steps)
                    for a in saved.values()
                )
        else:
            assert str(int(run.steps[-1])) in answer.text()


def test_a_plot_is_saved_as_svg_and_png_by_keyboard(page: Page, address: str) -> None:
    opened(page, address)
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        button = page.get_by_role("button", name=f"Escape distance as {kind}")
        button.focus()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == f"{ids.DISTANCE}.{kind.lower()}"
        assert Path(download.value.path()).read_bytes().startswith(start)
        expect(page.locator(f"#{ids.TAKE_SAID}")).to_contain_text("Saved")


def own(tab: str) -> list[str]:
    """The plots that a tab shows; the list of lessons stands beside two of Explore's."""
    beside = [PANES[name] for name in USUAL_PANES]
    return list(getattr(TAB_MODULES[tab], "PLOTS", beside))


@pytest.mark.parametrize("place", breadth(TAB_MODULES, ["explore", "sweep"]))
def test_the_open_tabs_plots_are_offered_and_no_other(page: Page, address: str, place: str) -> None:
    query = "landscape=quadratic&run=0.9&x=beta:0:0.9:6&y=eta:0.01:0.1:5&seed=71"
    opened(page, address, f"{query}&tab={place}")  # a sweep that is not started shows the law alone
    rows = page.locator("[data-plot]:visible")
    offered = rows.evaluate_all("rows => rows.map(row => row.dataset.plot)")
    assert offered == [graph for graph in own(place) if graph != ids.SWEEP_DIFFERENCE]
    button = rows.last.get_by_role("button", name="as SVG")
    with page.expect_download() as download:
        button.click()
    graph = offered[-1]
    assert download.value.suggested_filename == f"{graph}.svg"
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    ticks = page.locator(f"#{graph} .xtick text").all_text_contents()
    assert ticks
    assert all(tick in re.sub("<[^>]*>", "", saved) for tick in ticks)
    assert re.search('<image|class="trace', saved)


def test_what_is_drawn_on_a_tab_is_looked_at_each_time(page: Page, address: str) -> None:
    heavy = "landscape=monkey&T=3000000&N=1&run=0.9&seed=71"  # no law, too long for a coarse map
    opened(page, address, f"tab=sweep&{heavy}")
    expect(page.locator("[data-plot]:visible")).to_have_count(0)
    expect(page.get_by_text("No plot is drawn on this tab.")).to_be_visible()
    page.keyboard.press("Escape")
    with driver.changed_query(page):
        page.keyboard.press("1")
    page.keyboard.press("t")
    expect(page.locator("[data-plot]:visible")).to_have_count(len(ids.GRAPHS))


def test_the_copied_script_gives_the_drawn_run_and_a_failed_copy_says_why(
    context: BrowserContext, page: Page, address: str, tmp_path: Path
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, address)
    page.get_by_role("button", name="Copy as NumPy").click()
    said = page.locator(f"#{ids.TAKE_SAID}")
    expect(said).to_contain_text("Copied: a NumPy script")
    text = page.evaluate("navigator.clipboard.readText()")
    (tmp_path / "script.py").write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-I", "script.py", "out.npz"], cwd=tmp_path, check=True, timeout=300
    )
    run = simulate(parse_query(QUERY))
    with np.load(tmp_path / "out.npz") as saved:
        np.testing.assert_allclose(saved["w"], run.w, rtol=1e-9, atol=1e-12)
    href = page.get_by_role("link", name="Save the PyTorch script").get_attribute("href")
    saved_text = page.request.get(urljoin(address, href)).text()
    assert saved_text == script(parse_query(QUERY), "torch")
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'));"
        " document.execCommand = () => false; }"
    )
    page.get_by_role("button", name="Copy as PyTorch").click()
    expect(said).to_contain_text("was not copied")
    expect(said).to_contain_text("this browser does not let the page copy")


def test_a_lessons_script_is_of_the_lessons_experiment(page: Page, address: str) -> None:
    opened(page, address, f"tab=lessons&lesson={len(lessons())}&reveal=1")
    drawn = [PANES[name] for name in lessons()[-1].panes]
    for graph in ids.GRAPHS:  # the plots that the lesson shows
        expect(page.locator(f"[data-plot={graph}]")).to_be_visible(visible=graph in drawn)
    href = page.get_by_role("link", name="Save the NumPy script").get_attribute("href")
    text = page.request.get(urljoin(address, href)).text()
    assert f"landscape={lessons()[-1].experiment.landscape}" in text
    assert page.request.get(urljoin(address, "/script/jax.py")).status == 404
