"""Address, Share and screen agree after any sequence of actions."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.lessons.parser import lessons
from app.tabs.registry import TAB_MODULES
from simulation.presets import PRESETS
from tests.browser import driver
from tests.marks import breadth

SEQUENCES = int(os.environ.get("SEQUENCES", "60"))
ACTIONS = 10  # of a sequence
START = "run=0,0.9&T=20000"
KEYS = ("ArrowRight", "ArrowLeft", "ArrowUp", "Home", "End")
SLIDERS = ("beta", "eta", "eig-stable", "R", "N")


def open_tab(page: Page, random: Random) -> str:
    title = random.choice(list(TAB_MODULES.values())).TITLE
    page.get_by_role("tab", name=title).click()
    return f"tab {title}"


def open_lesson(page: Page, random: Random) -> str:
    number = random.randint(1, len(lessons()))
    page.get_by_role("tab", name="Lessons").click()
    listed = page.get_by_role("link", name=f"Lesson {number}:")
    if not listed.is_visible():
        page.get_by_role("link", name="All").click()
    listed.click()
    return f"lesson {number}"


def reveal(page: Page, random: Random) -> str:
    button = page.get_by_role("button", name="Reveal")
    if button.is_visible():
        button.click()
    return "reveal"


def choose_experiment(page: Page, random: Random) -> str:
    number = random.randrange(len(PRESETS))
    page.get_by_role("button", name="Experiments").click()
    page.locator(f"#{ids.preset(number)}").click()
    return f"experiment {number}"


def press_on_slider(page: Page, random: Random) -> str:
    key, pressed = random.choice(SLIDERS), random.choice(KEYS)
    thumb = driver.thumb(page, key)
    if thumb.is_visible() and thumb.is_enabled():
        thumb.press(pressed)
    return f"{key} {pressed}"


def drag_slider(page: Page, random: Random) -> str:
    key, offsets = random.choice(SLIDERS), [random.randint(-40, 40) for _ in range(3)]
    if driver.thumb(page, key).is_visible():
        x, y = driver.grab(page, key)
        for offset in offsets:
            page.mouse.move(x + offset, y)
        page.mouse.up()
    return f"{key} dragged by {offsets}"


def choose_optimizer(page: Page, random: Random) -> str:
    chips = page.locator(".chip:visible")
    if chips.count():
        chips.nth(random.randrange(chips.count())).click()
    return "chip"


def add_optimizer(page: Page, random: Random) -> str:
    button = page.locator(f"#{ids.CHIP_ADD}")
    if button.is_visible() and button.is_enabled():
        button.click()
    return "add"


def another_seed(page: Page, random: Random) -> str:
    if page.locator(f"#{ids.DICE}").is_visible():
        page.locator(f"#{ids.DICE}").click()
    return "seed"


def go_back(page: Page, random: Random) -> str:
    if page.evaluate("navigation.canGoBack"):  # to a page of this server
        page.go_back()
    return "Back"


def reload(page: Page, random: Random) -> str:
    page.reload()
    return "reload"


DO: tuple[Callable[[Page, Random], str], ...] = (
    open_tab, open_tab, open_lesson, reveal, choose_experiment, press_on_slider, press_on_slider,
    drag_slider, drag_slider, choose_optimizer, add_optimizer, another_seed, go_back, reload,
)  # fmt: skip


def expect_agreement(page: Page) -> None:
    """The plots hold what the address means, and Share's link is the address."""
    driver.wait_drawn(page)
    driver.wait_idle(page)
    driver.expect_query_drawn(page)
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(f"#{ids.SHARE_LINK}")).to_have_value(page.url.removesuffix("?"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("seed", breadth(range(SEQUENCES), range(min(5, SEQUENCES))))
def test_address_share_and_screen_agree(page: Page, address: str, seed: int) -> None:
    random = Random(seed)
    driver.visit(page, address, START)
    done: list[str] = []
    try:
        for _ in range(ACTIONS):
            done.append(random.choice(DO)(page, random))
            driver.wait_idle(page)
        expect_agreement(page)
    except Exception as fault:
        fault.add_note(f"after {done}: {page.url}")
        raise
