"""Typing a function into the page: from a key press to the redrawn pixels."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from app import ids
from benchmarks.common.measure import machine, quantiles
from benchmarks.page.visit import OURS, served, watched

SCRIPT = (Path(__file__).parent / "typing.js").read_text()
WARM = 5  # keys that do not count
REACH = 150  # ms


def typed(browser: Browser, count: int) -> None:
    """Print key press to redrawn pixels, ms; each key makes a function that was not seen yet.

    The text ends in a division sign, which is no function, so that nothing is drawn until a real
    key press puts a number behind it.
    """
    times: list[float] = []
    with served(OURS, 0) as (address, _):
        page = watched(browser, f"{address}?landscape=formula")
        page.evaluate(SCRIPT)
        field = page.locator(f"#{ids.field('f')}")
        for n in range(count + WARM):
            field.fill(f"x^4/4-{1 + n / 100:g}*x^2/2+y^2/")
            page.wait_for_timeout(400)
            page.evaluate("() => { window.waiting = window.typed(); }")
            page.keyboard.press("2")
            took = page.evaluate("() => window.waiting")
            if n >= WARM and took is not None:
                times.append(took)
        page.context.close()
    p50, p95 = quantiles(times, 0.5, 0.95)
    print(f"typing a function to pixels, {len(times)} of {count} keys, ms")
    print(f"  {OURS.name:8} p50 {p50:6.1f}  p95 {p95:6.1f}  (reach: p95 ≤ {REACH})")
    print(f"  {machine()}", flush=True)
