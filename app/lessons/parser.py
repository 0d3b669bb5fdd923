"""The lessons: one Markdown file a step, in the order of their file names.

A file has a TOML head between `+++` lines (title, experiment, controls, question, formula, axes)
and three parts of Markdown: what is read first, `--- reveal`, `--- teacher`. `{who.what}` in the
text is filled in from the drawn experiment (app/lessons/facts.py). Imports nothing of the page.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from app.lessons.records import Lesson

PARTS = re.compile(r"^--- (\w+)\n", re.MULTILINE)
PLACE = re.compile(r"\{(\w+)\.(\w+)\}")


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons, in order. Raises ValueError or KeyError for a file that is not one."""
    pages = sorted((f for f in files("app.lessons").iterdir() if f.name.endswith(".md")),
                   key=lambda file: file.name)  # fmt: skip
    return tuple(read(n, page.read_text("utf-8")) for n, page in enumerate(pages, 1))


def read(number: int, source: str) -> Lesson:
    """A lesson from the text of its file; raises ValueError or KeyError."""
    _, head, body = source.split("+++\n", 2)
    said = tomllib.loads(head)
    text, *rest = PARTS.split(body)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    return Lesson(
        number=number,
        title=said["title"],
        query=said["experiment"],
        controls=tuple(said["controls"]),
        question=said["question"],
        formula=said.get("formula", ""),
        text=text.strip(),
        reveal=parts["reveal"].strip(),
        teacher=parts["teacher"].strip(),
        axes=said.get("axes", ""),
    )
