"""The race: a count for each contender, under what is held fixed, while the hand moves."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app import ids
from app.race import standings
from app.state import read
from app.storage import compute
from tests.browser import hand

RUN = "landscape=quadratic&noise=gaussian&run=0,0.9&N=16"


def meant(text: str) -> list[str]:
    """What the strip says of an address, a contender each."""
    experiment = read(text)[0].experiment
    seen = standings(compute.summary_of(experiment))
    return [
        f"{c.label}{one.steps}{' '.join(filter(None, [one.gain, one.theory]))}{one.step}"
        for c, one in zip(experiment.contenders, seen, strict=True)
    ]


def test_what_is_held_fixed_changes_every_count(page: Page, address: str) -> None:
    hand.visit(page, address, RUN)
    strip = page.locator(f"#{ids.RACE} > li")
    expect(strip).to_have_text(meant(RUN))
    for value, label in (("effective", "η/(1−β)"), ("stability", "stability")):
        page.locator(f"#{ids.field('hold')}").get_by_text(label, exact=True).click()
        expect(strip).to_have_text(meant(f"{RUN}&hold={value}"))
    hand.rest(page)
    assert "hold=stability" in hand.query(page)


def test_the_counts_follow_the_hand(page: Page, address: str) -> None:
    hand.visit(page, address, RUN)
    hand.drag(page, "beta", (5, 10))
    moving = hand.query(page)
    expect(page.locator(f"#{ids.RACE} > li")).to_have_text(meant(moving))
    page.mouse.up()
