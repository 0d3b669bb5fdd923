"""The hand's door: GET /live answers a state and a few edits with what moves on the page.

One compute path for all plots, small typed payloads (DESIGN.md section 8).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from app import ids
from app.controls import Props, props
from app.drawing import Drawing, affordable, draw, lighter
from app.edits import apply, spoken_error
from app.layout import shell_props
from app.pages import PAGES
from app.ready import text, texts, together
from app.state import State, look, read, write
from simulation.parameters import ParameterError

blueprint = Blueprint("live", __name__)
LONGEST_EDITS = 4_000  # characters


@blueprint.get("/live")
def live() -> Response:
    """Query parameters: `q` (the page's query), `look` (theme in force), `edits` (JSON object).

    `hand=off`: no hand holds a slider, so that all of a quick experiment may be drawn at once.
    `rest`: no edits, and all of it in any case.
    """
    try:
        edits = read_edits(request.args.get("edits", "{}"))
    except ValueError as error:
        return Response(str(error), status=400, mimetype="text/plain")
    query = request.args.get("q", "")
    state, repairs = read(query, tuple(PAGES))
    state, lowered = affordable(state)
    notices = [f"{repair}." for repair in repairs + lowered]
    have = tuple(request.args.get("have", "").split(","))
    theme = look(f"{query}&look={request.args.get('look', '')}")
    if "rest" in request.args:
        body = full_render(state, theme, have)
    else:
        body = answer(state, theme, edits, have, notices, request.args.get("hand") != "off")
    return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})


def read_edits(text: str) -> dict[str, Any]:
    """The edits of a request; raises ValueError with one sentence."""
    if len(text) > LONGEST_EDITS:
        raise ValueError(f"edits has at most {LONGEST_EDITS:,} characters")
    try:
        edits = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("edits is not JSON") from None
    if not isinstance(edits, dict):
        raise ValueError("edits is not a JSON object of control → value")
    return edits


def active_tab_props(state: State, theme: str) -> Props:
    """What the open tab shows, where it follows the hand."""
    follow = getattr(PAGES.get(state.view.tab), "props", None)
    lighter_state = State(lighter(state.experiment), state.view)
    return follow(lighter_state, theme) if follow else {}


def check_tab(state: State) -> None:
    """Raises ParameterError where the page has no such tab."""
    if state.view.tab not in ("", *PAGES):
        raise ParameterError("tab", state.view.tab, "one of " + ", ".join(PAGES), None)


def answer(
    state: State,
    theme: str,
    edits: dict[str, Any],
    have: tuple[str, ...],
    notices: list[str],
    held: bool = True,
) -> str:
    """The state after the edits, or the state before them and the reason why not.

    `have` are the looks on the reader's screen; a figure that looks otherwise is sent whole.
    """
    try:
        changed = apply(state, edits)
        check_tab(changed)
        theme = changed.view.theme or theme
        drawing = draw(changed, theme, is_partial(changed, held))
        tab = active_tab_props(changed, theme)
    except ParameterError as error:
        notices = [*notices, spoken_error(error)]
        changed, tab = state, active_tab_props(state, theme)
        drawing = draw(state, theme, is_partial(state, held))
    words = controls(changed, theme) | dict(drawing.said) | texts(tab)
    words |= texts({
        ids.NOTICE_TEXT: {"children": " ".join(notices)},
        ids.NOTICE: {"hidden": not notices},
    })  # fmt: skip
    return encode_page(drawing, have, words, whole=not is_partial(changed, held))


def is_partial(state: State, held: bool) -> bool:
    """Whether less than all is to be drawn: in the hand, or where all would take long."""
    return held or lighter(state.drawn) != state.drawn


def controls(state: State, theme: str) -> dict[str, str]:
    """What the rail and the shell show: component id → JSON of its props."""
    return texts(props(state, theme) | shell_props(state, theme))


def full_render(state: State, theme: str, have: tuple[str, ...]) -> str:
    """The state with all its paths and arrows; what was said last, and the tab, stay."""
    theme = state.view.theme or theme
    drawing = draw(state, theme)
    words = controls(state, theme) | dict(drawing.said)
    return encode_page(drawing, have, words, whole=True)


def encode_page(
    drawing: Drawing, have: tuple[str, ...], words: Mapping[str, str], whole: bool
) -> str:
    """A drawing as it travels: what moves, and as a figure what looks otherwise than `have`.

    words: component id → JSON of its props. whole: all paths and all arrows are in it.
    """
    looks = dict(drawing.looks)
    anew = {graph: drawing.figures[graph] for graph, name in looks.items() if name not in have}
    return together({
        "query": text(write(drawing.state)),
        "look": text(drawing.look),
        "whole": text(whole),
        "looks": text(looks),
        "moments": text(dict(drawing.moments)),
        "frame": drawing.frame,
        "figures": text(anew),
        "props": together(words),
    })  # fmt: skip
