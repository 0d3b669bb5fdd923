"""Modules: one address for all of them that names their content, kept for good, none twice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from dash import Dash
from flask.testing import FlaskClient

from app.http import script_modules
from app.http.compression import SMALLEST
from app.server import create_app, factory

PRELOADED = re.compile(r'<link rel="modulepreload" href="([^"]+)">')
IMPORTED = re.compile(r'^(?:import|\} from).*"(\./[^"]+)";', re.MULTILINE)


@pytest.fixture(scope="module")
def app() -> Dash:
    return create_app()


@pytest.fixture(scope="module")
def client(app: Dash) -> FlaskClient:
    return app.server.test_client()


def preloaded(client: FlaskClient) -> list[str]:
    return PRELOADED.findall(client.get("/").get_data(as_text=True))


def test_all_modules_are_preloaded_from_the_folder_that_the_scripts_are_told(
    app: Dash, client: FlaskClient
) -> None:
    home = script_modules.address(app)
    assert preloaded(client) == [f"{home}{path.name}" for path in script_modules.files(app)]
    assert f'"modules":"{home}"' in client.get("/").get_data(as_text=True)
    assert f"{home}main.mjs" in preloaded(client)


def test_an_import_names_a_preloaded_module(client: FlaskClient) -> None:
    addresses = preloaded(client)
    home = addresses[0].rpartition("/")[0]
    imported = {
        name for path in addresses for name in IMPORTED.findall(client.get(path).get_data(True))
    }
    assert len(imported) > 10
    assert {f"{home}/{name.removeprefix('./')}" for name in imported} <= set(addresses)


def test_no_module_has_a_tag_of_its_own(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert ".mjs?m=" not in page
    assert re.findall(r'<script[^>]*src="/assets/([\w.]+)', page) == ["boot.js"]


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_a_module_is_a_script_and_kept_for_good(client: FlaskClient, coding: str) -> None:
    for path in preloaded(client):
        response = client.get(path, headers={"Accept-Encoding": coding})
        small = len(client.get(path).data) < SMALLEST
        assert response.mimetype == "text/javascript"
        assert "immutable" in response.headers["Cache-Control"]
        said = response.headers.get("Content-Encoding", "identity")
        assert said == ("identity" if small else coding)


def test_under_another_version_a_module_is_asked_for_again(client: FlaskClient) -> None:
    path = preloaded(client)[0]
    old = re.sub(r"modules/\w+/", "modules/0123/", path)
    response = client.get(old)
    assert response.data == client.get(path).data
    assert response.headers["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get(old, headers=tag).status_code == 304


@pytest.mark.parametrize("name", ["none.mjs", "../page.css", "../../pyproject.toml"])
def test_nothing_else_is_served_from_there(app: Dash, client: FlaskClient, name: str) -> None:
    response = client.get(f"{script_modules.address(app)}{name}")
    assert response.status_code == 404
    assert response.get_data(as_text=True).count("\n") == 1


def test_the_address_changes_with_a_module_while_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "assets"
    shutil.copytree(factory.assets_folder(), folder)
    monkeypatch.setattr(factory, "assets_folder", lambda: folder)
    client = create_app().server.test_client()
    before = preloaded(client)
    changed = folder / "modules/url.mjs"
    changed.write_text(changed.read_text() + "\n// another\n")
    after = preloaded(client)
    assert not set(before) & set(after)
    assert [path.rpartition("/")[2] for path in before] == [p.rpartition("/")[2] for p in after]
