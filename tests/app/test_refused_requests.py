"""Requests that are refused: bodies, methods, paths and sizes."""

from __future__ import annotations

import io
import logging
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from app.server import create_app
from app.settings import Settings
from tests.app.callback_bodies import CALLBACK, callback_of

APP: dash.Dash = create_app(Settings())


@pytest.fixture
def client() -> FlaskClient:
    return APP.server.test_client()


NO_BODIES: dict[str, tuple[dict[str, Any], int]] = {
    "not JSON": ({"data": b"{", "content_type": "application/json"}, 400),
    "no JSON type": ({"data": b"{}"}, 415),
    "empty": ({"data": b"", "content_type": "application/json"}, 400),
    "a list": ({"json": []}, 400),
    "nothing in it": ({"json": {}}, 400),
    "unknown output": ({"json": {"output": "nobody.children"}}, 400),
    "output of a wrong type": ({"json": {"output": ["x"]}}, 400),
    "deep": ({"data": b"[" * 500_000, "content_type": "application/json"}, 400),
    "half a character": (
        {"data": rb'{"output": "\ud800"}', "content_type": "application/json"},
        400,
    ),
    "no number": ({"data": b'{"output": NaN}', "content_type": "application/json"}, 400),
    "large": ({"data": b"x" * 1_000_001, "content_type": "application/json"}, 413),
}


@pytest.mark.parametrize("case", NO_BODIES)
def test_bodies_that_are_none(client: FlaskClient, case: str, caplog: Any) -> None:
    request, status = NO_BODIES[case]
    with caplog.at_level(logging.WARNING):
        response = client.post(CALLBACK, **request)
    assert response.status_code == status
    assert response.text.count("\n") == 1
    assert not caplog.records


CHANGES: dict[str, Any] = {
    "outputs": [[], None, [{"id": "x", "property": "y"}], "x"],
    "inputs": [[], None, {}, [1, 2], [[], []], [{"id": "x", "property": "y"}]],
    "state": [[1], None, {}],
    "changedPropIds": [None, [1], "x", {}],
}


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, vs in CHANGES.items() for v in vs])
def test_a_body_of_another_shape(client: FlaskClient, key: str, value: Any) -> None:
    _, body = callback_of(APP)
    assert client.post(CALLBACK, json=body | {key: value}).status_code == 400


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, [[]], ["", ""]])
def test_values_of_another_type(client: FlaskClient, value: Any) -> None:
    _, body = callback_of(APP)
    for part in body["inputs"]:
        part["value"] = value
    assert client.post(CALLBACK, json=body).status_code == 400


def test_method_confusion(client: FlaskClient) -> None:
    answer = client.get(CALLBACK)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")
    for path in ("/", "/live", "/healthz", "/api/v1/run"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
            assert client.open(path, method=method).status_code == 405


@pytest.mark.parametrize("path", ["/nowhere", "/index.html", "/a/b/c", "/static/x", "/assets/no.js",
                                  "/assets/../pyproject.toml", "/_dash-component-suites/os/os.py",
                                  "/_dash-component-suites/dash/dash.py", "/.git/config",
                                  "/_mcp", "/api/v1/", "/api/v2/run"])  # fmt: skip
def test_unknown_paths(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_sizes(client: FlaskClient) -> None:
    assert client.get("/?eig=" + "1," * 5000).status_code == 414
    chunked = client.post(
        CALLBACK, content_type="application/json",
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True,
                           "CONTENT_LENGTH": ""},
    )  # fmt: skip
    assert chunked.status_code == 413


class Endless(io.RawIOBase):
    """A body that says no length and does not end."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = b" " * len(buffer)
        return len(buffer)
