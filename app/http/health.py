"""`/healthz`: the process answers. `/readyz`: it has also compiled and drawn its first page."""

from __future__ import annotations

from threading import Event

from flask import Blueprint, Flask, Response, current_app

blueprint = Blueprint("health", __name__)
EXTENSION = "saddlescape-ready"


def install(server: Flask) -> None:
    """Adds the two routes; not ready until `ready` is called."""
    server.extensions[EXTENSION] = Event()
    server.register_blueprint(blueprint)


def ready(server: Flask) -> None:
    """From now on `/readyz` answers 200."""
    server.extensions[EXTENSION].set()


@blueprint.get("/healthz")
def healthz() -> Response:
    """Liveness."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Readiness: 200 or 503."""
    if current_app.extensions[EXTENSION].is_set():
        return Response("ready\n", mimetype="text/plain")
    return Response("warming up\n", status=503, mimetype="text/plain")
