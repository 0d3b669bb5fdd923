"""Contact sheets: each tab, lesson, dialog and formula as a reader sees it, to be looked at.

`python -m benchmarks.contact_sheets [--out FOLDER] [--only NAME …] [--windows NAME …]` writes a PNG
for each subject and window. Prints its path and what the browser's console said.
"""

from __future__ import annotations

import argparse
import base64
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Browser, Page, sync_playwright

from app.lessons.parser import lessons
from app.tabs.registry import TAB_MODULES
from tests.browser import driver
from tests.browser.conftest import FLAGS
from tests.browser.servers import running_server

PROBE = Path(__file__).parents[1] / "tests" / "browser" / "probe.js"
OUT = Path(".cache/contact-sheets")
TIMEOUT = 120_000  # ms
COLUMNS = {1440: 3, 1280: 3, 390: 6}  # of pictures, by the window's width
SCALE = 0.6  # of a picture on its sheet


@dataclass(frozen=True, slots=True)
class Window:
    """A window's size in px, and the theme that its links have."""

    width: int
    height: int
    theme: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its caption, the link's query, and the key pressed once the page is drawn."""

    caption: str
    query: str
    key: str = ""


WINDOWS: Mapping[str, Window] = MappingProxyType({
    "light": Window(1440, 900, "light"),
    "dark": Window(1440, 900, "dark"),
    "small": Window(1280, 720, "light"),
    "projector": Window(1280, 720, "projector"),
    "phone": Window(390, 844, "light"),
    "phone-dark": Window(390, 844, "dark"),
})  # fmt: skip
FORMULAS: Mapping[str, str] = MappingProxyType({
    "double well": "landscape=formula&f=x^4/4-x^2/2%2By^2/2&run=0,0.9&T=3000",
    "waves": "landscape=formula&f=sin(x)*cos(y)%2B0.1*(x^2%2By^2)&run=0,0.5,0.9&T=3000",
    "three weights": "landscape=formula&f=(u*v*w-1)^2/2&run=0,adam:0.9&T=3000",
})  # fmt: skip
RACE = "landscape=quadratic&run=0,0.5,0.9,adam:0.9&T=5000"


def subjects() -> dict[str, list[Shot]]:
    """Return name → the pictures on its sheet."""
    tabs = [(key, module.TITLE) for key, module in TAB_MODULES.items()]
    asked = [Shot(f"lesson {a.number}", f"tab=lessons&lesson={a.number}") for a in lessons()]
    answered = [Shot(f"{shot.caption}, revealed", f"{shot.query}&reveal=1") for shot in asked]
    dialogs = {"Share": "s", "Export": "t", "About and keys": "?"}
    return {
        "first-screen": [Shot(title, f"tab={key}") for key, title in tabs],
        "tabs": [Shot(title, f"{RACE}&tab={key}") for key, title in tabs],
        "lessons": [shot for pair in zip(asked, answered, strict=True) for shot in pair],
        "dialogs": [*(Shot(title, RACE, key) for title, key in dialogs.items()),
                    Shot("Present", f"{RACE}&view=present"), Shot("frame", f"{RACE}&view=embed")],
        "formulas": [Shot(f"{name}: {title}", f"{query}&tab={key}")
                     for name, query in FORMULAS.items() for key, title in tabs],
    }  # fmt: skip


def opened(browser: Browser, window: Window) -> Page:
    """Return a page of a window's size that prints what its console says."""
    context = browser.new_context(viewport={"width": window.width, "height": window.height})
    context.add_init_script(path=PROBE)
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"  error: {error}", flush=True))
    page.on("console", lambda said: print(f"  {said.type}: {said.text[:200]}", flush=True)
            if said.type in ("error", "warning") else None)  # fmt: skip
    return page


def pictures(page: Page, address: str, window: Window, shots: list[Shot]) -> Iterator[str]:
    """Yield an HTML figure for each shot, its picture inline."""
    for shot in shots:
        driver.visit(page, address, f"{shot.query}&theme={window.theme}")
        driver.wait_drawn(page)
        driver.wait_idle(page)
        if shot.key:
            page.keyboard.press(shot.key)
            page.get_by_role("dialog").wait_for()
        driver.wait_frames(page)
        data = base64.b64encode(page.screenshot()).decode()
        width = round(SCALE * window.width)
        yield (f'<figure><img width="{width}" src="data:image/png;base64,{data}">'
               f"<figcaption>{shot.caption}</figcaption></figure>")  # fmt: skip


def sheet(browser: Browser, figures: list[str], window: Window, file: Path) -> None:
    """Write the figures as one PNG."""
    columns = COLUMNS[window.width]
    grid = f"display:grid;grid-template-columns:repeat({columns},max-content);gap:12px"
    style = f"body{{{grid};font:14px sans-serif}}figure{{margin:0}}img{{border:1px solid #888}}"
    page = browser.new_page(viewport={"width": 2700, "height": 800})
    page.set_content(f"<style>{style}</style>{''.join(figures)}")
    page.screenshot(path=file, full_page=True)
    page.close()


def main() -> None:
    """Write the sheets."""
    named = subjects()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--only", nargs="*", choices=tuple(named), default=tuple(named))
    parser.add_argument("--windows", nargs="*", choices=tuple(WINDOWS), default=tuple(WINDOWS))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, running_server() as address:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name in given.windows:
            window = WINDOWS[name]
            page = opened(browser, window)
            for subject in given.only:
                file = given.out / f"{subject}-{name}.png"
                sheet(browser, [*pictures(page, address, window, named[subject])], window, file)
                print(file, flush=True)
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
