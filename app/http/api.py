"""`/api/v1`: the page's numbers for notebooks: the same query, JSON, CSV or NPZ out.

`/run` measures, `/theory` predicts without running, `/openapi.json` describes both. A query that
the page would repair is refused here, with the field, the value and what is allowed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from app.http.openapi import FORMAT_KEY, describe
from app.storage import compute
from simulation.experiment import Experiment
from simulation.parameters import ParameterError
from simulation.prediction import Prediction
from simulation.query import format_query, parse_query
from simulation.summary import Band, Summary

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

Columns = dict[str, Any]  # name → array, list or plain value


def run_tables(summary: Summary) -> tuple[Columns, Columns]:
    """The measured numbers: of the experiment and its contenders (C, …), and of curves (C, K)."""
    bands: dict[str, Band | None] = {
        "distance": summary.distance,
        "correlation": summary.correlation,
        "value": summary.value,
        "law": summary.law,
    }
    curves = {
        f"{name}_{part}": getattr(band, part)
        for name, band in bands.items()
        if band is not None
        for part in ("median", "low", "high")
    }
    facts = head(summary.experiment) | {
        "radius": summary.radius,
        "start": summary.start,
        "law_reason": summary.law_reason,
        "step_size": summary.step_sizes,
        "largest_stable_step": summary.largest_stable_step,
        "predicted_escape": summary.predicted,
        "speed_up": summary.speed_up,
        "predicted_speed_up": summary.predicted_speed_up,
        "lines": summary.lines,
        "steps": summary.steps,
    }
    counts = ("median", "low", "high", "ci_low", "ci_high", "escaped", "total", "diverged",
              "first_diverged")  # fmt: skip
    escapes = {f"escape_{name}": [getattr(e, name) for e in summary.escape] for name in counts}
    return facts | escapes, curves


def theory_tables(prediction: Prediction) -> tuple[Columns, Columns]:
    """The predicted numbers; no curves."""
    guide = prediction.guidance
    low, median, high = prediction.escape.T
    advice = {
        name: None if guide is None else float(getattr(guide, name))
        for name in ("linear_end", "balance", "ninety_percent")
    }
    facts = head(prediction.experiment) | {
        "radius": prediction.radius,
        "law_reason": prediction.reason,
        "eigenvalues": prediction.eigenvalues,
        "step_size": prediction.step_sizes,
        "growth_rate": prediction.growth_rate,
        "speed_up": prediction.speed_up,
        "largest_stable_step": prediction.largest_stable_step,
        "escape_low": low,
        "escape_median": median,
        "escape_high": high,
    }
    return facts | advice, {}


def head(experiment: Experiment) -> Columns:
    """What every answer says first."""
    return {
        "query": format_query(experiment),
        "engine": compute.version(),
        "contender": [contender.text for contender in experiment.contenders],
    }


def plain(value: Any) -> Any:
    """The value as JSON has it: lists, and null where there is no number."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


def as_json(facts: Columns, curves: Columns) -> bytes:
    """One object, name → value."""
    return json.dumps({k: plain(v) for k, v in (facts | curves).items()}, allow_nan=False).encode()


def as_npz(facts: Columns, curves: Columns) -> bytes:
    """One array a name; `numpy.load` reads it without pickle."""
    file = io.BytesIO()
    arrays = {k: np.asarray(np.nan if v is None else v) for k, v in (facts | curves).items()}
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def as_csv(facts: Columns, curves: Columns) -> bytes:
    """A row for each contender and step; without curves, a row for each contender."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    names = facts["contender"]
    if curves:
        out.writerow(["contender", "step", *curves])
        for i, name in enumerate(names):
            rows = [facts["steps"].tolist(), *(plain(curve[i]) for curve in curves.values())]
            out.writerows([name, *row] for row in zip(*rows, strict=True))
        return file.getvalue().encode()
    columns = {k: plain(v) for k, v in facts.items() if is_column(v, len(names))}
    out.writerow(columns)
    out.writerows(zip(*columns.values(), strict=True))
    return file.getvalue().encode()


def is_column(value: Any, count: int) -> bool:
    """Whether a fact has one number or name for each contender."""
    return bool(np.shape(value) == (count,))


FORMATS: Mapping[str, tuple[str, Callable[[Columns, Columns], bytes]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv", as_csv),
    "npz": ("application/octet-stream", as_npz),
}


@blueprint.get("/run")
def run() -> Response:
    """Runs the experiment of the query, within the live budget."""
    return answer("run", lambda experiment: run_tables(compute.summary_of(experiment)))


@blueprint.get("/theory")
def theory() -> Response:
    """What the theory says of the experiment of the query."""
    return answer("theory", lambda experiment: theory_tables(compute.predicted(experiment)))


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface, from the declared parameters."""
    data = json.dumps(describe({name: mime for name, (mime, _) in FORMATS.items()})).encode()
    return sent(data, "application/json", hashlib.sha256(data).hexdigest())


def answer(kind: str, tables: Callable[[Experiment], tuple[Columns, Columns]]) -> Response:
    """The tables of the query's experiment in the wanted format, or 400 and why, or 304."""
    pairs = [part for part in request.query_string.decode("latin-1").split("&") if part]
    formats = [part for part in pairs if part.partition("=")[0] == FORMAT_KEY]
    name = formats[0].partition("=")[2] if formats else "json"
    if name not in FORMATS or len(formats) > 1:
        return refused(ParameterError(FORMAT_KEY, name, "one of " + ", ".join(FORMATS), "json"))
    try:
        experiment = parse_query("&".join(part for part in pairs if part not in formats))
        key = f"{kind} {name} {compute.version()} {format_query(experiment)}"
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
    """A response with a validator; 304 where the reader has it."""
    response = Response(data, mimetype=mime)
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def refused(error: ParameterError) -> Response:
    """400, with the field, the value and what is allowed."""
    said = {"field": error.field, "value": str(error.value)[:200], "allowed": error.allowed,
            "error": str(error)}  # fmt: skip
    return Response(json.dumps(said), status=400, mimetype="application/json")
