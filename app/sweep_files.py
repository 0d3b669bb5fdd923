"""`/sweep/map.npz?…`: a sweep's map as a file, as far as it is computed; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, request

from app.sweeps import law_of, sweeps
from simulation.export import MAP_FORMATS, map_arrays
from simulation.parameters import ParameterError
from simulation.sweep import parse_sweep

blueprint = Blueprint("sweep", __name__)
MIME: Mapping[str, str] = {
    "npz": "application/octet-stream",
    "csv": "text/csv",
    "json": "application/json",
}


@blueprint.get("/sweep/map.<ending>")
def sweep_map(ending: str) -> Response:
    """The map of the query's sweep; 400 and why, or 404 for another ending."""
    if ending not in MAP_FORMATS:
        abort(404)
    try:
        sweep = parse_sweep(request.query_string.decode("utf-8", "replace"))
    except ParameterError as error:
        return Response(f"{error}\n", status=400, mimetype="text/plain")
    data = MAP_FORMATS[ending](map_arrays(sweeps().measured(sweep), law_of(sweep)))
    return Response(data, mimetype=MIME[ending])
