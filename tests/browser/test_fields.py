"""A refused text stays in its field, marked and described; the next valid one clears the mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from app import ids
from app.state.edits import TEXT_FIELDS
from tests.browser import driver

RUN = "landscape=quadratic&noise=samples&T=300&N=4&n=9&run=0,boosted:0.9"
PLACES = {
    "rail": (RUN, ["eta", "eig"]),
    "rest of the rail": (RUN, ["batch", "eig-stable", "w0-x", "R"]),
    "sweep": (f"{RUN}&tab=sweep", ["x-low", "y-cells", "cellN"]),
    "choose": ("landscape=quadratic&T=300&N=4&tab=choose", ["budget"]),
    "properties": (f"{RUN}&tab=properties", ["eps", "tau"]),
}


@pytest.fixture(scope="module")
def tab_media() -> dict[str, Any]:
    return {"color_scheme": "light", "reduced_motion": "reduce"}


def cases() -> Iterator[Any]:
    """A place and its fields: by default two of the rail."""
    for name in PLACES:
        marks = [] if name == "rail" else [pytest.mark.slow]
        yield pytest.param(name, marks=marks)


def expect_marked(page: Page, field: Locator, key: str, text: str) -> None:
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(text)
    said = page.locator(f"#{ids.NOTICE_TEXT}").text_content() or ""
    assert said.startswith(f"{TEXT_FIELDS[key]} “{text}”")
    expect(field).to_have_accessible_description(said)


@pytest.mark.parametrize("name", list(cases()))
def test_a_refused_text_is_marked_and_described_until_it_is_valid(
    page: Page, address: str, name: str
) -> None:
    query, keys = PLACES[name]
    driver.visit(page, address, f"{query}&theme=light")
    for key in keys:
        field = page.locator(f"#{ids.field(key)}")
        before = field.input_value()
        was = driver.query(page)
        driver.type_into(page, key, "1,x")
        expect_marked(page, field, key, "1,x")
        driver.wait_settled(page)
        expect_marked(page, field, key, "1,x")  # after the figures at rest too
        assert driver.query(page) == was
        if key == keys[0] and name != "rail":
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [rule["id"] for rule in found] == []
        driver.type_into(page, key, before)
        expect(field).not_to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{ids.NOTICE}")).to_be_hidden()
        driver.wait_settled(page)
        expect(field).to_have_value(before)


@pytest.mark.slow
def test_another_edit_clears_the_mark_and_shows_what_is_there(page: Page, address: str) -> None:
    driver.visit(page, address, RUN)
    field = page.locator(f"#{ids.field('eig-stable')}")
    shown = field.input_value()
    driver.type_into(page, "eig-stable", "-5")
    expect_marked(page, field, "eig-stable", "-5")
    with driver.changed_query(page):
        driver.type_into(page, "seed", "7")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(shown)


def test_a_list_is_set_without_knowing_the_address(page: Page, address: str) -> None:
    driver.visit(page, address, "landscape=quadratic&T=300&N=4&utm_source=mail&fbclid=x")
    expect(page.locator(f"#{ids.NOTICE}")).to_be_hidden()
    assert driver.query(page) == "landscape=quadratic&T=300&N=4"
    field = page.get_by_label("Eigenvalues", exact=True)
    field.fill("2, −0,5; x")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    with driver.changed_query(page):
        field.fill("2; −0,5; -0.5")
        field.press("Enter")
    assert "eig=2,-0.5,-0.5" in driver.query(page)
    expect(field).to_have_value("2, −0.5, −0.5")
