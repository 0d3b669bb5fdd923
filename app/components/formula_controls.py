"""The landscape's formula: typeset, and the controls of one that is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import html

from app import ids
from app.components.attributes import attributes
from app.components.formula_help import formula_help
from app.components.text_field import Props, text_field, text_props
from app.state.formula_values import SLOTS, names
from app.state.page_state import State
from app.text.mathml import mathml
from app.text.points import point_texts, points_sentence
from simulation.formula.chosen import is_free
from simulation.model.experiment import PARAMETERS, declared_formula, formula_text

SLOT_KEYS = tuple(f"p{i + 1}" for i in range(SLOTS))


def typeset_formula(now: Props) -> html.Div:
    """Return the landscape's f(w), typeset."""
    return html.Div(id=ids.FORMULA_MATH, className="formula-math", **now[ids.FORMULA_MATH])


def formula_group(now: Props, slider_row: Callable[[str, Props], html.Div]) -> html.Div:
    """Return the formula's field, its parameters' sliders and its stationary points."""
    key = PARAMETERS["formula"].key
    field = dmc.TextInput(
        id=ids.field(key), debounce=False, size="xs", className="control-field",
        inputProps={"aria-label": "Formula f(w)", "spellCheck": "false", "autoCapitalize": "off",
                    "autoComplete": "off", "data-live": ""},
        **now[ids.field(key)],
    )  # fmt: skip
    dimension, more = (
        html.Div(
            [html.Span(name, className="label"), text_field(key, name, now)],
            id=ids.row(key), className="control list", **now[ids.row(key)],
        )
        for key, name in ((PARAMETERS["dimension"].key, "Dimension d"),
                          (PARAMETERS["parameters"].key, "Parameters"))
    )  # fmt: skip
    return html.Div(
        [
            html.Div([html.Span("f =", className="label"), field], className="control formula-row"),
            formula_help(),
            dimension,
            *(slider_row(slot, now) for slot in SLOT_KEYS),
            more,
            html.Div(id=ids.POINTS, className="points", **now[ids.POINTS]),
        ],
        id=ids.FORMULA,
        **now[ids.FORMULA],
    )


def formula_props(state: State) -> Props:
    """Return the props of the formula's controls: component id → props."""
    experiment = state.experiment
    text, known = formula_text(experiment), names(experiment)
    listed, dimension = PARAMETERS["parameters"], PARAMETERS["dimension"]
    free = bool(text) and is_free(declared_formula(experiment))
    out: Props = {
        ids.FORMULA: {"hidden": not text},
        ids.field(PARAMETERS["formula"].key): text_props(text),
        ids.field(listed.key): text_props(listed.format(experiment.parameters)),
        ids.FORMULA_MATH: {"data-mathml": mathml(experiment), "hidden": _is_left_out(state)},
        ids.field(dimension.key): text_props(str(experiment.dimension)),
        ids.row(dimension.key): {"hidden": not free},
        ids.row(listed.key): {"hidden": len(known) <= SLOTS},
        ids.POINTS: {"children": _points(state) if text else []},
    }
    for i, key in enumerate(SLOT_KEYS):
        used = i < len(known)
        out[ids.row(key)] = {"hidden": not used}
        out[ids.name(key)] = {"children": known[i] if used else ""}
    return out


def _is_left_out(state: State) -> bool:
    """Return whether f(w) is not typeset: in a lesson with a formula, or with the menu hidden."""
    lesson = state.lesson is not None and bool(state.lesson.formula)
    return lesson or PARAMETERS["landscape"].key in state.hidden


def _points(state: State) -> list[Any]:
    """Return the sentence on the stationary points, and a button for each."""
    rows = [
        html.Button(
            text, type="button", className="point", disabled=not at,
            **attributes(data_edit=json.dumps({"at": at}), aria_pressed=str(here).lower()),
        )
        for text, at, here in point_texts(state.experiment)
    ]  # fmt: skip
    return [
        html.P(points_sentence(state.experiment), className="note"),
        html.Div(rows, className="list"),
    ]
