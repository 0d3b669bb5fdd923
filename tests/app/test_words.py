"""One word for one thing: what the page shows says optimizer, faster, click and Export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash.development.base_component import Component

from app.layout import page
from app.lessons.parser import lessons
from app.server import create_app
from app.settings import Settings
from app.tabs.registry import TAB_MODULES
from tests.marks import breadth

pytestmark = pytest.mark.long

READ = ("children", "title", "label", "aria-label", "placeholder", "source", "description")
OLD = re.compile(
    r"contender|\bsoon(er|est)\b|take away|is not possible|"
    r"\bpress(es|ed)?\b(?! (Enter|Ctrl))",  # a key is pressed
    re.IGNORECASE,
)
QUERIES = (
    "T=60000", "w0=0,0.5&T=1000", "run=0.9", "landscape=monkey", "eta=3&T=300",
    "noise=gaussian&N=64&T=2000", "run=rmsprop,adam&T=500", "T=20",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[None]:
    with create_app(Settings()).server.app_context():
        yield


def texts(value: Any) -> Iterator[str]:
    """Every text that a component and its children show or have read out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        for key in READ:
            yield from texts(value.get(key))
    elif isinstance(value, Component):
        yield from texts({key: getattr(value, key, None) for key in READ})
        for name in ("figure", "data"):
            shown = getattr(value, name, None)
            if isinstance(shown, dict) and "layout" in shown:
                yield from figure_texts(shown)


def figure_texts(figure: dict[str, Any]) -> Iterator[str]:
    for trace in figure["data"]:
        yield from texts([trace.get("name"), trace.get("text"), trace.get("hovertemplate")])
    for note in figure["layout"].get("annotations", ()):
        yield from texts(note.get("text"))


@pytest.mark.parametrize("tab", TAB_MODULES)
@pytest.mark.parametrize("query", breadth(QUERIES, [QUERIES[0], QUERIES[-1]]))
def test_a_tab_uses_the_current_words(tab: str, query: str) -> None:
    found = list(texts(page(f"{query}&tab={tab}".lstrip("&"))))
    assert any("optimizer" in text.lower() for text in found)
    assert not [text for text in found if OLD.search(text)]


@pytest.mark.parametrize("reveal", ["", "&reveal=1"])
@pytest.mark.parametrize("number", [lesson.number for lesson in lessons()])
def test_a_lesson_uses_the_current_words(number: int, reveal: str) -> None:
    found = list(texts(page(f"tab=lessons&lesson={number}{reveal}")))
    assert not [text for text in found if OLD.search(text)]
