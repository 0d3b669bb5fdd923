"""Drags of β's slider on all pages, turn and turn about: pictures a second and how old they are."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser

from app import ids
from benchmarks.common.measure import machine, quantiles
from benchmarks.page import log, processor, tracing
from benchmarks.page.visit import Opened, Side, new_seed, side_by_side

QUIET = 1500  # ms without a change: at rest


@dataclass(frozen=True, slots=True)
class Plan:
    """A drag: how many values a second for how long, over how much network, ms."""

    rate: float = 60
    seconds: float = 3
    delay: float = 0

    @property
    def given(self) -> dict[str, object]:
        """What drag.js is told."""
        values = log.schedule(round(self.rate * self.seconds))
        return {"values": values, "rate": self.rate, "quiet": QUIET + 2 * self.delay}


@dataclass(frozen=True, slots=True)
class Turn:
    """One drag: pictures a second, their ages, the release and CPU a picture, all in ms."""

    rate: float
    pictures: Sequence[log.Picture]
    settled: float
    written: float
    browser: float
    server: float


def dragged(one: Opened, plan: Plan) -> Turn:
    """One drag, over runs that nobody asked for before."""
    new_seed(one.page, plan.delay)
    browser, server = processor.browser_seconds(), processor.server_seconds(one.server)
    drag = log.read(one.page.evaluate("given => drag(given)", plan.given))
    browser, server = (
        1000 * (processor.browser_seconds() - browser),
        1000 * (processor.server_seconds(one.server) - server),
    )
    after = one.page.evaluate("() => resting")
    seen = log.pictures(drag, ids.GRAPHS)
    each = len(seen) or float("nan")
    return Turn(
        log.rate(drag, ids.GRAPHS), seen, after["settled"], after["written"],
        browser / each, server / each,
    )  # fmt: skip


def report(side: Side, turns: Sequence[Turn]) -> str:
    """A line: medians of the turns, and the quantiles of the ages of all their pictures."""
    ages = quantiles([p.age for turn in turns for p in turn.pictures], 0.5, 0.95)
    hand = quantiles([p.age_of_hand for turn in turns for p in turn.pictures], 0.5, 0.95)
    rates = sorted(turn.rate for turn in turns)

    def median(name: str) -> float:
        return float(statistics.median(getattr(turn, name) for turn in turns))

    return (
        f"  {side.name:8} {median('rate'):5.1f} ({rates[0]:.1f}–{rates[-1]:.1f}) pictures/s"
        f" | age p50 {ages[0]:4.0f}  p95 {ages[1]:4.0f}"
        f" | of the hand {hand[0]:4.0f} {hand[1]:4.0f}"
        f" | CPU a picture: browser {median('browser'):4.0f}, server {median('server'):4.0f}"
        f" | released: stands {median('settled'):4.0f}, last written {median('written'):4.0f}"
    )


def drags(browser: Browser, sides: tuple[Side, ...], plan: Plan, turns: int) -> None:
    """Prints a line a page; the first turn warms and does not count.

    Every other turn goes through the pages backwards, so that none has always the same before it.
    """
    print(
        f"dragging, {plan.rate:g} new values a second for {plan.seconds:g} s, {plan.delay:g} ms of "
        f"network, {turns} turns; ms"
    )
    with side_by_side(browser, sides, plan.delay) as opened:
        seen: dict[Side, list[Turn]] = {side: [] for side in sides}
        for n in range(turns + 1):
            for side in sides if n % 2 else reversed(sides):
                turn = dragged(opened[side], plan)
                if n:
                    seen[side].append(turn)
        for side, its in seen.items():
            print(report(side, its))
        print(f"  {machine()}", flush=True)


def traces(browser: Browser, sides: tuple[Side, ...], plan: Plan) -> None:
    """Prints styles and layouts computed a picture, and by whom they were forced."""
    print(f"a traced drag, {plan.rate:g} new values a second for {plan.seconds:g} s; per picture")
    with side_by_side(browser, sides, plan.delay) as opened:
        for side, one in opened.items():
            dragged(one, plan)
            new_seed(one.page, plan.delay)
            browser.start_tracing(page=one.page, categories=list(tracing.CATEGORIES))
            drag = log.read(one.page.evaluate("given => drag(given)", plan.given))
            found = tracing.counts(tracing.parse(browser.stop_tracing()))
            one.page.evaluate("() => resting")
            each = len(log.pictures(drag, ids.GRAPHS))
            print(f"  {side.name:8} {tracing.report(found, each)}", flush=True)
