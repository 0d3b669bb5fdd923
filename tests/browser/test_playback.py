"""Playback: from the start, from escape to escape, and under a dialog."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import driver
from tests.browser.test_time_bar import RUN, at, placed

VEIL = """() => [...document.querySelectorAll('.stack .plot')].map(home => {
  const veil = home.querySelector('.cursor-veil'), line = home.querySelector('.cursor-line');
  const shown = veil.getAttribute('visibility') === 'visible';
  return [shown, Number(veil.getAttribute('x')), Number(line.getAttribute('x1'))];
})"""


def test_the_page_opens_with_whole_curves_and_playing_draws_them(page: Page, address: str) -> None:
    """Play starts from 0; what is to come is faint from the cursor on, in every plot."""
    driver.visit(page, address, RUN)
    placed(page)
    opening = at(page)
    assert opening > 0
    assert [shown for shown, _, _ in page.evaluate(VEIL)] == [False] * 3
    page.get_by_label("Speed").select_option("0.25")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("before => probe.cursorStep() < before", arg=opening)
    page.wait_for_function("() => probe.cursorStep() > 10")
    page.get_by_role("button", name="Pause").click()
    driver.wait_frames(page)
    for shown, veil, line in page.evaluate(VEIL):
        assert shown
        assert abs(veil - line) < 0.01
    page.get_by_role("slider", name="Time", exact=True).press("End")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("f")  # after the last escape: the opening picture again
    assert at(page) == opening
    assert [shown for shown, _, _ in page.evaluate(VEIL)] == [False] * 3
    assert "t=" not in driver.query(page)


def test_keys_start_step_and_go_from_escape_to_escape(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    placed(page)
    first = at(page)
    page.keyboard.press("Home")
    assert at(page) == 0
    page.keyboard.press(".")
    step = at(page)
    assert step > 0
    page.keyboard.press(".")
    page.keyboard.press(",")
    assert at(page) == step
    page.keyboard.press("f")
    assert at(page) == first
    assert f"escaped at {first:,}" in (page.text_content(".cursor-note") or "")
    page.keyboard.press("f")
    assert at(page) > first
    page.get_by_role("slider", name="Momentum").first.focus()
    page.keyboard.press("Home")  # of the slider
    assert at(page) != 0


def test_playback_stops_at_each_escape_if_asked(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    placed(page)
    first = at(page)
    page.get_by_label("Speed").select_option("4 stop")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Play").wait_for()
    assert at(page) == first
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("before => probe.cursorStep() > before", arg=first)
    page.get_by_role("button", name="Play").wait_for()
    assert first < at(page) < 20_000
    assert "escaped at" in (page.text_content(".cursor-note") or "")


def test_playback_ends_where_the_plots_do_and_starts_again(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    placed(page)
    page.get_by_role("slider", name="Time", exact=True).press("End")
    assert at(page) == 20_000  # beyond the plots
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => probe.cursorStep() < 20_000")
    page.get_by_role("button", name="Play").wait_for()
    _, end = page.evaluate("probe.axisRange('distance')")
    assert 0.9 * end < at(page) <= end < 20_000


def test_time_waits_under_a_dialog_and_goes_on_from_there(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000&run=0,0.5")
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    page.wait_for_function("() => probe.cursorStep() > 0")
    page.keyboard.press("s")
    expect(page.get_by_role("dialog")).to_be_visible()
    driver.wait_frames(page)
    held = page.evaluate("probe.cursorStep()")
    for _ in range(10):
        driver.wait_frames(page)
    assert page.evaluate("probe.cursorStep()") == held
    page.keyboard.press("Escape")
    page.wait_for_function("held => probe.cursorStep() > held", arg=held)
