"""GET /live: apply control edits to a page state; return the changed figures and props as JSON.

All plots share one compute path; the payload holds typed arrays and only what changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from app import ids
from app.components.controls import props
from app.components.text_field import Props, text_props
from app.layout import shell_props
from app.render.answer_body import BODIES
from app.render.delta import without_arrays
from app.render.page import RenderedPage, fewer_paths_for_drag, render
from app.state.edits import apply_valid
from app.state.page_state import State, read, resolve_theme, theme_of, write
from app.state.work_budget import clamp_to_budget
from app.tabs.registry import TAB_MODULES
from simulation.model.parameters import ParameterError

blueprint = Blueprint("live", __name__)
AnswerParts = tuple[dict[str, Any], Mapping[str, Any]]  # an answer without its delta, and its delta
LONGEST_EDITS = 4_000  # characters


@blueprint.get("/live")
def live() -> Response:
    """Return the page after the edits as JSON; 400 for malformed edits.

    Query parameters: `q`, the page's query; `look`, the theme in force; `have`, the fingerprints of
    the client's figures, comma-separated; `edits`, a JSON object of control → value.

    `hand=off`: no slider is being dragged, so a cheap experiment is drawn with all its paths.
    `rest`: ignore the edits and draw all paths in any case. `as`: a key of BODIES.
    """
    encoder = BODIES.get(request.args.get("as", "json"))
    if encoder is None:
        return Response(f"as is one of {', '.join(BODIES)}", status=400, mimetype="text/plain")
    try:
        edits = read_edits(request.args.get("edits", "{}"))
    except ValueError as error:
        return Response(str(error), status=400, mimetype="text/plain")
    query = request.args.get("q", "")
    state, repairs = read(query, tuple(TAB_MODULES))
    state, lowered = clamp_to_budget(state)
    notices = [f"{repair}." for repair in repairs + lowered]
    have = tuple(request.args.get("have", "").split(","))
    theme = resolve_theme(urlencode({"look": request.args.get("look", "")}))
    if "rest" in request.args:
        parts = full_render(state, theme, have)
    else:
        parts = answer(state, theme, edits, have, notices, request.args.get("hand") != "off")
    body = encoder(*parts)
    return Response(body.data, mimetype=body.mimetype, headers={"Cache-Control": "no-store"})


def read_edits(text: str) -> dict[str, Any]:
    """Return the edits of a request; raises ValueError with a one-line message."""
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
    """Return the props of the open tab if it is updated during a drag, else {}."""
    follow = getattr(TAB_MODULES.get(state.view.tab), "props", None)
    lighter_state = State(fewer_paths_for_drag(state.experiment), state.view)
    return follow(lighter_state, theme) if follow else {}


def check_tab(state: State) -> None:
    """Raise ParameterError for an unknown tab."""
    if state.view.tab not in ("", *TAB_MODULES):
        raise ParameterError("tab", state.view.tab, "one of " + ", ".join(TAB_MODULES), None)


def answer(
    state: State,
    theme: str,
    edits: dict[str, Any],
    have: tuple[str, ...],
    notices: list[str],
    held: bool = True,
) -> AnswerParts:
    """Return the state after the valid edits, with a notice about each of the others.

    theme: the browser's own. have: fingerprints of the figures that the client has; a figure with
    another fingerprint is sent whole. held: whether a slider is being dragged.
    """
    applied = apply_valid(state, edits)
    changed, refused = applied.state, dict(applied.refused)
    try:
        check_tab(changed)
    except ParameterError as error:
        changed, refused["tab"] = changed.with_view(tab=state.view.tab), error
    theme = theme_of(changed.view, theme)
    drawing = render(changed, theme, is_partial(changed, held))
    tab = active_tab_props(changed, theme)
    notices = [*notices, *(f"{repair}." for repair in applied.repairs), *map(str, refused.values())]
    words = props(changed, theme) | shell_props(changed, theme) | dict(drawing.props) | tab
    words |= refused_fields(words, edits, refused)
    words |= {
        ids.NOTICE_TEXT: {"children": " ".join(notices)},
        ids.NOTICE: {"hidden": not notices},
    }
    return page_parts(drawing, have, words, whole=not is_partial(changed, held))


def refused_fields(
    shown: Props, edits: Mapping[str, Any], refused: Mapping[str, ParameterError]
) -> Props:
    """Return the props of the text fields whose text is refused: the text stays, with its error."""
    return {
        place: shown[place] | text_props(edits[key], str(error))
        for key, error in refused.items()
        if isinstance(edits[key], str) and "error" in shown.get(place := ids.field(key), {})
    }


def is_partial(state: State, held: bool) -> bool:
    """Return whether to draw fewer paths: during a drag, or if all paths would take long."""
    return held or fewer_paths_for_drag(state.visible_experiment) != state.visible_experiment


def full_render(state: State, theme: str, have: tuple[str, ...]) -> AnswerParts:
    """Return the figures with all paths and arrows; leaves notices, controls and tab unchanged."""
    drawing = render(state, theme_of(state.view, theme))
    return page_parts(drawing, have, dict(drawing.props), whole=True)


def page_parts(
    drawing: RenderedPage, have: tuple[str, ...], words: Props, whole: bool
) -> AnswerParts:
    """Return a rendered page as an answer, with whole figures whose fingerprint `have` lacks.

    The arrays of such a figure's moving traces are in the delta alone.

    words: component id → its props. whole: whether all paths and arrows are included.
    """
    looks = dict(drawing.fingerprints)
    anew = {
        graph: without_arrays(drawing.figures[graph])
        for graph, name in looks.items()
        if name not in have
    }
    page = {
        "query": write(drawing.state),
        "look": drawing.theme,
        "whole": whole,
        "looks": looks,
        "moments": dict(drawing.cursor_data),
        "figures": anew,
        "props": words,
    }
    return page, drawing.delta
