"""The app over HTTP: what is served, what is refused, and what every response carries."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import Any
from urllib.parse import quote

import dash
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.layout import PRELOADED
from app.server import create_app, warm_up
from app.settings import Settings
from app.tabs.registry import TAB_MODULES
from tests.app.hostile import KEYS, PATHS, TEXTS, bodies, edits, queries
from tests.cases import cases

FUZZ = hypothesis_settings(max_examples=cases(0.5), suppress_health_check=list(HealthCheck))
APP: dash.Dash = create_app(Settings())
CALLBACK = "/_dash-update-component"


@pytest.fixture
def client() -> FlaskClient:
    return APP.server.test_client()


def callback_of(app: dash.Dash) -> tuple[str, dict[str, Any]]:
    """A server-side callback: its output and a body that it answers."""
    output, callback = next((k, c) for k, c in app.callback_map.items() if "callback" in c)
    names = output.strip(".").split("...")
    outputs = [dict(zip(("id", "property"), n.rpartition(".")[::2], strict=True)) for n in names]
    return output, {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [part | {"value": ""} for part in callback["inputs"]],
        "state": [part | {"value": ""} for part in callback["state"]],
        "changedPropIds": [],
    }


# ---- what is served


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


def test_ready_only_when_warm() -> None:
    app = create_app(Settings())
    client = app.server.test_client()
    assert client.get("/readyz").status_code == 503
    warm_up(app)
    assert client.get("/readyz").status_code == 200


# ---- what is refused

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


# ---- what every response carries


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


# ---- compression and revalidation


@pytest.mark.parametrize("path", ["/assets/page.css", "/_dash-component-suites/dash/html/"
                                  "dash_html_components.min.js", "/api/v1/theory",
                                  "/api/v1/run?T=100", "/_dash-layout?T=100"])  # fmt: skip
@pytest.mark.parametrize("coding", ["", "br", "gzip", "zstd", "identity", "br;q=0"])
def test_revalidation_is_right_under_every_coding(
    client: FlaskClient, path: str, coding: str
) -> None:
    headers = {"Accept-Encoding": coding}
    first = client.get(path, headers=headers)
    assert first.status_code == 200
    again = client.get(path, headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    other = client.get(path, headers=headers | {"If-None-Match": '"other"'})
    assert (other.status_code, other.headers["ETag"]) == (200, first.headers["ETag"])


def test_each_coding_has_a_validator_of_its_own(client: FlaskClient) -> None:
    tags = {
        client.get("/assets/page.css", headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("identity", "br", "gzip")
    }
    assert len(tags) == 3


def test_a_second_load_asks_for_no_file_that_has_not_changed(client: FlaskClient) -> None:
    page = client.get("/").text
    named = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert named
    for address in named:  # its name says when it was written
        assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/assets/page.css").headers["Cache-Control"] == "no-cache"


def test_what_the_plots_need_is_asked_for_with_the_page(client: FlaskClient) -> None:
    early = re.findall(r'<link rel="preload"[^>]* href="([^"]+)"', client.get("/").text)
    assert len(early) == len(PRELOADED)
    for address in early:
        assert client.get(address).mimetype in ("application/javascript", "text/javascript")


def test_large_answers_are_compressed(client: FlaskClient) -> None:
    for path in ("/", "/_dash-layout", "/live"):
        plain = client.get(path)
        small = client.get(path, headers={"Accept-Encoding": "zstd, br, gzip"})
        assert small.headers["Content-Encoding"] == "zstd"
        assert len(small.data) < len(plain.data)


# ---- hostile requests; ten thousand are in benchmarks/fuzz


@FUZZ
@given(st.sampled_from([*PATHS, ""]) | TEXTS.map(lambda t: "/" + t), queries())
def test_no_address_is_a_fault(path: str, pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{q(key)}={q(value)}" for key, value in pairs)
    response = APP.server.test_client().get(f"{q(path, '/')}?{text}")
    assert response.status_code < 500


@FUZZ
@given(queries())
def test_every_query_opens_the_page(pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{q(key)}={q(value)}" for key, value in pairs if key in KEYS)
    for path in ("/", "/_dash-layout"):
        assert APP.server.test_client().get(f"{path}?{text}").status_code == 200


@FUZZ
@given(queries(), edits())
def test_no_edit_is_a_fault(pairs: list[tuple[str, str]], said: str) -> None:
    text = "&".join(f"{q(key)}={q(value)}" for key, value in pairs)
    response = APP.server.test_client().get(f"/live?q={q(text)}&edits={q(said)}&have=")
    assert response.status_code < 500
    if response.status_code != 200:
        assert response.text.count("\n") <= 1


@FUZZ
@given(bodies(dict(APP.callback_map)))
def test_no_body_is_a_fault(body: bytes) -> None:
    response = APP.server.test_client().post(CALLBACK, data=body, content_type="application/json")
    assert response.status_code < 500
    if response.status_code == 200:
        json.loads(response.text)


def q(text: str, safe: str = "") -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)
