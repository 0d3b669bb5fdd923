"""The lessons: every number in them is the drawn experiment's."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from dash import html

from app import ids
from app.components import controls
from app.layout import shell_props
from app.lessons.facts import fact, fill
from app.lessons.parser import PLACE, lessons, read
from app.lessons.records import PANES, Lesson
from app.render.page import render
from app.state.edits import apply
from app.state.page_state import State, canonical
from app.state.page_state import read as read_address
from app.state.page_state import write as write_address
from app.state.view import AXES, LESSONS_TAB
from app.storage import compute
from app.tabs.registry import TAB_MODULES
from app.text.numbers import exact, ratio
from simulation import Contender
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.model.query import format_query, repair_query
from simulation.runs import budget

pytestmark = pytest.mark.usefixtures("results_are_kept")
LESSONS = lessons()


def whole(lesson: Lesson) -> str:
    return "\n".join((lesson.question, lesson.text, lesson.reveal, lesson.teacher))


def test_there_are_six_to_nine_steps_numbered_in_order() -> None:
    assert 6 <= len(LESSONS) <= 9
    assert [lesson.number for lesson in LESSONS] == list(range(1, len(LESSONS) + 1))
    assert len({lesson.title for lesson in LESSONS}) == len(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_a_lesson_opens_on_a_canonical_affordable_experiment(lesson: Lesson) -> None:
    experiment, repairs = repair_query(lesson.query)
    assert not repairs
    assert set(format_query(experiment).split("&")) == set(lesson.query.split("&"))
    budget.check(experiment)
    assert len(experiment.contenders) > 1  # one races, one is asked about


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_a_lesson_leaves_out_the_plots_that_its_head_does_not_name(lesson: Lesson) -> None:
    assert "distance" in lesson.panes  # the prediction is placed on it
    link = f"tab=lessons&lesson={lesson.number}"
    shown = shell_props(read_address(link, tuple(TAB_MODULES))[0], "light")[ids.PAGE]["className"]
    classes = set(shown.split())
    assert classes >= {f"without-{graph}" for graph in lesson.hidden_graphs}
    assert not classes & {f"without-{PANES[name]}" for name in lesson.panes}
    whole_page = shell_props(read_address("", tuple(TAB_MODULES))[0], "light")[ids.PAGE]
    assert "without-" not in whole_page["className"]


def test_a_lesson_may_name_any_plots_and_always_has_the_distance() -> None:
    head = 'title = "A"\nexperiment = "run=0,0.5"\ncontrols = []\nquestion = "?"\n'
    body = "+++\nText.\n--- reveal\nAnswer.\n--- teacher\nNote.\n"
    assert read(9, f"+++\n{head}{body}").panes == ("map", "distance")
    named = read(9, f'+++\n{head}panes = ["distance", "value"]\n{body}')
    assert named.hidden_graphs == (ids.LANDSCAPE, ids.CORRELATION)
    for wrong in ('["map"]', '["distance", "moment"]', "[]"):
        with pytest.raises(ValueError, match="panes are distance and any of map"):
            read(9, f"+++\n{head}panes = {wrong}\n{body}")


@pytest.mark.long
def test_a_lesson_opens_with_its_own_time_axis_by_press_and_by_link() -> None:
    assert {lesson.axes for lesson in LESSONS} > {""}  # one at least has another
    state = State()
    for lesson in (*LESSONS, *LESSONS[::-1]):
        state = apply(state, {"lesson": lesson.number})
        assert state.axes == (lesson.axes or "linear")
        link = next(a for a in steps(state) if a.children == str(lesson.number)).href
        assert read_address(link.lstrip("?"), tuple(TAB_MODULES))[0] == state


def test_a_lessons_time_axis_is_that_of_its_shortest_address() -> None:
    lesson = next(lesson for lesson in LESSONS if lesson.axes)
    plain = f"tab=lessons&lesson={lesson.number}"
    state, repairs = read_address(plain, tuple(TAB_MODULES))
    assert (state.axes, repairs, write_address(state)) == (lesson.axes, [], plain)
    straight = apply(state, {"axes": AXES.default})
    assert straight.axes == AXES.default
    assert read_address(write_address(straight), tuple(TAB_MODULES))[0] == straight
    assert apply(state, {"tab": "choose"}).axes == AXES.default


@pytest.mark.parametrize("tab", [tab for tab in TAB_MODULES if tab != LESSONS_TAB])
def test_a_lesson_left_by_a_tab_shows_what_its_address_says(tab: str) -> None:
    for lesson in LESSONS:
        for revealed in (False, True):
            left = apply(State(), {"lesson": lesson.number, "reveal": revealed, "tab": tab})
            again, repairs = read_address(write_address(left), tuple(TAB_MODULES))
            assert (again, repairs) == (canonical(left), [])
            assert left.visible_experiment == again.visible_experiment == lesson.experiment
            assert left.hidden == again.hidden == frozenset()


def steps(state: State) -> list[html.A]:
    """The links to the lessons, as the page shows them."""
    (row, _) = TAB_MODULES["lessons"].props(state, "light")[ids.LESSON_NAV]["children"]
    return [part for part in row.children if isinstance(part, html.A)]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_place_is_filled_and_asks_only_for_what_there_is(lesson: Lesson) -> None:
    summary = compute.summary_of(lesson.experiment)
    text = fill(whole(lesson), summary)
    assert not PLACE.search(text)
    assert "nan" not in text
    assert {who for who, _ in PLACE.findall(whole(lesson))} <= {"first", "last", "all"}
    told = {what for who, what in PLACE.findall(lesson.question) if who == "last"}
    assert told <= {"question", "forecast"}  # the answer is not in the question
    assert "{last.question}" in lesson.question
    assert "{last.result}" in lesson.reveal


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_no_result_is_written_into_a_lesson(lesson: Lesson) -> None:
    """What the simulation finds stands in places; a caption cannot disagree with its picture."""
    typed = " ".join(re.findall(r"\d[\d,.]*", PLACE.sub("", whole(lesson))))
    summary = compute.summary_of(lesson.experiment)
    for escape in summary.escape:
        assert exact(escape.median) not in typed.split()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
@pytest.mark.parametrize("beta", [0.2, 0.97])
def test_the_text_follows_beta(lesson: Lesson, beta: float) -> None:
    racing = lesson.experiment.contenders[:-1]
    other = lesson.experiment.replace(contenders=(*racing, Contender("momentum", beta)))
    summary = compute.summary_of(other)
    text = fill(lesson.reveal, summary)
    assert text != fill(lesson.reveal, compute.summary_of(lesson.experiment))
    assert f"Momentum {beta}" in text
    at, against = summary.escape[-1].median, summary.escape[0].median
    if math.isfinite(at):
        assert exact(at) in text
        gain = against / at
        told = f"{ratio(gain)}× faster" if gain > 1.05 else "about as fast as SGD"
        assert not math.isfinite(against) or told in text


@pytest.mark.parametrize("text", ["x^4/4-a*x^2/2+y^2/2", "(u*v-1)^2/2", "abs(x)-y^2"])
def test_the_homework_link_is_the_drawn_experiment(text: str) -> None:
    drawn = apply(apply(State(), {"lesson": 9}), {"f": text}).experiment
    link = fact(compute.summary_of(drawn), "all", "link")
    assert not re.search(r"[()*\s]", link)  # the destination of a Markdown link
    assert repair_query(link) == (drawn, [])


EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(?=[^\s*])[^*]*[^\s*]\1(?![\w*])")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_asterisk_is_emphasis_or_escaped(lesson: Lesson) -> None:
    """w* would set all up to the next asterisk in italics."""
    for part in (lesson.text, lesson.reveal, lesson.teacher):
        assert "*" not in EMPHASIS.sub("", part.replace("\\*", "")), part


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
def test_what_limits_the_step_leaves_the_escape_as_it_is(hold: str) -> None:
    """Lesson 4: λ₊ says how large a step may be; at a given step the way out does not feel it."""
    experiment = LESSONS[3].experiment.replace(hold=hold, paths=16)
    flat, steep = (
        compute.summary_of(experiment.replace(eigenvalues=(steepest, -0.1)))
        for steepest in (1.0, 50.0)
    )
    assert [e.median for e in flat.escape] == [e.median for e in steep.escape]
    assert (flat.speed_up[-1] > 2) == (hold != "effective")


@pytest.mark.parametrize(
    ("hold", "order"), [("step", "× faster than"), ("effective", "as fast as")]
)
def test_the_result_of_lesson_4_follows_what_is_held(hold: str, order: str) -> None:
    """The text tells the reader to switch it, and goes on being true."""
    text = fill(LESSONS[3].reveal, compute.summary_of(LESSONS[3].experiment.replace(hold=hold)))
    assert HOLDS[hold].phrase in text
    assert f"{order} SGD.**" in text


def test_without_a_saddle_no_lesson_asks_for_an_escape() -> None:
    """The distance is from the start, and so are the question and its answer."""
    summary = compute.summary_of(repair_query("landscape=rosenbrock&run=0,0.9")[0])
    assert not summary.has_saddle
    assert any(math.isfinite(e.median) for e in summary.escape)
    asked = fact(summary, "last", "question")
    assert asked.startswith("There is no saddle to escape from.")
    for text in (asked.partition(".")[2], fact(summary, "last", "result")):
        assert "away from its start" in text
        assert "escape" not in text


@pytest.mark.parametrize("edit", [{"beta": "0.8"}, {"eta": "0.01"}, {"seed": "5"}])
def test_another_experiment_is_another_question(edit: dict[str, str]) -> None:
    """A prediction is kept for the experiment that it was made of; a reveal is no other one."""
    state = read_address("tab=lessons&lesson=7", tuple(TAB_MODULES))[0]

    def asked(of: State) -> object:
        return TAB_MODULES[LESSONS_TAB].props(of, "light")[ids.PREDICTION_ANSWER]["data"]["asked"]

    assert asked(apply(state, edit)) != asked(state)
    assert asked(apply(state, {"reveal": True})) == asked(state)


def test_a_slower_optimizer_is_called_slower() -> None:
    heavy = LESSONS[3].experiment.replace(contenders=(0.9, 0.0), hold="step", paths=16)
    assert "× slower than Momentum 0.9" in fact(compute.summary_of(heavy), "last", "result")


def test_a_momentum_turns_where_its_drawn_correlation_does() -> None:
    summary = compute.summary_of(LESSONS[1].experiment)
    said = fact(summary, "last", "turned").split(";")
    for i, clause in zip((1, 0), said, strict=True):
        at = int(np.flatnonzero(summary.trend[i] >= 0.9)[0])
        assert f"{summary.experiment.contenders[i].label} reaches" in clause
        assert f"after {exact(float(summary.steps[at]))} step" in clause
        assert f"{100 * summary.distance.median[i, at] / summary.radius:.0f} %" in clause
    none = compute.summary_of(LESSONS[1].experiment.replace(steps=20))
    assert "SGD does not reach 0.9 within 20 steps" in fact(none, "last", "turned")


def inks(state: State) -> dict[str, set[str]]:
    """Contender's name → the colours of its curves, on all plots, and of its chip."""
    drawing = render(state, "light")
    out: dict[str, set[str]] = {}
    for figure in drawing.figures.values():
        for trace in figure["data"]:
            if trace["meta"]["kind"] in ("curve", "path"):
                racing = state.experiment.contenders[trace["meta"]["contender"]]
                out.setdefault(racing.label, set()).add(trace["line"]["color"])
    rail = controls.props(state, "light")
    for i, racing in enumerate(state.experiment.contenders):
        out.setdefault(racing.label, set()).add(rail[ids.chip(i)]["style"]["--color"])
    return out


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_a_contender_keeps_one_colour_before_and_after_the_reveal(lesson: Lesson) -> None:
    asking = read_address(f"tab=lessons&lesson={lesson.number}", tuple(TAB_MODULES))[0]
    asked = inks(asking)
    assert all(len(colours) == 1 for colours in asked.values())
    assert asked == inks(asking.with_view(reveal=True))


def test_the_price_is_the_textbook_one() -> None:
    """(1+β)(2−ηλ)/[(1−β)(2(1+β)−ηλ)] at the same step (DESIGN.md section 5)."""
    experiment = Experiment(landscape="quadratic", contenders=(0.0, 0.9), step_size=0.5, steps=100)
    beta, eta = 0.9, 0.5
    wanted = (1 + beta) * (2 - eta) / ((1 - beta) * (2 * (1 + beta) - eta))
    said = fact(compute.summary_of(experiment), "last", "price")
    assert f"Momentum 0.9 has **{ratio(wanted)}× the stationary variance** of SGD" in said


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.78, 0.85, 0.95, 0.999])
def test_a_contender_is_said_to_swing_where_its_recursion_does(beta: float) -> None:
    """Lesson 5 goes on being true where its β is dragged: m = βm + λw, w = w − ηm from w = 1."""
    experiment = LESSONS[4].experiment.replace(contenders=(0.0, beta), paths=2)
    w, m, signs = 1.0, 0.0, set()
    for _ in range(400):
        m = beta * m + max(experiment.eigenvalues) * w
        w -= experiment.step_size * m
        signs.add(w < 0)
    said = fact(compute.summary_of(experiment), "last", "calming")
    assert ("oscillates" in said, "without oscillation" in said) == (
        len(signs) > 1,
        len(signs) == 1,
    )


def test_who_has_no_rest_is_not_said_to_settle() -> None:
    wild = compute.summary_of(
        LESSONS[4].experiment.replace(contenders=(0.0, 0.9), step_size=5.0, steps=200)
    )
    assert fact(wild, "last", "calming") == ""
    assert "SGD and Momentum 0.9 do not settle" in fact(wild, "last", "price")
    assert "SGD itself diverges" in fact(wild, "all", "advised")


def test_a_misspelt_place_or_a_broken_file_is_an_error() -> None:
    summary = compute.summary_of(LESSONS[0].experiment)
    with pytest.raises(KeyError):
        fill("{last.speed}", summary)
    with pytest.raises((ValueError, KeyError)):
        read(1, "+++\ntitle = 'x'\n+++\ntext")
