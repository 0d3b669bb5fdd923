"""Compression, validators and what a second load of the page requests."""

from __future__ import annotations

import re

import dash
import pytest
from flask.testing import FlaskClient

from app.layout import PRELOADED
from app.server import create_app
from app.settings import Settings

APP: dash.Dash = create_app(Settings())


@pytest.fixture
def client() -> FlaskClient:
    return APP.server.test_client()


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
