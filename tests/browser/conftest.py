"""One server, browser and tab a worker; a fault of a page fails its test.

A new tab compiles all files again, as costly as three visits. A test that must see a first load,
with nothing cached, takes a context of its own from `browser`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.servers import running_server

HERE = Path(__file__).resolve().parent
MARKERS = {
    "browser": "needs Chromium and a running server",
    "slow": "left out of the default run: adds breadth, not another law",
}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host can be reached
)  # fmt: skip
TIMEOUT = 180_000  # ms, for what is sure to come: a machine may be slow
WINDOW: ViewportSize = {"width": 1440, "height": 900}
expect.set_options(timeout=TIMEOUT)


def pytest_configure(config: pytest.Config) -> None:
    known = {str(line).partition(":")[0] for line in config.getini("markers")}
    for name, meaning in MARKERS.items():
        if name not in known:
            config.addinivalue_line("markers", f"{name}: {meaning}")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache folder of this worker's server: no sweep has been computed before."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def address(cache_home: Path) -> Iterator[str]:
    """The address of this worker's server."""
    with running_server(XDG_CACHE_HOME=str(cache_home), CACHE_DIR="") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        running = playwright.chromium.launch(executable_path=own, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def tab_media() -> dict[str, Any]:
    """The media features that a module's tab emulates (`Page.emulate_media`)."""
    return {}


@pytest.fixture(scope="module")
def context_options() -> dict[str, Any]:
    """What a module's context emulates beside media features: then it is a context of its own."""
    return {}


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(viewport=WINDOW, **options)
    context.set_default_timeout(TIMEOUT)
    context.add_init_script(path=HERE / "probe.js")
    return context


@pytest.fixture(scope="session")
def shared_tab(browser: Browser) -> Iterator[Page]:
    """The worker's tab: the files of the page are cached and compiled after its first visit."""
    context = new_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def tab(
    browser: Browser,
    tab_media: dict[str, Any],
    context_options: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """The module's tab: the worker's, unless the module's context has options."""
    if context_options:
        with new_context(browser, **context_options) as own:
            yield own.new_page()
        return
    tab: Page = request.getfixturevalue("shared_tab")
    tab.emulate_media(**tab_media)
    yield tab
    tab.emulate_media(**dict.fromkeys(tab_media, "null"))


@pytest.fixture(scope="module")
def context(tab: Page) -> BrowserContext:
    return tab.context


class Faults(list[str]):
    """Console errors, exceptions and requests to other hosts of a tab, while it is watched."""

    def __init__(self, tab: Page, address: str) -> None:
        self._tab, self._own = tab, (address, "data:", "blob:")
        self._heard = {"console": self._say, "pageerror": self._fail, "request": self._ask}
        for event, listener in self._heard.items():
            tab.on(event, listener)  # type: ignore[call-overload]

    def close(self) -> None:
        for event, listener in self._heard.items():
            self._tab.remove_listener(event, listener)

    def _say(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.append(f"{message.text} {message.location}")

    def _fail(self, error: Error) -> None:
        self.append(f"{error} {error.stack}")

    def _ask(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.append(request.url)


@pytest.fixture
def page(tab: Page, address: str) -> Iterator[Page]:
    """The tab as if new; at the end no console error, exception or foreign request."""
    faults = Faults(tab, address)
    yield tab
    faults.close()
    reset(tab)
    assert not faults


@pytest.fixture
def requests(page: Page) -> Iterator[list[str]]:
    """The addresses that the page has asked for during the test."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    yield asked
    page.remove_listener("request", note)


def reset(tab: Page) -> None:
    """Forget what a test left: storage, history, routes, permissions, window, other tabs."""
    for other in tab.context.pages:
        if other is not tab:
            other.close()
    tab.unroute_all(behavior="ignoreErrors")
    tab.mouse.up()
    tab.mouse.move(0, 0)
    if tab.url.startswith("http"):
        tab.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    tab.context.clear_cookies()
    tab.context.clear_permissions()
    if tab.viewport_size != WINDOW:
        tab.set_viewport_size(WINDOW)
    session = tab.context.new_cdp_session(tab)
    session.send("Page.resetNavigationHistory")
    session.detach()
