"""The time bar: one cursor on every plot, moved in the browser without a request."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from app.lessons.parser import lessons
from tests.browser import driver
from tests.marks import breadth

RUN = "run=0,0.9&T=20000&landscape=quadratic&N=1"


def at(page: Page) -> int:
    return int(page.evaluate("probe.cursorStep()"))


def placed(page: Page) -> None:
    page.wait_for_function("() => probe.cursorPlaced()")


def expect_same_everywhere(page: Page) -> None:
    driver.wait_frames(page)
    step = at(page)
    for graph, seen in page.evaluate("probe.cursorLines()").items():
        _, end = page.evaluate("id => probe.axisRange(id)", graph)
        assert end < 20_000  # it fits the escapes
        if seen is None:
            assert step > end * 0.9, graph
        else:
            assert abs(seen - step) <= end / 200, (graph, seen, step)  # half a pixel or so


def test_playing_moves_one_cursor_on_every_plot_and_asks_for_nothing(
    page: Page, address: str, requests: list[str]
) -> None:
    driver.visit(page, address, RUN)
    placed(page)
    page.get_by_role("button", name="To the start").click()
    assert at(page) == 0
    page.get_by_label("Speed").select_option("0.25")  # far from the end when it is paused
    requests.clear()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => probe.cursorStep() > 10")
    page.get_by_role("button", name="Pause").click()
    # A browser may look at the icon again when the address changes, before and after playing.
    assert [url for url in requests if "favicon" not in url] == []
    expect_same_everywhere(page)
    assert f"t={at(page)}" in driver.query(page).split("&")


def test_the_keyboard_steps_scrubs_and_plays(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    placed(page)
    slider = page.get_by_role("slider", name="Time", exact=True)
    slider.focus()
    slider.press("Home")
    assert at(page) == 0
    slider.press("End")
    assert at(page) == 20_000
    expect(slider).to_have_attribute("aria-valuetext", "step 20,000")
    slider.press("ArrowLeft")
    before = at(page)
    assert before < 20_000
    expect_same_everywhere(page)
    back, on = (
        page.get_by_role("button", name=f"One recorded step {way}") for way in ("back", "on")
    )
    back.press("Enter")
    assert at(page) < before
    on.press("Enter")
    assert at(page) == before
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")  # beyond the end of the plots it starts again
    page.wait_for_function("before => probe.cursorStep() < before", arg=before)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_cursor_is_in_the_address_and_survives_a_drag(page: Page, address: str) -> None:
    driver.visit(page, address, f"{RUN}&t=3000")
    placed(page)
    start = at(page)
    assert abs(start - 3000) < 100
    driver.drag(page, "beta", (4, 8))
    assert at(page) == start
    driver.release(page)
    placed(page)
    assert at(page) == start
    assert "t=3000" in driver.query(page).split("&")
    expect_same_everywhere(page)


def test_the_arrows_add_up_to_the_step(page: Page, address: str) -> None:
    driver.visit(page, address, f"{RUN}&t=300")
    placed(page)
    ends = page.evaluate("""() => Object.fromEntries(
      [...document.querySelectorAll('.cursor-arrows .arrow')].map(arrow => {
        const [x0, y0, x1, y1] = arrow.querySelector('path').getAttribute('d')
          .split('M')[1].split(/[L,]/).map(Number);
        return [arrow.getAttribute('class').split('arrow-')[1], [x1 - x0, y1 - y0]];
      }))""")
    assert ends.keys() == {"gradient", "carried", "step"}
    for i in range(2):
        total = ends["gradient"][i] + ends["carried"][i]
        assert abs(total - ends["step"][i]) < 1.5  # px


def test_a_run_that_diverges_draws_no_broken_arrow(page: Page, address: str) -> None:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", note)
    driver.visit(page, address, "run=0,0.3,0.5,0.7,0.99224&eta=0.219")
    placed(page)
    page.get_by_role("slider", name="Time", exact=True).press("End")
    driver.wait_frames(page)
    page.remove_listener("console", note)
    assert not [words for words in said if "NaN" in words]


def test_the_note_over_the_map_fits_on_a_projector(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, "tab=lessons&lesson=6&reveal=1&theme=projector")
    placed(page)
    left, said, plot = page.evaluate("""() => {
      const note = document.querySelector('.cursor-note');
      const home = note.closest('.plot').getBoundingClientRect();
      return [note.getBoundingClientRect().left, note.textContent, home.left];
    }""")
    assert "escaped" in said
    assert left >= plot


def nearest(page: Page) -> dict[str, str]:
    """Kind of an arrow → of that whose shaft is nearest to its name; a tie is its own."""
    found = page.evaluate("""() => {
      const shafts = [...document.querySelectorAll('.cursor-arrows .arrow')].map(arrow => {
        const [x0, y0, x1, y1] = arrow.querySelector('path').getAttribute('d')
          .split('M')[1].split(/[L,]/).map(Number);
        return [arrow.getAttribute('class').split('arrow-')[1], x0, y0, x1, y1];
      });
      const away = (x, y, [, x0, y0, x1, y1]) => {
        const [dx, dy] = [x1 - x0, y1 - y0];
        const t = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0), 1);
        return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
      };
      return [...document.querySelectorAll('.cursor-arrows text')].map(text => {
        const [x, y] = ['x', 'y'].map(a => +text.getAttribute(a));
        const kind = text.parentNode.getAttribute('class').split('arrow-')[1];
        return [kind, shafts.map(shaft => [shaft[0], away(x, y, shaft)])];
      });
    }""")
    out = {}
    for kind, ways in found:
        least = min(way for _, way in ways)
        out[kind] = kind if dict(ways)[kind] <= least + 1 else min(ways, key=lambda w: w[1])[0]
    return out


LAST_LESSON = "tab=lessons&lesson=8&reveal=1"
FOURTH = lessons()[3].query  # the lesson itself shows no map


@pytest.mark.parametrize(
    "query",
    breadth(
        ["tab=lessons&lesson=2", FOURTH, LAST_LESSON, ""],
        [LAST_LESSON, ""],
    ),
)
def test_the_arrows_names_are_on_the_map_and_apart(page: Page, address: str, query: str) -> None:
    """Also where the tip is outside: the step is named beside its shaft then."""
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, query)
    placed(page)
    boxes, ground = page.evaluate("""() => {
      const box = (e) => { const {left, right, top, bottom} = e.getBoundingClientRect();
                           return [left, right, top, bottom]; };
      const names = [...document.querySelectorAll('.cursor-arrows text')];
      const map = document.querySelector('#cursor-clip rect'); // not rendered: it has no box
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(a => +map.getAttribute(a));
      const {left, top} = map.ownerSVGElement.getBoundingClientRect();
      const ground = [left + x, left + x + width, top + y, top + y + height];
      return [names.map(e => [e.textContent, box(e)]), ground];
    }""")
    found = nearest(page)
    assert found == {kind: kind for kind in found}
    assert any(said.startswith("step") for said, _ in boxes)
    for i, (_, a) in enumerate(boxes):
        assert ground[0] - 1 <= a[0] < a[1] <= ground[1] + 1
        assert ground[2] - 1 <= a[2] < a[3] <= ground[3] + 1
        for _, b in boxes[:i]:
            assert a[1] <= b[0] + 1 or b[1] <= a[0] + 1 or a[3] <= b[2] + 3 or b[3] <= a[2] + 3


def test_a_click_on_a_plot_over_time_puts_the_cursor_there(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    placed(page)
    driver.click_at_step(page, "value", 3_000)
    assert abs(at(page) - 3_000) < 150
    expect_same_everywhere(page)
    assert re.search(r"(^|&)t=\d+", driver.query(page))


def test_numbers_under_the_bar_say_where_its_steps_are_and_none_meets_another(
    page: Page, address: str
) -> None:
    """The bar runs over recorded steps, which lie densely at the beginning."""
    for query in (RUN, f"{RUN}&theme=projector"):
        driver.visit(page, address, query)
        placed(page)
        slider = page.get_by_role("slider", name="Time", exact=True)
        track = slider.bounding_box()
        assert track is not None
        seen = page.evaluate(
            "() => [...document.querySelectorAll('.time-scale span')].map(e => "
            "[Number(e.textContent.replaceAll(',', '')), e.getBoundingClientRect().left, "
            "e.getBoundingClientRect().right]).sort((a, b) => a[0] - b[0])"
        )
        assert (seen[0][0], seen[-1][0]) == (0, 20_000)
        assert len(seen) > 2
        for (_, _, right), (_, left, _) in pairwise(seen):
            assert right < left
        step, left, right = seen[1]  # pressed above its number, the cursor goes there
        middle = track["y"] + track["height"] / 2
        page.mouse.click((left + right) / 2, middle)
        assert abs(at(page) - step) <= max(0.2 * step, 3)
        assert step / 20_000 < ((left + right) / 2 - track["x"]) / track["width"]
