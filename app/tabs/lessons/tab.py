"""The Lessons tab: a text beside the plots, with a question asked before the curve is drawn."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from app import ids
from app.components.attributes import attributes
from app.components.controls import edit
from app.components.tab_guard import Props, fault_message, fault_outputs, guarded
from app.lessons.facts import fill
from app.lessons.outcomes import Fate, fate
from app.lessons.parser import lessons
from app.lessons.records import Lesson
from app.render.page import RenderedPage
from app.state.page_state import State
from app.state.view import LESSONS_TAB
from app.storage import compute
from simulation.model.query import format_query
from simulation.results.summary import Summary

KEY = LESSONS_TAB
TITLE = "Lessons"
ORDER = 60
BESIDE = True  # above the controls, beside Explore's plots
OUTPUTS = (
    (ids.LESSON_TEXT, "children"),
    (ids.LESSON_QUESTION, "children"),
    (ids.LESSON_REVEAL, "children"),
    (ids.LESSON_TEACHER, "children"),
    (ids.PREDICTION_ANSWER, "data"),
    *fault_outputs(KEY),
)
HOW = "Predict: click on the distance plot, or move the slider. Then reveal the curve."


def layout(drawing: RenderedPage) -> html.Div:
    """Return the navigation, text, question, answer and teacher's note."""
    shown = props(drawing.state, drawing.theme)
    attribute = attributes(aria_label="Lessons")
    live = attributes(aria_live="polite")
    teacher = html.Div(id=ids.LESSON_TEACHER, **shown[ids.LESSON_TEACHER])
    note = [html.Summary("For the teacher"), teacher]
    return html.Div(
        [
            fault_message(KEY, shown),
            html.Nav(id=ids.LESSON_NAV, className="lesson-nav", **attribute,
                     **shown[ids.LESSON_NAV]),
            html.Div(id=ids.LESSON_FORMULA, className="formula", **shown[ids.LESSON_FORMULA]),
            html.Div(id=ids.LESSON_TEXT, **shown[ids.LESSON_TEXT]),
            html.Div(
                [html.P(id=ids.LESSON_QUESTION, className="question",
                        **shown[ids.LESSON_QUESTION]),
                 html.P(HOW, className="fine"),
                 _prediction(shown)],
                id=ids.LESSON_ASK, **shown[ids.LESSON_ASK],
            ),
            html.P(id=ids.PREDICTION_SAID, className="said", **live),
            dcc.Store(id=ids.PREDICTION_ANSWER, **shown[ids.PREDICTION_ANSWER]),
            html.Div(id=ids.LESSON_REVEAL, **live, **shown[ids.LESSON_REVEAL]),
            html.Details(note, id=ids.LESSON_NOTE, className="note-box", **shown[ids.LESSON_NOTE]),
        ],
        id=ids.LESSON, className="lesson",
    )  # fmt: skip


def _prediction(shown: Props) -> html.Div:
    slider = dmc.Slider(
        id=ids.PREDICTION, min=0, updatemode="drag", thumbLabel="Your prediction, in steps",
        label=None, size=4, thumbSize=16, className="prediction", **shown[ids.PREDICTION],
    )  # fmt: skip
    reveal = dmc.Button("Reveal", size="compact-sm", **attributes(data_key="reveal"),
                        **edit(reveal=True))  # fmt: skip
    return html.Div([slider, reveal], className="predict")


def props(state: State, theme_name: str) -> Props:
    """Return the tab's props for a state: component id → props."""
    return guarded(KEY, lambda: _props(state), _contents)


def _props(state: State) -> Props:
    lesson = state.lesson
    if lesson is None:
        return _contents()
    summary = compute.summary_of(state.experiment)
    asking = state.asks
    steps = state.experiment.steps
    return {
        ids.LESSON_NAV: {"children": _steps(lesson)},
        ids.LESSON_FORMULA: {"children": _formula(lesson)},
        ids.LESSON_TEXT: {"children": _markdown(fill(lesson.text, summary))},
        ids.LESSON_ASK: {"hidden": not asking},
        ids.LESSON_QUESTION: {"children": fill(lesson.question, summary)},
        ids.PREDICTION: {"max": steps, "step": steps / 200, "value": steps / 2},
        ids.PREDICTION_ANSWER: {"data": _answer(state, summary, asking)},
        ids.LESSON_REVEAL: {
            "children": [] if asking else _markdown(fill(lesson.reveal, summary)),
            "hidden": asking,
        },
        ids.LESSON_NOTE: {"hidden": False},
        ids.LESSON_TEACHER: {"children": _markdown(fill(lesson.teacher, summary))},
    }


def _answer(state: State, summary: Summary, asking: bool) -> dict[str, float | str | None]:
    """Return what a prediction is held against (assets/modules/prediction.mjs).

    asked: the experiment that the question is about. steps: the median escape time of the optimizer
    asked about; None while it is asked, or if it does not escape. scale: units of the time axis for
    one of its steps.
    """
    last = len(summary.escape) - 1
    told = not asking and fate(summary, last) is Fate.ESCAPES
    momentum = state.experiment.contenders[last].momentum
    return {
        "asked": format_query(state.experiment),
        "steps": float(summary.escape[last].median) if told else None,
        "scale": 1 / (1 - momentum) if state.axes == "scaled" else 1,
    }


def _contents() -> Props:
    items = [html.Li(_step_link(lesson, lesson.title)) for lesson in lessons()]
    head = html.H2("Lessons", className="lesson-title")
    text = html.P("Short steps, each with a question to answer before the curve is drawn. Each "
                  "has its own experiment; the browser's Back returns to yours.")  # fmt: skip
    return {
        ids.LESSON_NAV: {"children": [head, text, html.Ol(items, className="contents")]},
        ids.LESSON_FORMULA: {"children": []},
        ids.LESSON_TEXT: {"children": []},
        ids.LESSON_ASK: {"hidden": True},
        ids.LESSON_QUESTION: {"children": ""},
        ids.PREDICTION: {"max": 100, "step": 1, "value": 50},
        ids.PREDICTION_ANSWER: {"data": {"asked": "", "steps": None, "scale": 1}},
        ids.LESSON_REVEAL: {"children": [], "hidden": True},
        ids.LESSON_NOTE: {"hidden": True},
        ids.LESSON_TEACHER: {"children": []},
    }


def _steps(lesson: Lesson) -> list[Any]:
    """Return the title and the links to all lessons."""
    last = len(lessons())
    dots = [_step_link(other, str(other.number), other.number == lesson.number)
            for other in lessons()]  # fmt: skip
    before = _turn("‹", "previous", lesson.number - 1, "Previous") if lesson.number > 1 else None
    after = _turn("›", "next", lesson.number + 1, "Next") if lesson.number < last else None
    row = [_turn("All", "contents", 0, "All lessons"), before, *dots, after]
    return [
        html.Div([part for part in row if part is not None], className="lesson-steps"),
        html.H2(f"{lesson.number}. {lesson.title}", className="lesson-title"),
    ]


def _step_link(lesson: Lesson, text: str, current: bool = False) -> html.A:
    said = attributes(aria_label=f"Lesson {lesson.number}: {lesson.title}")
    here = attributes(aria_current="step") if current else {}
    return html.A(text, href=f"?tab={KEY}&lesson={lesson.number}", className="step",
                  **said, **here, **edit(lesson=lesson.number))  # fmt: skip


def _turn(text: str, key: str, number: int, said: str) -> html.Button:
    return html.Button(text, type="button", className="text-button turn", title=said,
                       **attributes(data_key=key, aria_label=said),
                       **edit(lesson=number))  # fmt: skip


def _formula(lesson: Lesson) -> list[Any]:
    return [dcc.Markdown(lesson.formula, mathjax=True)] if lesson.formula else []


def _markdown(text: str) -> dcc.Markdown:
    return dcc.Markdown(text, className="prose")
