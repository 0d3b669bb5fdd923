"""The OpenAPI description of `/api/v1`, generated from the parameter declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.http.api_fields import RUN, THEORY
from simulation.formula.grammar import MOST_CHARACTERS
from simulation.model.contenders import Contenders
from simulation.model.experiment import PARAMETERS
from simulation.model.formula_parameters import FormulaText, NamedNumbers
from simulation.model.parameters import Choice, Integer, Number, Numbers, Parameter
from simulation.rules import RULES

FORMAT_KEY = "format"
Schema = dict[str, Any]
NAMED = r"^([A-Za-z][A-Za-z0-9]*:-?[0-9.e;-]+(,|$))*$"  # a:2,b:0.5;1

SCHEMAS: Mapping[type[Parameter], Callable[[Any], Schema]] = {
    Number: lambda p: {"type": "number", "minimum": p.low, "maximum": p.high},
    Integer: lambda p: {"type": "integer", "minimum": p.low, "maximum": p.high},
    Choice: lambda p: {"type": "string", "enum": list(p.choices)},
    Numbers: lambda p: {
        "type": "array", "minItems": p.shortest, "maxItems": p.longest,
        "items": {"type": "number", "minimum": p.low, "maximum": p.high},
    },
    FormulaText: lambda p: {"type": "string", "maxLength": MOST_CHARACTERS},
    NamedNumbers: lambda p: {"type": "string", "pattern": NAMED},
    Contenders: lambda p: {
        "type": "array", "minItems": 1, "maxItems": p.longest,
        "items": {"type": "string", "pattern": contender_pattern()},
    },
}  # fmt: skip


def contender_pattern() -> str:
    """Return a regular expression for one contender: β, rule, or rule:β."""
    beta = r"(0(\.[0-9]{1,4})?)"
    rules = "|".join(RULES)
    return rf"^({beta}|({rules})|({rules}):{beta})$"


def parameter(declared: Parameter) -> Schema:
    """Return the schema of one query parameter."""
    text = f"{declared.help} {declared.label} {declared.symbol}".strip()
    said: Schema = {"name": declared.key, "in": "query", "required": False, "description": text}
    said["schema"] = SCHEMAS[type(declared)](declared)
    if said["schema"]["type"] == "array":
        said |= {"style": "form", "explode": False}
    return said


def numbers(formats: Mapping[str, str], fields: Mapping[str, str]) -> Schema:
    """Return the response with the numbers; each of `fields` is described for JSON."""
    content: Schema = {mime: {"schema": {}} for mime in formats.values()}
    said = {name: {"description": text} for name, text in fields.items()}
    content["application/json"] = {
        "schema": {"type": "object", "required": ["query", "engine"], "properties": said}
    }
    return {"description": "The numbers.", "content": content}


def describe(formats: Mapping[str, str]) -> Schema:
    """Return the OpenAPI document; formats: name → media type."""
    asked = [parameter(declared) for declared in PARAMETERS.values()]
    asked.append({
        "name": FORMAT_KEY, "in": "query", "required": False, "description": "Format of the reply.",
        "schema": {"type": "string", "enum": list(formats), "default": "json"},
    })  # fmt: skip
    refusal = {
        "type": "object",
        "required": ["field", "value", "allowed", "error"],
        "properties": {name: {"type": "string"} for name in ("field", "value", "allowed", "error")},
    }
    refusals = {
        "304": {"description": "Not modified."},
        "400": {
            "description": "A value that is not allowed, or more work than the live budget.",
            "content": {"application/json": {"schema": refusal}},
        },
        "414": {"description": "Address too long.", "content": {"text/plain": {"schema": {}}}},
    }
    answers = {
        "run": ("Run the experiment.", RUN),
        "theory": ("Theory, without a run.", THEORY),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Saddlescape", "version": "1", "license": {"name": "MIT"}},
        "servers": [{"url": "/api/v1"}],
        "paths": {
            f"/{name}": {
                "get": {
                    "operationId": name,
                    "summary": summary,
                    "parameters": asked,
                    "responses": {"200": numbers(formats, fields)} | refusals,
                }
            }
            for name, (summary, fields) in answers.items()
        },
    }
