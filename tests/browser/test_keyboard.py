"""The page by keyboard: the map, every slider, the tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.dialogs import SHORTCUT_KEYS
from app.pages import PAGES
from app.sliders import SLIDERS
from tests.browser import hand


def test_the_shortcuts_are_shown_on_a_question_mark(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    for key, does in SHORTCUT_KEYS.items():
        row = dialog.get_by_role("row").filter(has=page.get_by_text(does, exact=True))
        expect(row).to_contain_text(key)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_digits_turn_to_the_tabs(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    for number, module in enumerate(PAGES.values(), 1):
        page.keyboard.press(str(number))
        expect(page.get_by_role("tab", name=module.TITLE, exact=True)).to_have_attribute(
            "aria-selected", "true"
        )


def test_a_key_typed_in_a_field_is_text(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000")
    page.locator(f"#{ids.field('beta')}").focus()
    page.keyboard.type("s?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_key_changes_the_theme(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000&theme=light")
    page.keyboard.press("d")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")


def test_every_slider_has_a_name_a_value_and_its_keys(page: Page, address: str) -> None:
    hand.visit(page, address, "T=20000&run=0,boosted:0.5")
    for key, slider in SLIDERS.items():
        thumb = hand.thumb(page, key)
        if not thumb.is_visible():
            continue
        expect(thumb).to_have_attribute("aria-label", f"{slider.label} {slider.symbol}".strip())
        assert thumb.get_attribute("aria-valuetext"), key


@pytest.mark.parametrize("key", ["beta", "eta"])
def test_arrows_home_and_end_move_a_slider(page: Page, address: str, key: str) -> None:
    hand.visit(page, address, "T=20000&run=0,0.5")
    thumb, text = hand.thumb(page, key), ids.field(key)
    thumb.focus()
    seen = [page.locator(f"#{text}").input_value()]
    for press in ("ArrowRight", "Home", "ArrowRight"):
        page.keyboard.press(press)
        expect(page.locator(f"#{text}")).not_to_have_value(seen[-1])
        hand.rest(page)
        seen.append(page.locator(f"#{text}").input_value())
        assert thumb.get_attribute("aria-valuetext") == seen[-1]
