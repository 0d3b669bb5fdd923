"""Bytes and times of first and second load of all pages, turn and turn about."""

from __future__ import annotations

import statistics
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from app import ids
from benchmarks.common.measure import machine
from benchmarks.page.visit import OURS, Side, served

ARRIVE = (Path(__file__).parent / "arrive.js").read_text()
ANSWERS = ("/live", "/_dash-update-component")  # to the slider, after the load
NETWORKS = {  # what Chromium is told: bytes a second and ms
    "loopback": None,
    "10 Mbit, 40 ms": {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8,
                       "uploadThroughput": 10e6 / 8},
}  # fmt: skip
Load = dict[str, float]


def load(context: BrowserContext, address: str, network: dict[str, Any] | None) -> Load:
    """One load of a page in a context: MB transferred, ms until drawn and until a slider answers.

    The slider is pressed as soon as all is drawn; what it asks for is not in the bytes.
    """
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    if network:
        protocol.send("Network.emulateNetworkConditions", network)
    asked: dict[str, str] = {}
    came: dict[str, float] = {}
    protocol.on(
        "Network.requestWillBeSent",
        lambda told: asked.update({told["requestId"]: told["request"]["url"]}),
    )
    protocol.on(
        "Network.loadingFinished",
        lambda told: came.update({told["requestId"]: told["encodedDataLength"]}),
    )
    page.add_init_script(f"({ARRIVE})({list(ids.GRAPHS)})")
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.arrived && arrived.answered", polling=50)
    page.wait_for_load_state("networkidle")
    times: Load = page.evaluate("arrived")
    page.close()
    weight = sum(
        size
        for request, size in came.items()
        if not any(path in asked.get(request, "") for path in ANSWERS)
    )
    return {"MB": weight / 1e6, "drawn": times["drawn"], "answer": times["answered"]}


def loads(browser: Browser, sides: tuple[Side, ...], turns: int, name: str) -> None:
    """Prints medians of cold and warm loads over a network, and ours over each other page."""
    took: dict[tuple[str, Side, str], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        addresses = {side: stack.enter_context(served(side, 0))[0] for side in sides}
        for turn in range(turns + 1):
            for side, address in addresses.items():
                context = browser.new_context(viewport={"width": 1280, "height": 720})
                for cache in ("cold", "warm"):
                    for what, value in load(context, address, NETWORKS[name]).items():
                        if turn:  # the first warms the servers
                            took[cache, side, what].append(value)
                context.close()
    print(f"loading, {name}, {turns} turns: MB transferred; ms until drawn, until a slider answers")
    for cache in ("cold", "warm"):
        for side in sides:
            its = [took[cache, side, what] for what in ("MB", "drawn", "answer")]
            ours = [took[cache, OURS, what] for what in ("MB", "drawn", "answer")]
            size, drawn, answer = map(statistics.median, its)
            ratios = [
                f"{statistics.median(a / b for a, b in zip(mine, other, strict=True)):.2f}"
                for mine, other in zip(ours, its, strict=True)
            ]
            over = "" if side is OURS else f"   ours over it {'  '.join(ratios)}"
            print(f"  {cache} {side.name:8} {size:6.3f} MB  {drawn:5.0f}  {answer:5.0f}{over}")
    print(f"  {machine()}", flush=True)
