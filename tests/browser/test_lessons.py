"""Lessons: predict, reveal, read; every step is a link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app import ids
from app.facts import fact, fill
from app.lessons import lessons
from app.storage import compute
from simulation import Contender
from tests.browser import hand

FIRST = lessons()[0]


def lines(page: Page) -> int:
    return page.evaluate("() => saddlescape.graph('distance').data.length")


def test_the_first_lesson_answers_how_much_sooner_and_at_what_cost(
    page: Page, address: str
) -> None:
    """The path of a person who has never seen the page."""
    hand.visit(page, address)
    page.get_by_role("tab", name="Lessons").click()
    page.get_by_role("link", name=f"Lesson 1: {FIRST.title}").click()
    hand.rest(page)
    summary = compute.summary_of(FIRST.experiment)
    answer = page.locator(f"#{ids.LESSON_REVEAL}")
    expect(answer).to_be_hidden()
    expect(page.locator(f"#{ids.LESSON_QUESTION}")).to_have_text(fill(FIRST.question, summary))
    expect(page.locator(f"#{ids.READING}")).not_to_contain_text("β = 0.9")  # not given away
    asked = lines(page)
    thumb = page.locator(f"#{ids.PREDICTION} [role=slider]")
    thumb.focus()
    page.keyboard.press("Home")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.locator(f"#{ids.PREDICTION_SAID}")).to_have_text("Your prediction: 50,000 steps.")
    expect(thumb).to_have_attribute("aria-valuetext", "50,000 steps")
    expect(page.locator(".prediction-mark")).to_be_visible()
    page.get_by_role("button", name="Reveal").click()
    hand.rest(page)
    assert lines(page) > asked  # the curve is there now
    expect(answer).to_contain_text(f"{fact(summary, 'last', 'sooner')} sooner than SGD")
    expect(answer).to_contain_text(f"{fact(summary, 'last', 'price')} the variance")
    expect(page.locator(f"#{ids.PREDICTION_SAID}")).to_have_text("Your prediction: 50,000 steps.")
    assert hand.query(page) == "tab=lessons&lesson=1&reveal=1"


def test_the_mark_stands_at_the_prediction(page: Page, address: str) -> None:
    hand.visit(page, address, "tab=lessons&lesson=1")
    page.locator(f"#{ids.PREDICTION} [role=slider]").focus()
    page.keyboard.press("Home")
    for _ in range(80):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".prediction-mark")).to_be_visible()
    steps = page.evaluate("""() => {
      const plot = saddlescape.graph('distance');
      const mark = plot.querySelector('.prediction-mark').getBoundingClientRect();
      const { xaxis } = plot._fullLayout;
      return xaxis.p2d(mark.left - plot.getBoundingClientRect().left - xaxis._offset);
    }""")
    assert steps == pytest.approx(200_000, rel=0.02)


def test_a_press_on_the_distance_plot_places_the_prediction(page: Page, address: str) -> None:
    """The slider follows it, and both stay through the answer and back."""
    hand.visit(page, address, "tab=lessons&lesson=1")
    before = page.evaluate("saddlescape.cursor.step()")
    hand.click_at_step(page, "distance", 100_000)
    said = page.locator(f"#{ids.PREDICTION_SAID}")
    expect(said).to_contain_text("Your prediction: ")
    thumb = page.locator(f"#{ids.PREDICTION} [role=slider]")

    def placed() -> float:
        words = said.inner_text().split(": ")[1].split(" ")[0]
        return float(words.replace(",", ""))

    made = placed()
    assert made == pytest.approx(100_000, rel=0.02)
    assert page.evaluate("saddlescape.cursor.step()") == before  # the cursor stays
    expect(thumb).to_have_attribute("aria-valuenow", f"{made:.0f}")
    page.keyboard.press("r")
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_be_visible()
    hand.rest(page)
    expect(page.locator(".prediction-mark")).to_be_visible()
    assert placed() == made
    page.go_back()
    expect(page.locator(f"#{ids.LESSON_ASK}")).to_be_visible()
    hand.rest(page)
    assert placed() == made
    expect(thumb).to_have_attribute("aria-valuenow", f"{made:.0f}")


MARKS = """() => {
  const plot = saddlescape.graph('landscape');
  const seen = kind => plot._fullData.filter(trace => trace.meta.kind === kind).map(trace =>
    getComputedStyle(plot.querySelector(`.scatterlayer g.trace${trace.uid}`)).visibility);
  return ['saddle', 'minimum', 'start', 'dot'].map(seen).map(found => [...new Set(found)]);
}"""


def test_the_maps_own_marks_stay_however_a_lesson_is_reached(page: Page, address: str) -> None:
    """Its dots and their names are the cursor's; Plotly hands their places on to other marks."""
    shown = [["visible"], ["visible"], ["visible"], ["hidden"]]
    hand.visit(page, address, "tab=lessons")
    page.keyboard.press("n")  # the first of the list
    expect(page.locator("#lesson .lesson-title")).to_have_text(re.compile("^1"))
    for key in "rnrnrn":
        hand.rest(page)
        page.wait_for_timeout(100)  # a frame of the cursor
        assert page.evaluate(MARKS) == shown
        page.keyboard.press(key)
    page.go_back()
    hand.rest(page)
    page.wait_for_timeout(100)
    assert page.evaluate(MARKS) == shown


def test_the_caption_follows_beta(page: Page, address: str) -> None:
    hand.visit(page, address, "tab=lessons&lesson=1&reveal=1")
    field = page.locator(f"#{ids.field('beta')}")
    field.fill("0.8")
    field.press("Enter")
    changed = FIRST.experiment.replace(
        contenders=(*FIRST.experiment.contenders[:-1], Contender("momentum", 0.8))
    )
    summary = compute.summary_of(changed)
    answer = page.locator(f"#{ids.LESSON_REVEAL}")
    expect(answer).to_contain_text(f"β = 0.8 is out after {fact(summary, 'last', 'steps')} steps")
    expect(answer).to_contain_text(f"{fact(summary, 'last', 'price')} the variance")
    hand.rest(page)
    assert "run=0,0.8" in hand.query(page)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_every_step_is_a_link_with_its_controls(page: Page, address: str, lesson) -> None:
    hand.visit(page, address, f"tab=lessons&lesson={lesson.number}&reveal=1")
    axes = f"&axes={lesson.axes}" if lesson.axes else ""
    hand.holds(page, hand.meant(lesson.query + axes))
    expect(page.locator("#lesson .lesson-title")).to_have_text(f"{lesson.number}. {lesson.title}")
    text = page.locator(f"#{ids.LESSON_REVEAL}").inner_text()
    summary = compute.summary_of(lesson.experiment)
    assert fact(summary, "last", "steps") in text
    for key in ("beta", "eta", "T"):
        shown = page.locator(f"#{ids.row(key)}")
        expect(shown).to_be_visible(visible=key in lesson.controls)
    expect(page.locator(f"#{ids.LESSON_FORMULA} mjx-container")).to_be_visible()


def test_every_answer_is_in_sight_on_a_small_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    for lesson in lessons():
        hand.visit(page, address, f"tab=lessons&lesson={lesson.number}&reveal=1")
        expect(page.locator(f"#{ids.LESSON_FORMULA} mjx-container")).to_be_visible()
        answer = page.locator(f"#{ids.LESSON_REVEAL}").bounding_box()
        column = page.locator(".beside").filter(has=page.locator("#lesson")).bounding_box()
        assert answer["y"] + answer["height"] <= column["y"] + column["height"], lesson.title


def test_the_keyboard_alone_goes_through_the_lessons(page: Page, address: str) -> None:
    hand.visit(page, address, "tab=lessons&lesson=1")
    page.keyboard.press("n")
    expect(page.locator("#lesson .lesson-title")).to_have_text(re.compile("^2"))
    page.keyboard.press("r")
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_be_visible()
    hand.rest(page)
    assert hand.query(page) == "tab=lessons&lesson=2&reveal=1"
    page.keyboard.press("p")
    expect(page.locator("#lesson .lesson-title")).to_have_text(re.compile("^1"))
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_be_hidden()


def test_back_returns_to_the_readers_own_experiment(page: Page, address: str) -> None:
    hand.visit(page, address, "run=0,0.6&T=30000")
    own = hand.query(page)
    page.get_by_role("tab", name="Lessons").click()
    hand.rest(page)
    page.get_by_role("link", name="Lesson 2").click()
    hand.rest(page)
    page.go_back()
    page.go_back()
    hand.rest(page)
    assert hand.query(page) == own
    hand.holds(page, hand.meant(own))


@pytest.mark.parametrize(
    ("query", "number", "said"),
    [
        ("tab=lessons&lesson=99", len(lessons()), "lessons 1 to"),
        ("tab=lessons&lesson=two", 1, "lessons 1 to"),
        ("tab=lesson&lesson=3", 3, "one of the page's tabs"),
    ],
)
def test_an_unknown_lesson_opens_the_nearest_and_says_so(
    page: Page, address: str, query: str, number: int, said: str
) -> None:
    hand.visit(page, address, query)
    expect(page.locator("#lesson .lesson-title")).to_have_text(re.compile(f"^{number}"))
    expect(page.locator(f"#{ids.NOTICE}")).to_contain_text(said)
