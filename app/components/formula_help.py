"""How a formula is written: a collapsed help below its field, with examples that a click sets."""

from __future__ import annotations

import json

from dash import html

from app.components.attributes import attributes
from simulation.formula.functions import FUNCTIONS
from simulation.formula.grammar import (
    MOST_CHARACTERS,
    MOST_PARAMETERS,
    MOST_WEIGHTS,
)

EXAMPLES = (
    ("x^4/4 - x^2/2 + y^2/2", "double well"),
    ("x^4/4 - a*x^2/2 + y^2/2", "its depth is a parameter"),
    ("(x^2+y-11)^2 + (x+y^2-7)^2", "Himmelblau: four saddles"),
    ("(u*v-1)^2/2", "network of two weights"),
    ("sin(x)*cos(y) + 0.1*(x^2+y^2)", "hills and hollows"),
    ("sum(w_i^4)/4 - w1^2/2 + sum(w_i^2)/20", "in many dimensions"),
)
"""Formula, what it is."""


def formula_help() -> html.Details:
    """Return the help: weights, operators, functions, parameters, limits, examples."""
    rules = (
        ("Weights", "x y z u v w, or w1, w2, …; sum(w_i^2) and prod(…) run over all"),
        ("Operators", "+ - * / ^ and brackets; 2x is a product, xy is a name: write x*y"),
        ("Functions", " ".join(sorted(FUNCTIONS))),
        ("Numbers", "0.5, 1e-3, pi, e; with a decimal point"),
        ("Parameters", "every other name, such as a: it gets a slider"),
        ("Limits", f"{MOST_CHARACTERS} characters, {MOST_WEIGHTS} weights, "
                   f"{MOST_PARAMETERS} parameters"),
    )  # fmt: skip
    rows = [part for name, text in rules for part in (html.Dt(name), html.Dd(text))]
    examples = [
        html.Button(
            [html.Code(text), html.Span(what)], type="button", className="point example",
            **attributes(data_edit=json.dumps({"f": text})),
        )
        for text, what in EXAMPLES
    ]  # fmt: skip
    return html.Details(
        [html.Summary("How a function is written"), html.Dl(rows), *examples],
        className="formula-help",
    )
