"""Share: the link with its choices, its code, its frame, and the views that a link asks for."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from app import ids
from app.components.share_links import iframe, qr_code
from tests.browser import driver

QUERY = "run=0,0.7&T=20000"


def test_the_dialog_builds_the_link_its_code_and_its_frame(page: Page, address: str) -> None:
    driver.visit(page, address, QUERY)
    page.get_by_role("button", name="Share", exact=True).click()
    link = f"{address}?{QUERY}"
    field, code = page.locator(f"#{ids.SHARE_LINK}"), page.locator(f"#{ids.SHARE_CODE}")
    expect(field).to_have_value(link)
    expect(code).to_have_attribute("src", qr_code(link))
    expect(page.locator(f"#{ids.SHARE_FRAME}")).to_have_value(iframe(f"{link}&view=embed"))
    page.get_by_label("Step size η", exact=True).and_(page.get_by_role("checkbox")).check()
    page.get_by_label("Rotation θ").and_(page.get_by_role("checkbox")).check()
    page.get_by_text("Presenter", exact=True).click()
    chosen = f"{link}&hide=eta,rot&view=present"
    expect(field).to_have_value(chosen)
    expect(code).to_have_attribute("src", qr_code(chosen))


def test_the_link_is_copied_by_keyboard_and_a_copy_that_fails_says_so(
    context: BrowserContext, page: Page, address: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    driver.visit(page, address, QUERY)
    page.keyboard.press("s")
    copy, said = page.get_by_role("button", name="Copy: Link"), page.locator(f"#{ids.SHARE_SAID}")
    copy.focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}?{QUERY}"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no'));"
        " document.execCommand = () => false; }"
    )
    page.get_by_role("button", name="Share", exact=True).click()
    copy.click()
    expect(said).to_contain_text("does not let the page copy")
    expect(page.locator(f"#{ids.SHARE_LINK}")).to_be_focused()


def test_hidden_controls_are_gone_and_the_experiment_is_the_same(page: Page, address: str) -> None:
    driver.visit(page, address, f"{QUERY}&hide=eta,rot,landscape,eig-stable,eig-escape")
    driver.expect_traces(page, driver.expected_traces(QUERY))
    for key in ("eta", "rot", "landscape"):
        expect(page.locator(f"#{ids.row(key)}")).to_be_hidden()
    expect(page.locator(f"#{ids.row('beta')}")).to_be_visible()
    expect(page.get_by_text("The saddle", exact=True)).to_be_hidden()  # nothing is left of it


def test_an_unknown_control_or_view_is_named(page: Page, address: str) -> None:
    driver.visit(page, address, "T=20000&hide=bta&view=presnt")
    notice = page.locator(f"#{ids.NOTICE}")
    expect(notice).to_contain_text("hide = “bta” → beta")
    expect(notice).to_contain_text("view = “presnt” → present")
    expect(page.locator(f"#{ids.row('beta')}")).to_be_hidden()


def test_the_embedded_view_is_the_picture_and_a_way_out(page: Page, address: str) -> None:
    driver.visit(page, address, f"{QUERY}&view=embed")
    driver.expect_traces(page, driver.expected_traces(QUERY))
    expect(page.get_by_role("tablist")).to_be_hidden()
    expect(page.locator(f"#{ids.RAIL}")).to_be_hidden()
    out = page.get_by_role("link", name="Open the whole page")
    expect(out).to_have_attribute("href", f"?{QUERY}")


def test_the_presenter_view_is_large_and_escape_leaves_it(page: Page, address: str) -> None:
    driver.visit(page, address, f"{QUERY}&view=present")
    assert page.evaluate("document.documentElement.dataset.theme") == "projector"
    expect(page.locator(f"#{ids.RAIL}")).to_be_hidden()
    with driver.changed_query(page):
        page.keyboard.press("Escape")
    expect(page.locator(f"#{ids.RAIL}")).to_be_visible()
    assert driver.query(page) == QUERY
