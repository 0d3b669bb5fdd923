"""Lessons: predict, reveal, read; every step is a link."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from app import ids
from app.lessons.facts import fact, fill
from app.lessons.parser import lessons
from app.lessons.records import Lesson
from app.state.page_state import read
from app.storage import compute
from simulation import Contender
from simulation.results.summary import Summary
from tests.browser import driver
from tests.marks import breadth

FIRST = lessons()[0]


def title(page: Page) -> Locator:
    return page.locator("#lesson .lesson-title")


def expect_fact(answer: Locator, summary: Summary, what: str) -> None:
    """The answer has a fact of the last optimizer, its emphasis drawn."""
    expect(answer).to_contain_text(fact(summary, "last", what).replace("**", ""))


def predict(page: Page, presses: int) -> None:
    """Place the prediction so many steps of its slider from the left end, by keyboard."""
    page.locator(f"#{ids.PREDICTION} [role=slider]").focus()
    page.keyboard.press("Home")
    for _ in range(presses):
        page.keyboard.press("ArrowRight")


def predicted(page: Page) -> float:
    said = page.locator(f"#{ids.PREDICTION_SAID}").inner_text()
    number = re.search(r"(?:Your prediction: |You said )([\d,]+)", said)
    assert number, said
    return float(number[1].replace(",", ""))


def test_the_first_lesson_answers_how_much_sooner_and_at_what_cost(
    page: Page, address: str
) -> None:
    """The path of a person who has never seen the page."""
    driver.visit(page, address)
    page.get_by_role("tab", name="Lessons").click()
    page.get_by_role("link", name=f"Lesson 1: {FIRST.title}").click()
    driver.wait_query(page, "lesson=1")
    summary = compute.summary_of(FIRST.experiment)
    answer, said = page.locator(f"#{ids.LESSON_REVEAL}"), page.locator(f"#{ids.PREDICTION_SAID}")
    expect(answer).to_be_hidden()
    expect(page.locator(f"#{ids.LESSON_QUESTION}")).to_have_text(fill(FIRST.question, summary))
    expect(page.locator(f"#{ids.READING}")).not_to_contain_text("Momentum 0.9")  # not given away
    asked = page.evaluate("probe.traceCount('distance')")
    mark = page.locator(".prediction-mark")
    for presses, steps in ((40, 100_000), (20, 50_000)):
        predict(page, presses)
        expect(said).to_have_text(f"Your prediction: {steps:,} steps.")
        expect(mark).to_be_visible()
        assert page.evaluate("probe.predictedStep()") == pytest.approx(steps, rel=0.02)
    thumb = page.locator(f"#{ids.PREDICTION} [role=slider]")
    expect(thumb).to_have_attribute("aria-valuetext", "50,000 steps")
    page.get_by_role("button", name="Reveal").click()
    driver.wait_query(page, "reveal=1")
    assert page.evaluate("probe.traceCount('distance')") > asked  # the curve is there now
    expect_fact(answer, summary, "result")
    expect_fact(answer, summary, "price")
    expect(said).to_have_text("You said 50,000: 1.3× too late.")
    assert driver.query(page) == "tab=lessons&lesson=1&reveal=1"


def test_a_click_on_the_distance_plot_places_the_prediction(page: Page, address: str) -> None:
    """The slider follows it, and both stay through the answer and back."""
    driver.visit(page, address, "tab=lessons&lesson=1")
    before = page.evaluate("probe.cursorStep()")
    driver.click_at_step(page, "distance", 100_000)
    said = page.locator(f"#{ids.PREDICTION_SAID}")
    expect(said).to_contain_text("Your prediction: ")
    thumb = page.locator(f"#{ids.PREDICTION} [role=slider]")
    made = predicted(page)
    assert made == pytest.approx(100_000, rel=0.02)
    assert page.evaluate("probe.cursorStep()") == before  # the cursor stays
    expect(thumb).to_have_attribute("aria-valuenow", f"{made:.0f}")
    page.keyboard.press("r")
    driver.wait_query(page, "reveal=1")
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_be_visible()
    expect(page.locator(".prediction-mark")).to_be_visible()
    assert predicted(page) == made
    page.go_back()
    expect(page.locator(f"#{ids.LESSON_ASK}")).to_be_visible()
    driver.wait_settled(page)
    assert predicted(page) == made
    expect(thumb).to_have_attribute("aria-valuenow", f"{made:.0f}")


def expect_own_marks(page: Page) -> None:
    """The map's saddle, minimum and start show, and one dot for each optimizer."""
    driver.wait_settled(page)
    driver.wait_frames(page)
    assert {"saddle", "minimum", "start", "paths"} <= {*page.evaluate("probe.shownKinds()")}
    drawn = page.evaluate("probe.mapCursor()")
    racing = read(driver.query(page))[0].visible_experiment.contenders
    assert [each["name"] for each in drawn] == [contender.label for contender in racing]
    assert {each["dots"] for each in drawn} == {len(racing)}


def test_the_maps_own_marks_stay_however_a_lesson_is_reached(page: Page, address: str) -> None:
    """Plotly hands the places of its marks on from lesson to lesson; the cursor hides none."""
    mapped = [lesson.number for lesson in lessons() if "map" in lesson.panes]
    assert len(mapped) > 2
    driver.visit(page, address, "tab=lessons")
    page.keyboard.press("n")  # the first of the list
    for number, following in pairwise(mapped[:3]):
        driver.wait_query(page, f"lesson={number}")
        expect_own_marks(page)
        page.keyboard.press("r")
        driver.wait_query(page, "reveal=1")
        expect_own_marks(page)
        page.get_by_role("link", name=f"Lesson {following}:").click()
    driver.wait_query(page, f"lesson={mapped[2]}")
    expect_own_marks(page)
    page.go_back()
    driver.wait_query(page, f"lesson={mapped[1]}&reveal=1")
    expect_own_marks(page)


def test_the_answer_follows_beta(page: Page, address: str) -> None:
    driver.visit(page, address, "tab=lessons&lesson=1&reveal=1")
    driver.type_into(page, "beta", "0.8")
    driver.wait_query(page, "run=0,0.8")
    changed = FIRST.experiment.replace(
        contenders=(*FIRST.experiment.contenders[:-1], Contender("momentum", 0.8))
    )
    summary = compute.summary_of(changed)
    answer = page.locator(f"#{ids.LESSON_REVEAL}")
    expect(answer).to_contain_text("Momentum 0.8 escapes after")
    expect_fact(answer, summary, "result")
    expect_fact(answer, summary, "price")


@pytest.mark.parametrize(
    "lesson", breadth(lessons(), [FIRST, lessons()[-1]]), ids=lambda lesson: lesson.title
)
def test_every_answer_is_a_link_with_its_controls_in_sight_on_a_small_screen(
    page: Page, address: str, lesson: Lesson
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    driver.visit(page, address, f"tab=lessons&lesson={lesson.number}&reveal=1")
    opened = f"tab=lessons&lesson={lesson.number}&reveal=1"
    driver.expect_traces(page, driver.expected_traces(opened))
    expect(title(page)).to_have_text(f"{lesson.number}. {lesson.title}")
    answer = page.locator(f"#{ids.LESSON_REVEAL}")
    summary = compute.summary_of(lesson.experiment)
    expect_fact(answer, summary, "result")
    for key in ("beta", "eta", "T"):
        shown = page.locator(f"#{ids.row(key)}")
        expect(shown).to_be_visible(visible=key in lesson.controls)
    shown = page.locator(f"#{ids.LESSON_FORMULA} mjx-container")
    expect(shown).to_be_visible(visible=bool(lesson.formula))
    box = answer.bounding_box()
    column = page.locator(".beside").filter(has=page.locator("#lesson")).bounding_box()
    assert box is not None
    assert column is not None
    assert box["y"] + box["height"] <= column["y"] + column["height"]


def test_the_keyboard_alone_goes_through_the_lessons(page: Page, address: str) -> None:
    driver.visit(page, address, "tab=lessons&lesson=1")
    page.keyboard.press("n")
    expect(title(page)).to_have_text(re.compile("^2"))
    page.keyboard.press("r")
    driver.wait_query(page, "reveal=1")
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_be_visible()
    assert driver.query(page) == "tab=lessons&lesson=2&reveal=1"
    page.keyboard.press("p")
    expect(title(page)).to_have_text(re.compile("^1"))
    expect(page.locator(f"#{ids.LESSON_REVEAL}")).to_be_hidden()


def test_back_returns_to_the_readers_own_experiment(page: Page, address: str) -> None:
    driver.visit(page, address, "run=0,0.6&T=30000")
    own = driver.query(page)
    page.get_by_role("tab", name="Lessons").click()
    driver.wait_query(page, "tab=lessons")
    page.get_by_role("link", name="Lesson 2").click()
    driver.wait_query(page, "lesson=2")
    page.go_back()
    page.go_back()
    page.wait_for_function("own => location.search.slice(1) === own", arg=own)
    driver.wait_settled(page)
    driver.expect_traces(page, driver.expected_traces(own))


@pytest.mark.parametrize(
    ("query", "number", "said"),
    [
        ("tab=lessons&lesson=99", len(lessons()), "it must be a lesson from 1 to"),
        ("tab=lessons&lesson=two", 1, "it must be a lesson from 1 to"),
        ("tab=lesson&lesson=3", 3, "one of the page's tabs"),
    ],
)
def test_an_unknown_lesson_opens_the_nearest_and_says_so(
    page: Page, address: str, query: str, number: int, said: str
) -> None:
    driver.visit(page, address, query)
    expect(title(page)).to_have_text(re.compile(f"^{number}"))
    expect(page.locator(f"#{ids.NOTICE}")).to_contain_text(said)
