"""The page and the naive page side by side: prints times, bytes and ratios.

`python -m benchmarks.page [--presses 60] [--drags 3] [--loads 7]`; 0 leaves one out. Presses, drags
and loads alternate between the two pages in one browser, so that what else the machine does falls
on both.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app import ids
from benchmarks.page.loading import NETWORKS, loads
from benchmarks.page.visit import NAMES, served

WATCH = (Path(__file__).parent / "watch.js").read_text()
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def watched(browser: Browser, address: str) -> Page:
    """The page, drawn and watched."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(address)
    for graph in ids.GRAPHS:
        page.wait_for_selector(f"#{graph} .scatterlayer .trace", state="attached")
    page.evaluate(WATCH, list(ids.GRAPHS))
    return page


def dragged(page: Page, seconds: float) -> dict[str, float]:
    """One drag over runs that were not asked for before (the naive page keeps none)."""
    page.bring_to_front()
    page.evaluate("() => document.querySelector('[data-dice=seed]')?.click()")
    page.wait_for_timeout(1000)
    seen: dict[str, float] = page.evaluate("seconds => drag(seconds)", seconds)
    return seen


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
                seen[name].append(dragged(page, seconds))
        for name in reversed(NAMES):
            rate = statistics.median(one["rate"] for one in seen[name])
            settled = statistics.median(one["settled"] for one in seen[name])
            written = statistics.median(one["written"] for one in seen[name])
            print(
                f"  {name:6} {rate:5.1f} updates a second; after release the picture stands at "
                f"{settled:4.0f} ms and is last written at {written:4.0f} ms"
            )


def main() -> None:
    """Runs them and prints them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--drags", type=int, default=3)
    parser.add_argument("--loads", type=int, default=7)
    parser.add_argument("--network", choices=NETWORKS, nargs="*", default=list(NETWORKS))
    given = parser.parse_args()
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=own, args=QUIET)
        if given.presses:
            presses(browser, given.presses)
        for delay in (0, 60) if given.drags else ():
            drags(browser, delay, seconds=3, repeats=given.drags)
        for network in given.network if given.loads else ():
            loads(browser, given.loads, network)
        browser.close()


if __name__ == "__main__":
    main()
