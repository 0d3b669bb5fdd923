"""A lesson shows the plots it needs, and its question beside the one to click."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from app import ids
from app.lessons.parser import lessons
from app.lessons.records import PANES, Lesson
from tests.browser import driver
from tests.marks import breadth

LESSONS = lessons()
PHONE = (390, 844)


def box(part: Locator) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in px of the window."""
    found = part.bounding_box()
    assert found is not None
    return (found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"])


def expect_panes(page: Page, panes: tuple[str, ...]) -> None:
    """These plots are seen, apart and inside the window, and fill Explore's place; no other is."""
    for name, graph in PANES.items():
        expect(page.locator(f".plot-{graph}")).to_be_visible(visible=name in panes)
    page.wait_for_function("() => probe.fitted()")
    boxes = [box(page.locator(f".plot-{PANES[name]}")) for name in panes]
    left, top, right, _ = box(page.locator(".explore"))
    bottom = box(page.locator(f"#{ids.TIME_BAR}"))[1]
    area = sum((b[2] - b[0]) * (b[3] - b[1]) for b in boxes)
    assert area == pytest.approx((right - left) * (bottom - top), rel=0.02)  # none over another
    assert all(b[3] - b[1] >= 120 and b[2] - b[0] >= 300 for b in boxes)


OF_EACH_KIND = list({lesson.panes: lesson for lesson in reversed(LESSONS)}.values())


@pytest.mark.parametrize(
    "lesson", breadth(OF_EACH_KIND, [LESSONS[1]]), ids=lambda lesson: lesson.title
)
def test_a_lesson_shows_its_plots_and_explore_all_four(
    page: Page, address: str, lesson: Lesson
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, f"tab=lessons&lesson={lesson.number}")
    expect_panes(page, lesson.panes)
    page.get_by_role("tab", name="Explore").click()
    driver.wait_query(page, "run=")
    expect_panes(page, tuple(PANES))


@pytest.mark.parametrize("lesson", breadth(LESSONS, [LESSONS[1]]), ids=lambda lesson: lesson.title)
def test_on_a_phone_the_question_stands_over_the_plot_to_click(
    page: Page, address: str, lesson: Lesson
) -> None:
    """Both are in sight at once, over what is fixed at the foot; a click places the prediction."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    driver.visit(page, address, f"tab=lessons&lesson={lesson.number}")
    question, plot = page.locator(f"#{ids.LESSON_QUESTION}"), page.locator(".plot-distance")
    page.wait_for_function("() => probe.fitted()")
    plot.scroll_into_view_if_needed()
    page.evaluate("top => window.scrollBy(0, top)", box(question)[1] - 60)
    foot = page.locator(f"#{ids.row('beta')}")
    floor = box(foot)[1] if foot.is_visible() else PHONE[1]
    assert box(question)[1] >= 0
    assert box(plot)[3] <= floor
    assert 0 <= box(plot)[1] - box(question)[3] < 160
    driver.click_at_step(page, "distance", lesson.experiment.steps // 4)
    expect(page.locator(f"#{ids.PREDICTION_SAID}")).to_contain_text("Your prediction")
    expect(page.locator(".prediction-mark")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_the_first_lesson_opens_on_a_phone_with_both_in_sight(page: Page, address: str) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    driver.visit(page, address, "tab=lessons&lesson=1")
    page.wait_for_function("() => probe.fitted()")
    assert page.evaluate("scrollY") == 0
    assert box(page.locator(".plot-distance"))[3] <= box(page.locator(f"#{ids.row('beta')}"))[1]
    assert box(page.locator(f"#{ids.LESSON_QUESTION}"))[1] > 0
