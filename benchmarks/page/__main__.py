"""The page beside the naive page and another revision: prints times, ages, bytes and ratios.

`python -m benchmarks.page [--presses 60] [--typed 60] [--drags 3] [--traces 1] [--loads 7]
[--against REV]`; 0 leaves one out. `--network 0 60 150` and `--events 60` are the drags' ms of
network and values a second. Presses, drags and loads alternate between the pages in one browser,
so that what else the machine does falls on all of them; no value of a press or a drag comes twice.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from playwright.sync_api import Browser, sync_playwright

from benchmarks.common.measure import machine, quantiles
from benchmarks.common.revision import checked_out
from benchmarks.page.drag import Plan, drags, traces
from benchmarks.page.loading import NETWORKS, loads
from benchmarks.page.typing import typed
from benchmarks.page.visit import NAIVE, OURS, Side, chromium, new_seed, side_by_side

WARM = 5  # presses that do not count


def presses(browser: Browser, sides: tuple[Side, ...], count: int) -> None:
    """Prints slider key press to redrawn pixels, ms; each press goes on to a value not seen yet."""
    with side_by_side(browser, sides, 0) as opened:
        times: dict[Side, list[float]] = {side: [] for side in sides}
        for one in opened.values():
            new_seed(one.page, 0)
        for n in range(count + WARM):
            for side, one in opened.items():
                one.page.bring_to_front()
                took = one.page.evaluate("key => press(key)", "ArrowRight")
                one.page.wait_for_timeout(250)
                if n >= WARM and took is not None:
                    times[side].append(took)
    print(f"slider to pixels, {count} presses each, ms")
    ours = quantiles(times[OURS], 0.5, 0.95)
    for side in sides:
        its = quantiles(times[side], 0.5, 0.95)
        ratios = [f"{a / b:.2f}" for a, b in zip(ours, its, strict=True)]
        over = "" if side is OURS else f"   ours over it {' '.join(ratios)}"
        print(f"  {side.name:8} p50 {its[0]:6.1f}  p95 {its[1]:6.1f}{over}")
    print(f"  {machine()}", flush=True)


def main() -> None:
    """Runs them and prints them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--typed", type=int, default=60, help="keys typed into a formula")
    parser.add_argument("--drags", type=int, default=3, help="turns of drags, over each network")
    parser.add_argument("--traces", type=int, choices=(0, 1), default=1)
    parser.add_argument("--loads", type=int, default=7)
    parser.add_argument("--against", metavar="REV", help="a revision to stand beside")
    parser.add_argument("--no-naive", action="store_true", help="leave the naive page out")
    parser.add_argument("--events", type=float, default=60, help="values a second of a drag")
    parser.add_argument("--seconds", type=float, default=3, help="of a drag")
    parser.add_argument("--network", type=float, nargs="*", default=[0, 60, 150], metavar="MS")
    parser.add_argument("--lines", choices=NETWORKS, nargs="*", default=list(NETWORKS),
                        help="what pages are loaded over")  # fmt: skip
    given = parser.parse_args()
    with ExitStack() as stack:
        sides = [OURS]
        if given.against:
            tree = stack.enter_context(checked_out(given.against))
            sides.append(Side(given.against, tree=tree))
        if not given.no_naive:
            sides.append(NAIVE)
        browser = stack.enter_context(chromium(stack.enter_context(sync_playwright())))
        run(browser, tuple(sides), given)


def run(browser: Browser, sides: tuple[Side, ...], given: argparse.Namespace) -> None:
    """Runs what is wanted."""
    if given.presses:
        presses(browser, sides, given.presses)
    if given.typed:
        typed(browser, given.typed)
    if given.drags:
        for delay in given.network:
            drags(browser, sides, Plan(given.events, given.seconds, delay), given.drags)
    if given.traces:
        traces(browser, sides, Plan(given.events, given.seconds))
    if given.loads:
        for line in given.lines:
            loads(browser, sides, given.loads, line)


if __name__ == "__main__":
    main()
