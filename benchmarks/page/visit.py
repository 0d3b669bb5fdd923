"""The pages that stand side by side: each served in a process of its own, opened in one browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from app import ids
from benchmarks.common.revision import ROOT, environment

HERE = Path(__file__).parent
SCRIPTS = tuple((HERE / name).read_text() for name in ("press.js", "drag.js"))
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
PATIENCE = 60_000  # ms


@dataclass(frozen=True, slots=True)
class Side:
    """A page to measure: its name in the tables, which app it is, and whose code it runs."""

    name: str
    app: str = "ours"
    tree: Path = ROOT


OURS, NAIVE = Side("ours"), Side("naive", app="naive")


@contextmanager
def served(side: Side, delay: float) -> Iterator[tuple[str, int]]:
    """Address and process id of a server that adds `delay` ms to each answer."""
    command = [sys.executable, str(HERE / "serve.py"), side.app, str(delay)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=side.tree, env=environment(side.tree)
    ) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/", server.pid
        finally:
            server.terminate()


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium where there is one, else Playwright's."""
    own = shutil.which("chromium") or shutil.which("chromium-browser")
    browser = playwright.chromium.launch(executable_path=own, args=QUIET)
    try:
        yield browser
    finally:
        browser.close()


def watched(browser: Browser, address: str) -> Page:
    """The page, drawn and watched."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    for graph in ids.GRAPHS:
        page.wait_for_selector(f"#{graph} .scatterlayer .trace", state="attached")
    for script in SCRIPTS:
        page.evaluate(script, list(ids.GRAPHS))
    return page


def new_seed(page: Page, delay: float) -> None:
    """Put the page in front, on a seed that was not used before (the naive page keeps none)."""
    page.bring_to_front()
    page.evaluate("() => document.querySelector('[data-dice=seed]')?.click()")
    page.wait_for_timeout(1000 + 3 * delay)


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that is open, with the process that serves it."""

    page: Page
    server: int


@contextmanager
def side_by_side(
    browser: Browser, sides: tuple[Side, ...], delay: float
) -> Iterator[Mapping[Side, Opened]]:
    """All sides, served and open in one browser."""
    with ExitStack() as stack:
        opened = {}
        for side in sides:
            address, pid = stack.enter_context(served(side, delay))
            opened[side] = Opened(watched(browser, address), pid)
        yield opened
        for one in opened.values():
            one.page.context.close()
