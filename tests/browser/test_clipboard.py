"""Copying where the Clipboard API is missing (plain http) or refused (a frame without permission).

What was copied is read back by pasting it.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from tests.browser import driver

MISSING = "Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})"
REFUSED = "void (navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')))"
WAYS = pytest.mark.parametrize("way", [MISSING, REFUSED], ids=["plain http", "a frame"])


def pasted(page: Page) -> str:
    """What Ctrl+V brings into a text area made for it."""
    page.evaluate("""() => {
      const field = document.createElement('textarea');
      field.id = 'pasted';
      const open = [...document.querySelectorAll('[role=dialog]')].find(box => box.offsetWidth);
      (open || document.body).append(field); // an open dialog keeps the focus inside itself
      field.focus();
    }""")
    page.keyboard.press("Control+v")
    text = page.locator("#pasted").input_value()
    page.evaluate("document.getElementById('pasted').remove()")
    return text


@WAYS
def test_the_link_and_a_script_are_copied(page: Page, address: str, way: str) -> None:
    driver.visit(page, address, "run=0,0.7&T=20000")
    page.evaluate(way)
    page.get_by_role("button", name="Share", exact=True).click()
    button = page.get_by_role("button", name="Copy: Link")
    button.click()
    expect(page.locator(f"#{ids.SHARE_SAID}")).to_have_text("Copied.")
    expect(button).to_be_focused()
    assert pasted(page) == f"{address}?run=0,0.7&T=20000"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Export", exact=True).click()
    page.locator("[data-script=numpy]").click()
    expect(page.locator(f"#{ids.TAKE_SAID}")).to_contain_text("Copied: a NumPy script")
    assert "def gradient" in pasted(page)


@pytest.mark.parametrize("way", [MISSING])
def test_the_line_for_pytorch_is_copied(page: Page, address: str, way: str) -> None:
    driver.visit(page, address, "run=0,0.9&tab=choose&T=20000")
    page.evaluate(way)
    page.locator(f"[data-copy-of={ids.CHOOSE_CODE}]").click()
    expect(page.locator(f"#{ids.NOTICE_TEXT}")).to_have_text("The line is copied.")
    assert pasted(page) == page.locator(f"#{ids.CHOOSE_CODE}").text_content()
