"""`/healthz` (liveness) and `/readyz` (readiness: kernels compiled, first page rendered)."""

from __future__ import annotations

from threading import Event

from flask import Blueprint, Flask, Response, current_app

blueprint = Blueprint("health", __name__)
EXTENSION = "saddlescape-ready"


def install(server: Flask) -> None:
    """Register the two routes; not ready until `ready` is called."""
    server.extensions[EXTENSION] = Event()
    server.register_blueprint(blueprint)


def ready(server: Flask) -> None:
    """Make `/readyz` return 200 from now on."""
    server.extensions[EXTENSION].set()


@blueprint.get("/healthz")
def healthz() -> Response:
    """Return 200."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Return 200 if the process is ready, else 503."""
    if current_app.extensions[EXTENSION].is_set():
        return Response("ready\n", mimetype="text/plain")
    return Response("warming up\n", status=503, mimetype="text/plain")
