"""The headline and standings as components: a sentence with coloured names, and large figures.

Each is the children of one component, so that a drag sets one prop per response.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dash import html

from app import ids
from app.components.help import helped
from app.text.column_help import MERITS
from app.text.outcome import Merit, Outcome
from app.text.price import WHEN
from app.text.spans import Span
from app.text.standings import Standing
from app.theme import Style


def headline_props(said: Outcome, line_styles: Sequence[Style]) -> dict[str, dict[str, Any]]:
    """Return the headline's props: component id → props."""
    sentence: list[Any] = [_part(part, line_styles) for part in said.parts]
    notes = [html.Span(f" {note}", className="note") for note in said.notes]
    told = zip(said.merits, MERITS, strict=False)
    merits = [_merit(merit, words, line_styles) for merit, words in told]
    text = html.P([*sentence, *notes], className="sentence")
    return {ids.READING: {"children": [text, html.Div(merits, className="merits")]}}


def standings_props(
    race: Sequence[Standing], line_styles: Sequence[Style]
) -> dict[str, dict[str, Any]]:
    """Return the standings' props, one list item per contender: component id → props."""
    return {ids.RACE: {"children": [_standing(s, line_styles[s.contender]) for s in race]}}


@lru_cache(maxsize=256)  # in a drag all but one optimizer stay as they are
def _standing(one: Standing, style: Style) -> html.Li:
    beside = "theory" if one.gain else "theory alone"
    theory = html.Span(f" {one.theory}", className=beside) if one.theory else None
    head = [html.Span(style.name, className="who"), html.B(one.steps)]
    step = html.Span(one.step, className="step") if one.step else None
    words, _, when = one.price.rpartition(" ")  # the last word is left out where there is no room
    after: Any = [words, html.Span(f" {when}", className="when")] if when in WHEN else one.price
    price = html.Span(after, className="price", title=one.meaning) if one.price else None
    said = [*head, html.Span([one.gain, theory], className="how"), price, step]
    tag: dict[str, Any] = {"data-contender": str(one.contender)}
    return html.Li(said, className="standing", **tag,
                   style={"--color": style.color, "--text": style.text})  # fmt: skip


def _part(part: Span, line_styles: Sequence[Style]) -> html.Span | str:
    if part.kind == "text":
        return part.text
    return html.Span(part.text, className=part.kind, style=_ink(part.contender, line_styles))


def _merit(merit: Merit, words: str, line_styles: Sequence[Style]) -> html.Div:
    value = html.B(merit.value, style=_ink(merit.contender, line_styles))
    shown = helped([value, html.Span(merit.label, className="what")], words)
    return html.Div(shown, className="merit")


def _ink(contender: int | None, line_styles: Sequence[Style]) -> dict[str, str]:
    return {} if contender is None else {"--text": line_styles[contender].text}
