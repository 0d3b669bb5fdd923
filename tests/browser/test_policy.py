"""Every tab under the shipped Content-Security-Policy: drawn, and nothing in the console."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from app.pages import PAGES

WATCH = """window.violations = [];
document.addEventListener('securitypolicyviolation',
    said => window.violations.push(said.violatedDirective + ' ' + said.blockedURI));"""


@pytest.mark.parametrize("tab", sorted(PAGES))
def test_no_violation_on_any_tab(page: Page, address: str, tab: str) -> None:
    page.add_init_script(WATCH)
    answer = page.goto(f"{address}?tab={tab}&T=2000")
    assert answer is not None
    assert "script-src 'self' 'sha256-" in answer.headers["content-security-policy"]
    page.wait_for_selector("#page")
    page.wait_for_load_state("networkidle")
    assert page.locator(".main").is_visible()
    assert page.evaluate("window.violations") == []


def test_an_injected_script_does_not_run(context: BrowserContext, address: str) -> None:
    """The policy is enforced, not only sent: the test above could pass without one."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector("#page")
    page.evaluate("""() => {
        const frame = document.createElement('img');
        frame.setAttribute('onerror', 'window.hurt = true');
        frame.src = 'data:,';
        document.body.append(frame);
    }""")
    page.wait_for_function("window.violations.length > 0")
    assert page.evaluate("window.hurt") is None
