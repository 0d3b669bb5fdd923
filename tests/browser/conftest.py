"""The real server in a process of its own, and a browser that forgives no error."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 30_000  # ms, for what is sure to come: a machine may be slow
expect.set_options(timeout=PATIENCE)
DRAWN = """() => saddlescape.GRAPHS.every(id => {
  const plot = saddlescape.graph(id);
  return plot && plot.querySelector('.scatterlayer .trace') && plot._fullLayout;
})"""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a running server, as it prints it itself."""
    command = [sys.executable, "-m", "app", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = (re.search(r"http://\S+/", line) for line in server.stdout)
        yield next(match[0] for match in found if match)
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        running = playwright.chromium.launch(executable_path=own, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page on which no console error, no exception and no foreign request is forgiven."""
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.on("pageerror", lambda error: faults.append(f"{error} {error.stack}"))
    page.on(
        "request",
        lambda sent: sent.url.startswith((address, "data:", "blob:")) or faults.append(sent.url),
    )
    yield page
    assert not faults
