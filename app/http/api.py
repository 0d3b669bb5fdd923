"""`/api/v1`: JSON, CSV or NPZ results of the experiment in the page's query.

`/run` simulates, `/theory` predicts without a run, `/openapi.json` describes both. The query is
that of a link to the page; the keys of its view change no number. An invalid query, which the page
would repair, returns 400 with the field, the value and what is allowed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request

from app.http.openapi import FORMAT_KEY, describe
from app.state.links import experiment_of
from app.storage import compute
from simulation.export import Columns, as_csv, as_json, as_npz, run_tables, theory_tables
from simulation.model.experiment import Experiment
from simulation.model.link import query_of
from simulation.model.parameters import ParameterError
from simulation.model.query import format_query
from simulation.version import numbers_version

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

FORMATS: Mapping[str, tuple[str, Callable[[Columns, Columns], bytes]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv", as_csv),
    "npz": ("application/octet-stream", as_npz),
}


@blueprint.get("/run")
def run() -> Response:
    """Return the simulation of the query's experiment, within the live work budget."""
    return answer("run", lambda experiment: run_tables(compute.summary_of(experiment)))


@blueprint.get("/theory")
def theory() -> Response:
    """Return the theory's predictions for the query's experiment."""
    return answer("theory", lambda experiment: theory_tables(compute.predicted(experiment)))


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI description of `/api/v1`."""
    data = json.dumps(describe({name: mime for name, (mime, _) in FORMATS.items()})).encode()
    return sent(data, "application/json", hashlib.sha256(data).hexdigest())


def answer(kind: str, tables: Callable[[Experiment], tuple[Columns, Columns]]) -> Response:
    """Return the tables of the query's experiment in the requested format, or 304, or 400."""
    pairs = query_of(request.query_string.decode("utf-8", "replace")).split("&")
    formats = [part for part in pairs if part.partition("=")[0] == FORMAT_KEY]
    name = formats[0].partition("=")[2] if formats else "json"
    if name not in FORMATS or len(formats) > 1:
        return refused(ParameterError(FORMAT_KEY, name, "one of " + ", ".join(FORMATS), "json"))
    try:
        experiment = experiment_of("&".join(part for part in pairs if part not in formats))
        key = f"{kind} {name} {numbers_version()} {format_query(experiment)}"
        tag = hashlib.sha256(key.encode()).hexdigest()
        if tag in request.if_none_match:
            return sent(b"", FORMATS[name][0], tag)
        facts, curves = tables(experiment)
    except ParameterError as error:
        return refused(error)
    mime, encode = FORMATS[name]
    response = sent(encode(facts, curves), mime, tag)
    response.headers["Content-Disposition"] = f"inline; filename=saddlescape-{kind}.{name}"
    return response


def sent(data: bytes, mime: str, tag: str) -> Response:
    """Return a response with an ETag; 304 if the client's copy is current."""
    response = Response(data, mimetype=mime)
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def refused(error: ParameterError) -> Response:
    """Return 400 as JSON: the field, the value and what is allowed."""
    said = {"field": error.field, "value": error.shown, "allowed": error.allowed,
            "error": str(error)}  # fmt: skip
    return Response(json.dumps(said), status=400, mimetype="application/json")
