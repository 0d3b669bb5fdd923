"""Explore's drags and key presses during a sweep on the same server, relative to those without.

`python -m benchmarks.page.beside_sweep [TURNS]`. One server, one browser; rounds alternate between
no sweep and one started on the Sweep tab of a second page and cancelled at the end of the round.
Each round is a drag of 3 s and some key presses.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile

from playwright.sync_api import Page, expect, sync_playwright

from app import ids
from benchmarks.common.measure import machine, quantiles
from benchmarks.page.drag import Plan, dragged
from benchmarks.page.visit import OURS, Opened, chromium, new_seed, served, watched

# Nothing escapes and every path takes its 20,000 steps: minutes of one core.
SWEEP = "landscape=quadratic&run=0.9&T=20000&R=100&tab=sweep&cellN=256" \
        "&x=beta:0:0.5:32&y=eta:1e-7:1e-6:96:log"  # fmt: skip
PRESSES = 10
WAYS = ("alone", "beside a sweep")


def turn(one: Opened, rates: list[float], times: list[float]) -> None:
    """One drag, and key presses a quarter of a second apart, all over values not seen yet."""
    rates.append(dragged(one, Plan()).rate)
    new_seed(one.page, 0)
    for _ in range(PRESSES):
        took = one.page.evaluate("key => press(key)", "ArrowRight")
        one.page.wait_for_timeout(250)
        if took is not None:
            times.append(took)


def computing(sweep: Page, address: str) -> None:
    """Starts the sweep, waits until its first cells are there, and leaves."""
    sweep.goto(f"{address}?{SWEEP}")
    sweep.click(f"#{ids.SWEEP_START}")
    expect(sweep.locator(f"#{ids.SWEEP_STATUS}")).to_contain_text("left", timeout=60_000)
    sweep.goto("about:blank")


def cancelled(sweep: Page, address: str) -> None:
    """Cancels it; raises where it had ended before."""
    sweep.goto(f"{address}?{SWEEP}")
    expect(sweep.locator(f"#{ids.SWEEP_STATUS}")).to_contain_text("Computing")
    sweep.click(f"#{ids.SWEEP_CANCEL}")
    expect(sweep.locator(f"#{ids.SWEEP_STATUS}")).to_contain_text("Stopped")


def main() -> None:
    """Prints pictures a second and key press to pixels, both ways, and their ratios."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        os.environ |= {"XDG_CACHE_HOME": cache, "CACHE_DIR": ""}  # no tile is there beforehand
        with chromium(playwright) as browser, served(OURS, 0) as (address, pid):
            one = Opened(watched(browser, address), pid)
            sweep = browser.new_context().new_page()
            turn(one, [], [])  # warms all
            for _ in range(turns):
                turn(one, rates["alone"], times["alone"])
                computing(sweep, address)
                turn(one, rates["beside a sweep"], times["beside a sweep"])
                cancelled(sweep, address)
    for way in WAYS:
        p50, p95 = quantiles(times[way], 0.5, 0.95)
        rate = statistics.median(rates[way])
        print(f"  {way:15} {rate:5.1f} pictures a second; press to pixels p50 {p50:.0f}, "
              f"p95 {p95:.0f} ms")  # fmt: skip
    alone, beside = (statistics.median(rates[way]) for way in WAYS)
    soon, late = (statistics.median(times[way]) for way in WAYS)
    print(f"pictures a second, alone over beside a sweep: {alone / beside:.2f} (reach ≤ 2); "
          f"press to pixels, beside over alone: {late / soon:.2f}; {machine()}")  # fmt: skip


if __name__ == "__main__":
    main()
