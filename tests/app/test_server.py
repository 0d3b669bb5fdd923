"""The app over HTTP: what is served, and what every response carries."""

from __future__ import annotations

from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from app.server import create_app, warm_up
from app.settings import Settings
from app.tabs.registry import TAB_MODULES
from tests.app.callback_bodies import CALLBACK, callback_of

APP: dash.Dash = create_app(Settings())


@pytest.fixture
def client() -> FlaskClient:
    return APP.server.test_client()


def test_the_callback_answers_its_own_body(client: FlaskClient) -> None:
    _, body = callback_of(APP)
    assert client.post(CALLBACK, json=body).status_code == 204  # its tab is closed
    tab = next(key for key, page in TAB_MODULES.items() if hasattr(page, "OUTPUTS"))
    body["inputs"][0]["value"] = f"tab={tab}&T=100"
    response = client.post(CALLBACK, json=body)
    assert response.status_code == 200
    assert "response" in response.json


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/_dash-dependencies", "/healthz",
                                  "/metrics", "/live", "/assets/page.css"])  # fmt: skip
def test_what_there_is_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200


@pytest.mark.long
def test_ready_only_when_warm() -> None:
    app = create_app(Settings())
    client = app.server.test_client()
    assert client.get("/readyz").status_code == 503
    warm_up(app)
    assert client.get("/readyz").status_code == 200


def every_kind(client: FlaskClient) -> list[Any]:
    tag = client.get("/assets/page.css").headers["ETag"]
    return [
        client.get("/"), client.get("/nowhere"), client.get(CALLBACK), client.options("/"),
        client.post(CALLBACK, json={}), client.get("/healthz"), client.get("/readyz"),
        client.get("/metrics"), client.get("/live"), client.get("/live?edits=x"),
        client.get("/assets/page.css"),
        client.get("/assets/page.css", headers={"If-None-Match": tag}),
        client.get("/api/v1/run?T=10&format=npz"), client.get("/api/v1/run?T=0"),
        client.get("/" + "x" * 9000), client.post(CALLBACK, data=b"x" * 1_000_001),
        client.get("/_dash-layout"), client.get("/_favicon.ico"), client.head("/"),
    ]  # fmt: skip


def test_headers_on_every_kind_of_response(client: FlaskClient) -> None:
    kinds = every_kind(client)
    assert {r.status_code for r in kinds} >= {200, 304, 400, 404, 405, 413, 414, 503}
    for response in kinds:
        policy = dict(
            part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; ")
        )
        assert "unsafe" not in policy["script-src"]
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == "'self'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "http" not in response.headers["Content-Security-Policy"]  # no other host


def test_embedding_and_tls_are_settings() -> None:
    settings = Settings(frame_ancestors="'self' https://lms.example.edu", hsts_seconds=60)
    response = create_app(settings).server.test_client().get("/")
    assert (
        "frame-ancestors 'self' https://lms.example.edu"
        in (response.headers["Content-Security-Policy"])
    )
    assert response.headers["Strict-Transport-Security"] == "max-age=60"


def test_a_fault_is_logged_and_told_in_one_line(caplog: Any) -> None:
    app = create_app(Settings())

    def broken() -> str:
        raise ZeroDivisionError("secret")

    app.server.add_url_rule("/broken", view_func=broken)
    response = app.server.test_client().get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "nosniff" in response.headers["X-Content-Type-Options"]
    assert any(record.exc_info for record in caplog.records)
