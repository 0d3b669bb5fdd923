"""The rail and the race: controls that change nothing give way, counts follow what is set."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app import ids
from app.state.page_state import read
from app.storage import compute
from app.text.outcome import outcome
from app.text.standings import standings
from tests.browser import driver

RUN = "landscape=quadratic&noise=gaussian&run=0,0.9&N=16"


def expected_counts(text: str) -> list[str]:
    """What the race says of an address, a contender each."""
    experiment = read(text)[0].experiment
    seen = standings(compute.summary_of(experiment))
    return [
        f"{c.label}{one.steps}{' '.join(filter(None, [one.gain, one.theory]))}{one.price}{one.step}"
        for c, one in zip(experiment.contenders, seen, strict=True)
    ]


def test_what_is_held_fixed_and_a_drag_change_every_count(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    counts = page.locator(f"#{ids.RACE} > li")
    expect(counts).to_have_text(expected_counts(RUN))
    driver.drag(page, "beta", (5, 10))  # still held: the counts of the address at this moment
    moving = driver.query(page)
    assert moving != RUN
    expect(counts).to_have_text(expected_counts(moving))
    driver.release(page)
    for value, label in (("effective", "η/(1−β)"), ("stability", "stability")):
        page.locator(f"#{ids.field('hold')}").get_by_text(label, exact=True).click()
        driver.wait_query(page, f"hold={value}")
        expect(counts).to_have_text(expected_counts(driver.query(page)))


def test_the_headline_is_of_the_chip_that_is_chosen_by_mouse_or_key(
    page: Page, address: str
) -> None:
    driver.visit(page, address, RUN)
    summary = compute.summary_of(read(RUN)[0].experiment)
    sentence = page.locator(f"#{ids.READING} .sentence")
    expect(sentence).to_contain_text(outcome(summary, 1).sentence)
    page.locator(f"#{ids.chip(0)}").click()
    expect(sentence).to_contain_text(outcome(summary, 0).sentence)
    assert "slower than Momentum 0.9" in sentence.inner_text()
    page.locator(f"#{ids.chip(1)}").press("Enter")
    expect(sentence).to_contain_text(outcome(summary, 1).sentence)
    assert "noisier" in sentence.inner_text()


def test_a_control_that_changes_nothing_gives_way_to_the_words_why(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "landscape=quadratic&T=500&N=4")
    slider, why = page.locator(f"#{ids.slider('rot')}"), page.locator(f"#{ids.why('rot')}")
    expect(slider).to_be_visible()
    expect(why).to_be_hidden()
    page.locator(f"#{ids.field('landscape')}").click()
    page.get_by_role("option", name="Linear network").click()
    expect(why).to_be_visible()
    expect(slider).to_be_hidden()
    expect(page.locator(f"#{ids.field('rot')}")).to_be_hidden()
    driver.wait_query(page, "linear-net")
    page.go_back()
    expect(slider).to_be_visible()
    expect(why).to_be_hidden()


def test_a_control_comes_back_live(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=quadratic&noise=none&T=500&N=4&w0=0.1,0.1")
    slider = page.locator(f"#{ids.slider('sd-escape')}")
    expect(page.locator(f"#{ids.why('sd-escape')}")).to_have_text("There is no noise.")
    expect(slider).to_be_hidden()
    with driver.changed_query(page):
        page.locator(f"#{ids.field('noise')}").get_by_text("Gaussian").click()
    expect(slider).to_be_visible()
    driver.drag(page, "sd-escape", (4, 8))
    driver.release(page)
    assert "sd=" in driver.query(page)
    driver.expect_query_drawn(page)
