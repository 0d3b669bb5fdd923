"""Parser of the lessons: one Markdown file each, in the order of their numbers.

A file has a TOML head between `+++` lines (title, experiment, controls, panes, question, formula,
axes) and three parts of Markdown: the introduction, `--- reveal`, `--- teacher`. `{subject.fact}`
in the text is filled in from the drawn experiment (app/lessons/facts.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from app.lessons.records import PANES, USUAL_PANES, Lesson

PARTS = re.compile(r"^--- (\w+)\n", re.MULTILINE)
PLACE = re.compile(r"\{(\w+)\.(\w+)\}")


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return all lessons, in order; raises ValueError or KeyError for a malformed file."""
    pages = sorted((f for f in files("app.lessons").iterdir() if f.name.endswith(".md")),
                   key=lambda file: int(file.name.partition("-")[0]))  # fmt: skip
    return tuple(read(n, page.read_text("utf-8")) for n, page in enumerate(pages, 1))


def read(number: int, source: str) -> Lesson:
    """Return a lesson parsed from the text of its file; raises ValueError or KeyError."""
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
        panes=_panes(said.get("panes", USUAL_PANES)),
    )


def _panes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the plots that a lesson shows; raises ValueError."""
    given = tuple(names)
    unknown = set(given) - set(PANES)
    if unknown or "distance" not in given:
        raise ValueError(f"panes are distance and any of {', '.join(PANES)}; not {given}")
    return given
