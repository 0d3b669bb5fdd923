"""Validation of request bodies for Dash's callback endpoint: 4xx with one line.

Dash itself returns 500 for most malformed bodies. What is valid follows from the registered
callbacks: their outputs, inputs, states, and the annotations of their functions.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, get_type_hints

from dash import Dash
from flask import Flask, abort, request
from pydantic import PydanticUserError, TypeAdapter, ValidationError

ENDPOINT = "/_dash-update-component"
MATCHES = ("ALL", "ALLSMALLER", "MATCH")


def install(app: Dash) -> None:
    """Check every body sent to the callback endpoint of `app`."""
    server: Flask = app.server
    adapters: dict[str, list[TypeAdapter[Any] | None]] = {}

    def check() -> None:
        if request.path != ENDPOINT or request.method != "POST":
            return
        body = read_json()
        callback = known_callback(body, app.callback_map)
        check_shape(body, callback)
        output = body["output"]
        if output not in adapters:
            adapters[output] = value_adapters(callback)
        check_values(body, adapters[output])

    server.before_request(check)


def read_json() -> dict[str, Any]:
    """Return the body as a JSON object; abort with 400, 413 or 415."""
    if len(request.get_data()) >= (request.max_content_length or sys.maxsize):
        abort(413)  # without Content-Length, reading stops at the limit
    try:
        body = request.get_json()
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # NaN and lone surrogates are not JSON either
        abort(400, "The body is not JSON.")
    if not isinstance(body, dict):
        abort(400, "The body is not a JSON object.")
    return body


def known_callback(body: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the registered callback for the body's output; abort with 400 if there is none."""
    output = body.get("output")
    callback = known.get(output) if isinstance(output, str) else None
    if callback is None or "callback" not in callback:
        abort(400, "The body names no output of this page.")
    return callback  # type: ignore[no-any-return]


def check_shape(body: Mapping[str, Any], callback: Mapping[str, Any]) -> None:
    """Abort with 400 unless inputs, state and outputs are those of the callback."""
    for name in ("inputs", "state"):
        given = body.get(name, [])
        declared = callback[name]
        if not isinstance(given, list) or len(given) != len(declared):
            abort(400, f"The body's {name} is not the list that this output takes.")
        if not all(map(is_of, given, declared)):
            abort(400, f"The body's {name} has other components than this output takes.")
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(name, str) for name in changed):
        abort(400, "The body's changedPropIds is not a list of names.")
    if not outputs_fit(body.get("outputs"), body["output"]):
        abort(400, "The body's outputs are not those of its output.")


def outputs_fit(given: Any, output: str) -> bool:
    """Return whether the `outputs` of a body agree with its `output`."""
    several = output.startswith("..") and output.endswith("..")
    names = output.strip(".").split("...") if several else [output]
    listed = given if several else [given]
    if not isinstance(listed, list) or len(listed) != len(names):
        return False
    return all(
        isinstance(one, dict) and f"{one.get('id')}.{one.get('property')}" == name.partition("@")[0]
        for one, name in zip(listed, names, strict=True)
    )


def is_of(given: Any, declared: Mapping[str, str]) -> bool:
    """Return whether a given input is the declared one; a pattern takes a list of its matches."""
    if declared["id"].startswith("{"):
        pattern = json.loads(declared["id"])
        several = any(value in (["ALL"], ["ALLSMALLER"]) for value in pattern.values())
        listed = given if several else [given]
        return isinstance(listed, list) and all(matches(one, pattern, declared) for one in listed)
    return (
        isinstance(given, dict)
        and given.get("id") == declared["id"]
        and given.get("property") == declared["property"]
    )


def matches(given: Any, pattern: Mapping[str, Any], declared: Mapping[str, str]) -> bool:
    """Return whether one component matches a pattern."""
    if not isinstance(given, dict) or given.get("property") != declared["property"]:
        return False
    own = given.get("id")
    if not isinstance(own, dict) or own.keys() != pattern.keys():
        return False
    return all(
        isinstance(own[name], str | int | float)
        if isinstance(wanted, list) and wanted and wanted[0] in MATCHES
        else own[name] == wanted
        for name, wanted in pattern.items()
    )


def value_adapters(callback: Mapping[str, Any]) -> list[TypeAdapter[Any] | None]:
    """Return one validator per argument of a callback; None for an argument without annotation."""
    function = inspect.unwrap(callback["callback"])
    hints = get_type_hints(function)
    return [adapter(hints.get(name, Any)) for name in inspect.signature(function).parameters]


def adapter(hint: Any) -> TypeAdapter[Any] | None:
    """Return the validator of one annotation; None if pydantic has none for it."""
    try:
        return None if hint is Any else TypeAdapter(hint)
    except PydanticUserError:
        return None


def check_values(body: Mapping[str, Any], adapters: Sequence[TypeAdapter[Any] | None]) -> None:
    """Abort with 400 where a value is not of the type of the callback's argument."""
    given = [*body.get("inputs", []), *body.get("state", [])]
    for one, checker in zip(given, adapters, strict=False):
        if checker is None or isinstance(one, list):
            continue
        try:
            checker.validate_python(one.get("value"), strict=True)
        except ValidationError:
            abort(400, f"The value of {one['id']}.{one['property']} has another type.")
