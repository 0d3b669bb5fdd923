"""The OpenAPI description of `/api/v1`, generated from the parameter declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulation.model.contenders import Contenders
from simulation.model.experiment import PARAMETERS
from simulation.model.parameters import Choice, Integer, Number, Numbers, Parameter
from simulation.rules import RULES

FORMAT_KEY = "format"
Schema = dict[str, Any]

SCHEMAS: Mapping[type[Parameter], Callable[[Any], Schema]] = {
    Number: lambda p: {"type": "number", "minimum": p.low, "maximum": p.high},
    Integer: lambda p: {"type": "integer", "minimum": p.low, "maximum": p.high},
    Choice: lambda p: {"type": "string", "enum": list(p.choices)},
    Numbers: lambda p: {
        "type": "array", "minItems": p.shortest, "maxItems": p.longest,
        "items": {"type": "number", "minimum": p.low, "maximum": p.high},
    },
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


def describe(formats: Mapping[str, str]) -> Schema:
    """Return the OpenAPI document; formats: name → media type."""
    asked = [parameter(declared) for declared in PARAMETERS.values()]
    asked.append({
        "name": FORMAT_KEY, "in": "query", "required": False, "description": "Format of the reply.",
        "schema": {"type": "string", "enum": list(formats), "default": "json"},
    })  # fmt: skip
    content: Schema = {mime: {"schema": {}} for mime in formats.values()}
    content["application/json"] = {"schema": {"type": "object", "required": ["query", "engine"]}}
    refusal = {
        "type": "object",
        "required": ["field", "value", "allowed", "error"],
        "properties": {name: {"type": "string"} for name in ("field", "value", "allowed", "error")},
    }
    responses = {
        "200": {"description": "The numbers.", "content": content},
        "304": {"description": "Not modified."},
        "400": {
            "description": "A value that is not allowed, or more work than the live budget.",
            "content": {"application/json": {"schema": refusal}},
        },
        "414": {"description": "Address too long.", "content": {"text/plain": {"schema": {}}}},
    }
    summaries = {"run": "Run the experiment.", "theory": "Theory, without a run."}
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
                    "responses": responses,
                }
            }
            for name, summary in summaries.items()
        },
    }
