"""The Sweep tab in a browser: filled tile by tile, shared, cancelled, resumed, opened."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from app import ids
from simulation import simulate
from simulation.sweeps.grid import parse_sweep
from simulation.sweeps.tiles import tiles
from tests.browser import driver
from tests.browser.servers import running_server, start_server

AXES = "x=beta:0:0.99:16:near-one&y=eta:0.01:0.3:12:log"
QUICK = f"landscape=quadratic&run=0,0.9&tab=sweep&{AXES}&cellN=64"
# Nothing escapes, every path takes its 20,000 steps: a minute or so.
SLOW = "landscape=quadratic&run=0,0.9&T=20000&R=100&N=4&tab=sweep" \
       "&x=beta:0:0.5:16&y=eta:1e-7:1e-6:96:log"  # fmt: skip
STATUS, START, CANCEL = (f"#{i}" for i in (ids.SWEEP_STATUS, ids.SWEEP_START, ids.SWEEP_CANCEL))
SOME = f"() => /[1-9]\\d* of/.test(document.querySelector('{STATUS}').textContent)"
DONE = re.compile(r"(\d[\d,]*) of (\d[\d,]*) cells")


def done(page: Page) -> int:
    """How many cells the page says are done."""
    found = DONE.search(page.inner_text(STATUS))
    return int(found[1].replace(",", "")) if found else 0


def reaches(page: Page, cells: int) -> None:
    """Wait until the page says that so many cells are done; it looks now and then."""
    page.wait_for_function(
        """([status, cells]) => {
          const said = document.querySelector(status).textContent;
          const [count] = said.match(/[\\d,]+(?= of)/) || ["0"];
          return Number(count.replace(",", "")) >= cells;
        }""",
        arg=[STATUS, cells],
    )


def complete(page: Page) -> None:
    expect(page.locator(STATUS)).to_contain_text("Complete", timeout=120_000)


def filled(page: Page, graph: str) -> int:
    """How many cells of a map have a number."""
    return int(page.evaluate("id => probe.filledCells(id)", graph))


def measured(page: Page, address: str, query: str) -> None:
    """Open a quick sweep, start it unless it is measured already, and wait until it is drawn."""
    driver.visit(page, address, query)
    if page.locator(START).is_enabled():
        page.click(START)
    complete(page)
    wait_filled(page)


def wait_filled(page: Page) -> None:
    page.wait_for_function("id => probe.filledCells(id) === 192", arg=ids.SWEEP_MAP)


def test_the_map_fills_and_stands_beside_the_laws(
    page: Page, address: str, cache_home: Path
) -> None:
    folder = cache_home / "saddlescape" / "tiles"
    before = set(folder.glob("tile-*"))
    driver.visit(page, address, QUICK + "&seed=13")  # no other test measures it
    expect(page.locator(f"#{ids.SWEEP_COST}")).to_contain_text("192 cells, 12,288 paths: about")
    assert filled(page, ids.SWEEP_LAW) == 192
    page.click(START)
    complete(page)
    expect(page.locator(f"#{ids.SWEEP_WORDS}")).to_contain_text("within 3 standard errors")
    kept = set(folder.glob("tile-*")) - before
    sweep = parse_sweep(f"landscape=quadratic&run=0.9&{AXES}&N=64&seed=13")
    assert len(kept) == len(tiles(sweep))


def test_a_cell_opens_in_explore_as_the_very_experiment(page: Page, address: str) -> None:
    measured(page, address, QUICK)
    box = page.locator(f"#{ids.SWEEP_MAP} .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 8.5 / 16, box["y"] + box["height"] * 5.5 / 12)
    tooltip = page.locator(f"#{ids.SWEEP_MAP} .hoverlayer .hovertext")
    expect(tooltip).to_contain_text("paths had not escaped")
    expect(tooltip).to_contain_text("the law:")
    page.mouse.down()
    page.evaluate("id => Plotly.redraw(probe.plot(id))", ids.SWEEP_MAP)  # as a tile that arrives
    page.mouse.up()
    page.wait_for_function("() => !location.search.includes('tab=sweep')")
    driver.wait_drawn(page)
    sweep = parse_sweep(f"landscape=quadratic&run=0.9&{AXES}&N=64")
    cell = sweep.cell(6, 8)
    assert f"eta={cell.step_size}" in driver.query(page)
    assert f"run=0,{cell.contenders[0].text}&" in driver.query(page)
    assert simulate(cell, record_paths=1, points=4).escape_time.shape == (1, 64)
    page.go_back()
    driver.wait_query(page, "tab=sweep")
    complete(page)


def test_before_the_start_a_coarse_map_is_there_beside_the_law(page: Page, address: str) -> None:
    driver.visit(page, address, QUICK + "&seed=11")
    assert filled(page, ids.SWEEP_LAW) == 192
    said = {graph: page.locator(f"#{graph} .annotation").all_text_contents()
            for graph in ids.SWEEP_GRAPHS}  # fmt: skip
    wait_filled(page)
    assert said[ids.SWEEP_MAP] == ["balance β"]
    expect(page.locator(f"#{ids.SWEEP_WORDS}")).to_contain_text("Coarse for now: 8 × 8 cells")
    assert {text.strip() for text in said[ids.SWEEP_LAW]} == {"fastest β", "balance β"}
    assert "Filled in" in said[ids.SWEEP_DIFFERENCE][0]


def test_from_the_keyboard_a_cell_is_found_read_out_and_opened(page: Page, address: str) -> None:
    driver.visit(page, address, QUICK + "&seed=12")
    cell = page.locator(f"#{ids.SWEEP_CELL}")
    expect(cell).to_be_empty()
    page.locator(f"#{ids.SWEEP_CANCEL}").focus()
    page.locator(f"#{ids.SWEEP_KEYS}").focus()
    sweep = parse_sweep(f"landscape=quadratic&run=0.9&{AXES}&N=64&seed=12")
    for key in ("ArrowRight", "Home", "ArrowLeft", *["ArrowDown"] * 12, "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)  # from the middle into the corner, and one out of it
    expected = sweep.cell(1, 1)
    expect(cell).to_contain_text(f"β = {expected.contenders[0].momentum}, ")
    expect(cell).to_contain_text(f"η = {expected.step_size}; not computed yet; the law: ")
    frames = page.locator(".sweep-frame:visible")
    expect(frames).to_have_count(len(ids.SWEEP_GRAPHS))
    box, plot = frames.first.bounding_box(), page.locator(f"#{ids.SWEEP_MAP} .nsewdrag").first
    around = plot.bounding_box()
    assert box is not None
    assert around is not None
    column = (box["x"] + box["width"] / 2 - around["x"]) / around["width"] * 16
    row = 12 - (box["y"] + box["height"] / 2 - around["y"]) / around["height"] * 12
    assert (int(row), int(column)) == (1, 1)
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.search.includes('tab=sweep')")
    driver.wait_drawn(page)
    assert f"eta={expected.step_size}" in driver.query(page)
    assert f"run=0,{expected.contenders[0].text}&" in driver.query(page)


@pytest.mark.slow
def test_two_browsers_see_one_computation_reload_shows_it_and_cancel_stops_it(
    page: Page, context: BrowserContext, address: str, cache_home: Path
) -> None:
    driver.visit(page, address, SLOW)
    page.click(START)
    expect(page.locator(STATUS)).to_contain_text("Computing")
    page.wait_for_function(SOME)
    other = context.new_page()
    driver.visit(other, address, SLOW)
    expect(other.locator(STATUS)).to_contain_text("Computing")
    before = done(page)
    assert before > 0
    reaches(other, before)
    page.reload()
    driver.wait_drawn(page)
    expect(page.locator(STATUS)).to_contain_text("Computing")
    reaches(page, before)
    other.click(CANCEL)
    for one in (page, other):
        expect(one.locator(STATUS)).to_contain_text("Stopped; finished cells are kept.")
        expect(one.locator(CANCEL)).to_be_disabled()
        expect(one.locator(START)).to_have_text("Resume")
    assert not list((cache_home / "saddlescape" / "tiles").glob("*.wanted"))
    other.close()


@pytest.mark.slow
def test_explore_stays_live_while_a_sweep_runs(page: Page, address: str) -> None:
    driver.visit(page, address, SLOW + "&seed=3")
    page.click(START)
    expect(page.locator(STATUS)).to_contain_text("Computing")
    page.get_by_role("tab", name="Explore").click()
    page.wait_for_function("() => !location.search.includes('tab=sweep')")
    driver.wait_settled(page)
    counts = driver.drag(page, "rot", range(4, 44, 4))
    driver.release(page)
    assert counts[-1] > counts[0]
    driver.visit(page, address, SLOW + "&seed=3")  # the rotation made another sweep
    expect(page.locator(STATUS)).to_contain_text("Computing")
    page.click(CANCEL)
    expect(page.locator(STATUS)).to_contain_text(re.compile("Stopped|Not started"))


@pytest.mark.slow
def test_a_restarted_server_goes_on_by_itself(context: BrowserContext, tmp_path: Path) -> None:
    """In a tab of its own: what it says when its server is killed is no fault of the page."""
    query = f"{SLOW}&seed=7"
    own = {"XDG_CACHE_HOME": str(tmp_path), "CACHE_DIR": ""}
    other = context.new_page()
    server, address = start_server(**own)
    try:
        driver.visit(other, address, query)
        other.click(START)
        other.wait_for_function(SOME)
    finally:
        server.kill()
        server.wait(10)
    tiles_there = (tmp_path / "saddlescape" / "tiles").glob("tile-*")
    before = {file: file.stat().st_mtime_ns for file in tiles_there}
    assert before
    with running_server(**own) as address:
        driver.visit(other, address, query)
        expect(other.locator(STATUS)).to_contain_text("Computing")
        reaches(other, 32 * len(before))
        other.click(CANCEL)
        expect(other.locator(STATUS)).to_contain_text("Stopped")
        assert all(file.stat().st_mtime_ns == made for file, made in before.items())
    other.close()


def test_bad_axes_and_too_much_are_a_sentence(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=quadratic&tab=sweep&x=beta:0:2:9&y=what:1:2")
    notice = page.locator(f"#{ids.NOTICE_TEXT}")
    expect(notice).to_contain_text("beta:0:2:9")
    expect(notice).to_contain_text("what:1:2")
    driver.visit(page, address, "landscape=quadratic&T=1000000&N=1&tab=sweep&cellN=4096")
    expect(page.locator(f"#{ids.SWEEP_COST}")).to_contain_text("times the budget; lower paths to")
    expect(page.locator(START)).to_be_disabled()


@pytest.mark.slow
def test_axe_finds_nothing_and_no_desktop_scrolls(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    measured(page, address, f"{QUICK}&theme=light")
    for theme in ("light", "dark"):
        if theme == "dark":
            page.keyboard.press("d")
            driver.wait_query(page, "theme=dark")
            wait_filled(page)
        for width, height in ((1440, 900), (1280, 720), (390, 844)):
            where = f"{theme}, {width} × {height}"
            driver.resize(page, width, height)
            found = Axe().run(page, context=".sweep").response["violations"]
            assert not found, (where, [(v["id"], [n["target"] for n in v["nodes"]]) for v in found])
            if folder := os.environ.get("SADDLESCAPE_SCREENSHOTS"):
                page.screenshot(path=f"{folder}/sweep-{width}-{theme}.png")
            if width > 900:
                scrolls = page.evaluate("document.documentElement.scrollHeight > innerHeight")
                assert not scrolls, where
