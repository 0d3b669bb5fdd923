"""The drag's door: GET /live answers a state and a few edits with what moves on the page.

One compute path for all plots, small typed payloads (DESIGN.md section 8).
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from app import ids
from app.controls import Props, props
from app.drawing import affordable, draw, lighter
from app.edits import apply, spoken_error
from app.figures import frame
from app.layout import shell_props
from app.pages import PAGES
from app.state import State, look, read, write
from simulation.parameters import ParameterError

blueprint = Blueprint("live", __name__)
LONGEST_EDITS = 4_000  # characters


@blueprint.get("/live")
def live() -> Response:
    """Query parameters: `q` (the page's query), `look` (theme in force), `edits` (JSON object)."""
    try:
        edits = read_edits(request.args.get("edits", "{}"))
    except ValueError as error:
        return Response(str(error), status=400, mimetype="text/plain")
    text = request.args.get("q", "")
    state, repairs = read(text, tuple(PAGES))
    state, lowered = affordable(state)
    notices = [f"{repair}." for repair in repairs + lowered]
    have = tuple(request.args.get("have", "").split(","))
    theme = look(f"{text}&look={request.args.get('look', '')}")
    said = answer(state, theme, edits, have, notices)
    body = json.dumps(said, separators=(",", ":"), default=lambda part: part.to_plotly_json())
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


def opened(state: State, theme: str) -> Props:
    """What the open tab shows, where it follows the hand."""
    follow = getattr(PAGES.get(state.view.tab), "props", None)
    lighter_state = State(lighter(state.experiment), state.view)
    return follow(lighter_state, theme) if follow else {}


def check_tab(state: State) -> None:
    """Raises ParameterError where the page has no such tab."""
    if state.view.tab not in ("", *PAGES):
        raise ParameterError("tab", state.view.tab, "one of " + ", ".join(PAGES), None)


def answer(
    state: State, theme: str, edits: dict[str, Any], have: tuple[str, ...], notices: list[str]
) -> dict[str, Any]:
    """The state after the edits, or the state before them and the reason why not.

    `have` are the looks on the reader's screen; a figure that looks otherwise is sent whole.
    """
    try:
        changed = apply(state, edits)
        check_tab(changed)
        theme = changed.view.theme or theme
        drawing = draw(changed, theme, drag=True)
        tab = opened(changed, theme)
    except ParameterError as error:
        notices = [*notices, spoken_error(error)]
        changed, drawing, tab = state, draw(state, theme, drag=True), opened(state, theme)
    words = props(changed, theme) | shell_props(changed, theme) | dict(drawing.props) | tab
    words[ids.NOTICE_TEXT] = {"children": " ".join(notices)}
    words[ids.NOTICE] = {"hidden": not notices}
    looks = dict(drawing.looks)
    anew = [graph for graph, look_ in looks.items() if look_ not in have]
    return {
        "query": write(changed),
        "look": theme,
        "looks": looks,
        "moments": dict(drawing.moments),
        "frame": frame(drawing.figures),
        "figures": {graph: drawing.figures[graph] for graph in anew},
        "props": words,
    }
