"""What a lesson tells the reader to use is on that lesson's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
import pytest
from dash.development.base_component import Component

from app import ids
from app.components.dialogs import dialogs
from app.layout import page
from app.lessons.parser import lessons
from app.lessons.records import Lesson

pytestmark = pytest.mark.usefixtures("results_are_kept")
ITALICS = re.compile(r"(?<![\w*\\])\*(?!\*)([^*]+)\*(?![\w*])")
TEACHING = Path(__file__).parents[2] / "docs" / "teaching.md"

WORDS = {
    "batch": "batch", "seed": "w0", "tilt": "c-escape", "time axis": "axes", "held fixed": "hold",
    "η": "eta", "β": "beta", "landscape": "landscape",
}  # fmt: skip
"""A word for a control → its key."""


def texts(value: Any) -> Iterator[str]:
    """The texts of a component and its children, without the hidden ones and the lesson's."""
    if isinstance(value, str):
        yield " ".join(value.lower().split())
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        yield from texts(value.get("label"))
    elif isinstance(value, Component):
        if getattr(value, "hidden", False) or getattr(value, "id", "") == ids.LESSON:
            return
        if isinstance(value, dmc.Checkbox):  # Share lists every control
            return
        for key in ("children", "label", "title", "aria-label", "data"):
            found = getattr(value, key, None)
            yield from texts(found if key != "data" or isinstance(found, list) else None)


def italics(text: str) -> set[str]:
    return {" ".join(found.lower().split()) for found in ITALICS.findall(text)}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_a_lesson_names_what_its_page_shows(lesson: Lesson) -> None:
    here = set(texts(page(f"tab=lessons&lesson={lesson.number}&reveal=1")))
    anywhere = set(texts(page("tab=lessons")))
    assert italics(lesson.teacher) <= here
    assert (italics(lesson.text) | italics(lesson.reveal)) & anywhere <= here


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_a_note_asks_for_no_hidden_control(lesson: Lesson) -> None:
    named = {
        key
        for word, key in WORDS.items()
        if re.search(rf"(?<!\w)(re)?{word}(?!m\b)", lesson.teacher, re.I)
    }
    assert named <= set(lesson.controls)


@pytest.mark.parametrize(
    "text", [*(lesson.teacher for lesson in lessons()), TEACHING.read_text("utf-8")]
)
def test_the_script_is_copied_where_the_text_says(text: str) -> None:
    parts = dialogs({}, 6, "'self'")
    (title,) = (dialog.title for dialog in parts if "copy as pytorch" in set(texts(dialog)))
    for sentence in re.split(r"(?<=[.:?])\s|\n- ", text):
        assert "PyTorch" not in sentence or f"*{title}*" in sentence, sentence
