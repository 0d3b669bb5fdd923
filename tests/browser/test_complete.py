"""Every tab is complete: from its own host, under the policy that is sent, without a fault.

The page fixture refuses requests to other hosts and fails on what the console reports.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.tabs.registry import TAB_MODULES
from tests.browser import driver
from tests.marks import breadth


@pytest.mark.parametrize(
    "place", breadth([*TAB_MODULES, "lessons&lesson=3"], ["sweep", "lessons&lesson=3"])
)
def test_a_tab_is_drawn_by_its_own_host_under_the_policy(
    page: Page, address: str, place: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    answer = page.goto(f"{address}?tab={place}&T=20000")
    assert answer is not None
    assert "script-src 'self' 'sha256-" in answer.headers["content-security-policy"]
    driver.wait_drawn(page)
    expect(page.locator(".main")).to_be_visible()
    plots = getattr(TAB_MODULES[place], "PLOTS", ()) if place in TAB_MODULES else [ids.DISTANCE]
    for graph in plots:
        expect(page.locator(f"#{graph} .main-svg").first).to_be_visible()
    if "lesson=" in place:
        expect(page.locator(f"#{ids.LESSON_FORMULA} mjx-container")).to_be_visible()
    page.evaluate("() => document.fonts.ready.then(() => true)")
    assert page.evaluate("probe.violations") == []


def test_an_injected_script_does_not_run(tab: Page, address: str) -> None:
    """The policy is enforced, not only sent: the test above could pass without one."""
    driver.visit(tab, address, "T=2000")
    tab.evaluate("""() => {
        const image = document.createElement('img');
        image.setAttribute('onerror', 'window.injected = true');
        image.src = 'data:,';
        document.body.append(image);
    }""")
    tab.wait_for_function("() => probe.violations.length > 0")
    assert tab.evaluate("window.injected") is None


# How often the store notifies after a message to forget what has changed below a path, and of how
# many components a change is known, before and after.
FORGET = """itempath => {
  const store = window.dash_stores[0];
  const known = () => Object.keys(store.getState().layoutHashes).length;
  const before = known();
  let heard = 0;
  const stop = store.subscribe(() => { heard += 1; });
  store.dispatch({ type: 'RESET_COMPONENT_STATE', payload: { itempath } });
  stop();
  return [heard, before, known()];
}"""


def test_a_reset_notifies_components_only_where_something_has_changed(
    page: Page, address: str
) -> None:
    driver.visit(page, address, "run=0,0.9&T=20000")
    known = page.evaluate("Object.keys(window.dash_stores[0].getState().layoutHashes)")
    assert known  # the drawn figures, for example
    path = known[0].split(",")
    heard, before, after = page.evaluate(FORGET, ["no", "such", "path"])
    assert (heard, after) == (0, before)
    heard, before, after = page.evaluate(FORGET, path)
    assert heard == 1
    assert after < before
