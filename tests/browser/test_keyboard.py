"""The page by keyboard: shortcuts, tabs, fields, every slider."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.components.dialogs import shortcut_keys
from app.state.page_state import read
from app.state.sliders import SLIDERS
from app.tabs.registry import TAB_MODULES
from tests.browser import driver


def test_shortcuts_open_the_help_the_tabs_and_the_themes_and_never_a_field(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "T=20000&theme=light")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    for key, does in shortcut_keys(len(TAB_MODULES)).items():
        row = dialog.get_by_role("row").filter(has=page.get_by_text(does, exact=True))
        expect(row).to_contain_text(key)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("d")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    for number, module in enumerate(TAB_MODULES.values(), 1):
        page.keyboard.press(str(number))
        tab = page.get_by_role("tab", name=module.TITLE, exact=True)
        expect(tab).to_have_attribute("aria-selected", "true")
    page.keyboard.press("1")
    field = page.locator(f"#{ids.field('beta')}")
    field.focus()
    field.press("End")
    value = field.input_value()
    page.keyboard.type("s?")  # in a field a key is text
    expect(field).to_have_value(f"{value}s?")
    expect(dialog).to_be_hidden()


def test_every_slider_has_a_name_and_a_value(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000&run=0,boosted:0.5")
    visible = 0
    for key, slider in SLIDERS.items():
        thumb = driver.thumb(page, key)
        if not thumb.is_visible():
            continue
        visible += 1
        expect(thumb).to_have_attribute("aria-label", f"{slider.label} {slider.symbol}".strip())
        assert thumb.get_attribute("aria-valuetext"), key
    assert visible > len(SLIDERS) / 2


def test_arrows_home_and_end_move_a_slider(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000&run=0,0.5")
    for key in ("beta", "eta"):
        thumb, field = driver.thumb(page, key), page.locator(f"#{ids.field(key)}")
        thumb.focus()
        seen = field.input_value()
        for press in ("ArrowRight", "Home", "ArrowRight"):
            with driver.changed_query(page):  # an answer on its way may still show the last value
                page.keyboard.press(press)
            expect(field).not_to_have_value(seen)
            seen = field.input_value()
            expect(thumb).to_have_attribute("aria-valuetext", seen)
    thumb = driver.thumb(page, "beta")
    thumb.focus()
    for press, value in (("Home", 0.0), ("End", 0.9999)):
        with driver.changed_query(page):
            page.keyboard.press(press)
        assert read(driver.query(page))[0].experiment.contenders[-1].momentum == value
        expect(thumb).to_have_attribute("aria-valuetext", f"{value:g}")


def test_keys_of_a_slider_go_from_round_value_to_round_value(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=quadratic&eta=0.316228&run=0,0.9&T=200&N=1")
    for key, presses in {
        "eta": (
            ("ArrowRight", "0.32"), ("ArrowLeft", "0.316228"), ("ArrowLeft", "0.31"),
            ("Shift+ArrowRight", "0.4"), ("PageUp", "0.5"), ("PageDown", "0.4"),
        ),
        "N": (("ArrowRight", "2"), ("ArrowRight", "3"), ("ArrowLeft", "2"), ("End", "4,096")),
        "beta": (("Home", "0"), ("Shift+ArrowRight", "0.1"), ("PageUp", "0.2"), ("PageUp", "0.3")),
    }.items():  # fmt: skip
        driver.thumb(page, key).focus()
        for press, value in presses:
            page.keyboard.press(press)
            expect(page.locator(f"#{ids.field(key)}")).to_have_value(value)


@pytest.mark.slow
def test_a_drag_passes_over_round_values(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=quadratic&run=0,0.5&T=200&N=1")
    start = driver.grab(page, "beta")
    seen = set()
    for offset in range(-6, 13):
        driver.move_held(page, start, (offset,))
        driver.wait_idle(page)
        seen.add(page.locator(f"#{ids.field('beta')}").input_value())
    driver.release(page)
    assert {"0.3", "0.5", "0.7"} <= seen
