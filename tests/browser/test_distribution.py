"""The Distribution tab: many paths, counted in front of the reader, beside the law."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from app import ids
from app.figures.text import count
from app.pages import PAGES
from app.state import read
from simulation.distribution import distribution
from tests.browser import hand
from tests.browser.test_properties import bytes_of, drawn

QUICK = "landscape=quadratic&run=0,0.9&N=64"
KINDS = {ids.HISTOGRAM: ("hump", "law"), ids.CDF: ("curve", "law", "growing")}


def holds(page: Page, text: str) -> None:
    """Waits until the first trace of each kind on both plots is what the query means."""
    state, repairs = read(text, tuple(PAGES))
    assert not repairs
    props: dict[str, Any] = PAGES["distribution"].props(state, "light")
    for graph, kinds in KINDS.items():
        for kind in kinds:
            drawn(page, graph, kind, bytes_of(props, graph, kind))


def test_the_tab_opens_and_counts_what_was_run(page: Page, address: str) -> None:
    hand.visit(page, address, QUICK)
    page.get_by_role("tab", name="Distribution").click()
    table = page.locator(f"#{ids.DISTRIBUTION_TABLE}")
    expect(table.locator("table")).to_be_visible()
    hand.rest(page)
    holds(page, hand.query(page))
    seen = distribution(read(QUICK)[0].experiment)
    for i, escape in enumerate(seen.escape):
        row = table.locator("tbody tr").nth(i)
        expect(row).to_contain_text(f"{escape.escaped}")
        expect(row).to_contain_text(count(escape.median))
        expect(row).to_contain_text(f"{seen.exact_gap[i]:.3f}")


def test_more_paths_by_mouse_and_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}?{QUICK}&tab=distribution")
    holds(page, f"{QUICK}&tab=distribution")
    page.get_by_role("button", name="256", exact=True).click()
    page.wait_for_function("() => location.search.includes('N=256')")
    hand.rest(page)
    holds(page, hand.query(page))
    expect(page.locator(f"#{ids.DISTRIBUTION_TABLE} thead")).to_contain_text("of 256")
    page.get_by_role("button", name="1,024", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('N=1024')")
    hand.rest(page)
    holds(page, hand.query(page))
    expect(page.locator(f"#{ids.DISTRIBUTION_TABLE} thead")).to_contain_text("of 1,024")
    expect(page.locator(f"#{ids.summary(ids.HISTOGRAM)}")).to_contain_text("1,024 paths")


def test_a_caption_follows_beta(page: Page, address: str) -> None:
    page.goto(f"{address}?{QUICK}&tab=distribution")
    table = page.locator(f"#{ids.DISTRIBUTION_TABLE}")
    expect(table).to_contain_text("β = 0.9")
    before = table.locator("tbody tr").nth(1).inner_text()
    field = page.locator(f"#{ids.field('beta')}")
    field.fill("0.7")
    field.press("Enter")
    expect(table).to_contain_text("β = 0.7")
    hand.rest(page)
    holds(page, hand.query(page))
    seen = distribution(read(hand.query(page), tuple(PAGES))[0].experiment)
    expect(table.locator("tbody tr").nth(1)).to_contain_text(count(seen.escape[1].median))
    assert table.locator("tbody tr").nth(1).inner_text() != before


def test_paths_that_have_not_escaped_and_laws_that_fail_are_told(page: Page, address: str) -> None:
    page.goto(f"{address}?{QUICK}&T=2000&tab=distribution")
    expect(page.locator(f"#{ids.DISTRIBUTION_TABLE}")).to_contain_text(
        "have not escaped by T = 2,000"
    )
    page.goto(f"{address}?landscape=monkey&N=32&T=500&tab=distribution")
    expect(page.locator(f"#{ids.CDF} .main-svg").first).to_be_visible()
    reason = distribution(read("landscape=monkey&N=32&T=500")[0].experiment).reasons[0]
    assert reason
    expect(page.locator(f"#{ids.DISTRIBUTION_TABLE}")).to_contain_text(reason)
    expect(page.locator(f"#{ids.HISTOGRAM} .annotation-text").first).to_be_visible()
