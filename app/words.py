"""The reading as components: the sentence with its names in colour, and the large numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from app import ids
from app.reading import Merit, Part, Reading
from app.theme import Style


def words(said: Reading, looks: Sequence[Style]) -> dict[str, dict[str, Any]]:
    """The reading as props of its places: component id → props."""
    sentence: list[Any] = [_part(part, looks) for part in said.parts]
    notes = [html.Span(f" {note}", className="note") for note in said.notes]
    places = {ids.merit(i): {"children": _merit(m, looks)} for i, m in enumerate(said.merits)}
    return {ids.SENTENCE: {"children": [*sentence, *notes]}} | places


def _part(part: Part, looks: Sequence[Style]) -> html.Span | str:
    if part.kind == "text":
        return part.text
    return html.Span(part.text, className=part.kind, style=_ink(part.contender, looks))


def _merit(merit: Merit, looks: Sequence[Style]) -> list[Any]:
    return [html.B(merit.value, style=_ink(merit.contender, looks)), html.Span(merit.label)]


def _ink(contender: int | None, looks: Sequence[Style]) -> dict[str, str]:
    return {} if contender is None else {"--text": looks[contender].text}
