"""Slider to pixels and the drag, the page and the naive page side by side: prints the ratios.

`python -m benchmarks.page [PRESSES]`. The presses alternate between the two pages in one browser,
so that what else the machine does falls on both.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app import ids

WATCH = (Path(__file__).parent / "watch.js").read_text()
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
NAMES = ("ours", "naive")


@contextmanager
def served(name: str, delay: float) -> Iterator[str]:
    """The address of a page served with `delay` ms added to each answer."""
    command = [sys.executable, "-m", "benchmarks.page.serve", name, str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        finally:
            server.terminate()


def watched(browser: Browser, address: str) -> Page:
    """The page, drawn and watched."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(address)
    for graph in ids.GRAPHS:
        page.wait_for_selector(f"#{graph} .scatterlayer .trace", state="attached")
    page.evaluate(WATCH, list(ids.GRAPHS))
    return page


def quantiles(times: list[float]) -> tuple[float, float]:
    """p50 and p95."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def presses(browser: Browser, count: int) -> None:
    """Prints slider key press to redrawn pixels, ms."""
    with ExitStack() as stack:
        pages = {name: watched(browser, stack.enter_context(served(name, 0))) for name in NAMES}
        times: dict[str, list[float]] = {name: [] for name in NAMES}
        for n in range(count + 5):
            for name, page in pages.items():
                page.bring_to_front()
                took = page.evaluate("key => press(key)", "ArrowLeft" if n % 2 else "ArrowRight")
                page.wait_for_function("() => new Promise(f => setTimeout(() => f(true), 250))")
                if n >= 5 and took is not None:  # the first few warm both
                    times[name].append(took)
        (p50, p95), (n50, n95) = (quantiles(times[name]) for name in NAMES)
        print(f"slider to pixels, {count} presses each, ms")
        print(f"  naive  p50 {n50:6.1f}  p95 {n95:6.1f}")
        print(
            f"  ours   p50 {p50:6.1f}  p95 {p95:6.1f}   over naive {p50 / n50:.2f} {p95 / n95:.2f}"
        )


def drags(browser: Browser, delay: float, seconds: float, repeats: int) -> None:
    """Prints updates drawn per second while dragging, and the time from release to rest."""
    print(f"dragging at 20 events a second for {seconds:g} s, {delay:g} ms network")
    with ExitStack() as stack:
        pages = {name: watched(browser, stack.enter_context(served(name, delay))) for name in NAMES}
        seen: dict[str, list[dict[str, float]]] = {name: [] for name in NAMES}
        for _ in range(repeats):
            for name, page in pages.items():
                page.bring_to_front()
                seen[name].append(page.evaluate("seconds => drag(seconds)", seconds))
        for name in reversed(NAMES):
            rate = statistics.median(one["rate"] for one in seen[name])
            settled = statistics.median(one["settled"] for one in seen[name])
            print(
                f"  {name:6} {rate:5.1f} updates a second, settled {settled:5.0f} ms after release"
            )


def main() -> None:
    """Runs all three and prints them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=own, args=QUIET)
        presses(browser, count)
        for delay in (0, 60):
            drags(browser, delay, seconds=3, repeats=3)
        browser.close()


if __name__ == "__main__":
    main()
