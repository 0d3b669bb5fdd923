"""An address that is none: a page with a way home for a browser, one line for anyone else."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.server import create_app
from app.theme import THEMES

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().server.test_client()


@pytest.mark.parametrize("path", ["/nowhere", "/a/b/c", "/%3Cscript%3E"])
def test_a_browser_gets_a_page_with_a_way_home(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert 'href="/"' in answer.text
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "<style" not in answer.text
    for sheet in re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text):
        assert client.get(sheet).mimetype == "text/css"


def test_under_a_prefix_home_is_there_too(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers=BROWSER, environ_overrides={"SCRIPT_NAME": "/lab"})
    assert set(re.findall(r'href="(/[a-z]*/?)', answer.text)) == {"/lab/"}


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/plain"])
def test_anyone_else_gets_one_line(client: FlaskClient, accept: str) -> None:
    answer = client.get("/nowhere", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text.count("\n") == 1


def test_the_page_follows_the_systems_dark(client: FlaskClient) -> None:
    _, _, dark = client.get("/theme.css").text.partition("prefers-color-scheme: dark")
    assert f"--paper: {THEMES['dark'].paper};" in dark
