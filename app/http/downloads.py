"""Downloads for the page's query: scripts, results, the maps of sweeps and QR codes.

GET /script/numpy.py and /script/torch.py; /take/run.csv, .json and .npz redirect to /api/v1/run;
/qr.svg?link= is a link as a QR code; /sweep/map.npz is a sweep's map as far as it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.components.share_links import qr_svg
from app.state.links import sweep_of
from app.state.page_state import read
from app.sweep_jobs.jobs import law_of, sweeps
from app.tabs.registry import TAB_MODULES
from simulation.export import MAP_FORMATS, map_arrays
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.model.query import format_query
from simulation.scripts.assemble import script

blueprint = Blueprint("downloads", __name__)
TABS = tuple(TAB_MODULES)
MIME: Mapping[str, str] = {
    "npz": "application/octet-stream",
    "csv": "text/csv",
    "json": "application/json",
}


def asked() -> Experiment:
    """Return the experiment of the request's page query; a lesson link has the lesson's own."""
    return read(request.query_string.decode("utf-8", "replace"), TABS)[0].experiment


@blueprint.get("/take/run.<kind>")
def numbers(kind: str) -> BaseResponse:
    """Redirect to `/api/v1/run` with the experiment, without the view."""
    parts = [format_query(asked()), f"format={quote(kind)}"]
    return redirect(f"{url_for('api.run')}?{'&'.join(filter(None, parts))}")


@blueprint.get("/qr.svg")
def qr_image() -> Response:
    """Return a link as a QR code for a printed sheet, or 404 if it is too long for one."""
    try:
        image = qr_svg(request.args.get("link", ""))
    except ValueError:
        abort(404)
    return Response(image, mimetype="image/svg+xml")


@blueprint.get("/script/<library>.py")
def script_file(library: str) -> Response:
    """Return the script, or 404 with the reason; an invalid query is repaired as on the page."""
    try:
        text = script(asked(), library)
    except ParameterError as error:
        return Response(f"{error}\n", status=404, mimetype="text/plain")
    name = f"saddlescape_{library}.py"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(text, mimetype="text/x-python", headers=headers)


@blueprint.get("/sweep/map.<ending>")
def sweep_map(ending: str) -> Response:
    """Return the computed part of the sweep's map; starts no computation.

    400 with the reason for an invalid query, 404 for an unknown format.
    """
    if ending not in MAP_FORMATS:
        abort(404)
    try:
        sweep = sweep_of(request.query_string.decode("utf-8", "replace"))
    except ParameterError as error:
        return Response(f"{error}\n", status=400, mimetype="text/plain")
    data = MAP_FORMATS[ending](map_arrays(sweeps().measured(sweep), law_of(sweep)))
    return Response(data, mimetype=MIME[ending])
