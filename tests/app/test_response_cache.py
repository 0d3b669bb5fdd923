"""Kept answers: the same bytes, made once, within their room; never an answer of the moment."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.components.cache_control import mark_uncacheable
from app.http import compression
from app.http.response_cache import CACHED_ENDPOINTS, CachedResponse, ResponseCache, cached_view
from app.server import create_app, factory

PATHS = {
    "/_dash-layout": "/_dash-layout?T=100",
    "/_dash-dependencies": "/_dash-dependencies",
    "live.live": "/live?q=T%3D100",
    compression.ASSETS: "/assets/page.css",
    compression.SUITES: "/_dash-component-suites/dash/html/dash_html_components.min.js",
}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().server.test_client()


def answer(size: int = 0, status: int = 200, for_now: bool = False) -> CachedResponse:
    return CachedResponse(status, (), b"x" * size, for_now)


@pytest.mark.parametrize("endpoint", CACHED_ENDPOINTS)
@pytest.mark.parametrize("coding", ["", "br", "zstd, br, gzip"])  # gzip writes the hour
def test_a_kept_answer_is_the_first_one(client: FlaskClient, endpoint: str, coding: str) -> None:
    wish = {"Accept-Encoding": coding}
    first, again = (client.get(PATHS[endpoint], headers=wish) for _ in range(2))
    fresh = create_app().server.test_client().get(PATHS[endpoint], headers=wish)
    assert first.status_code == 200
    assert first.data == again.data == fresh.data
    assert said(first) == said(again) == said(fresh)


def said(response: Any) -> dict[str, str]:
    """The headers, but for the hour."""
    return {name: value for name, value in response.headers if name != "Date"}


@pytest.mark.parametrize("endpoint", [compression.ASSETS, compression.SUITES])
def test_who_has_a_file_already_does_not_speak_for_others(endpoint: str) -> None:
    path = PATHS[endpoint]
    tag = create_app().server.test_client().get(path).headers["ETag"]
    client = create_app().server.test_client()
    has = client.get(path, headers={"If-None-Match": tag})
    part = client.get(path, headers={"Range": "bytes=0-3"})
    other = client.get(path)
    assert (has.status_code, has.data) == (304, b"")
    assert (part.status_code, other.status_code) == (200, 200)
    assert other.data == part.data


def test_a_changed_asset_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "assets"
    shutil.copytree(factory.assets_folder(), folder)
    monkeypatch.setattr(factory, "assets_folder", lambda: folder)
    client = create_app().server.test_client()
    assert len(client.get("/assets/page.css").text) > 100
    (folder / "page.css").write_text("body {}")
    assert client.get("/assets/page.css").text == "body {}"


def test_an_answer_of_the_moment_is_not_kept() -> None:
    app, moments = Flask("a"), iter(range(9))

    def now() -> str:
        mark_uncacheable()
        return str(next(moments))

    compression.install(app)
    answers = ResponseCache()
    app.add_url_rule("/now", view_func=cached_view(answers, now, str))
    app.add_url_rule(
        "/once", endpoint="once", view_func=cached_view(answers, lambda: str(next(moments)), str)
    )
    client = app.test_client()
    assert [client.get("/now").text for _ in range(2)] == ["0", "1"]
    assert [client.get("/once").text for _ in range(2)] == ["2", "2"]
    assert client.get("/once?other").text == "3"


def test_a_refusal_is_not_kept() -> None:
    answers, made = ResponseCache(), iter([answer(status=400), answer()])
    assert [answers.get("a", lambda: next(made)).status for _ in range(2)] == [400, 200]


def test_a_crowd_is_told_once() -> None:
    answers, gate, made = ResponseCache(), threading.Event(), []
    ready = threading.Barrier(17)

    def make() -> CachedResponse:
        made.append(1)
        gate.wait()
        return answer(10)

    def one() -> CachedResponse:
        ready.wait()
        return answers.get("a", make)

    with ThreadPoolExecutor(16) as pool:
        said = [pool.submit(one) for _ in range(16)]
        ready.wait()
        gate.set()
        assert len({id(each.result()) for each in said}) == 1
    assert len(made) == 1


def test_a_fault_reaches_all_and_is_not_kept() -> None:
    answers = ResponseCache()

    def fail() -> CachedResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answers.get("a", fail)
    assert answers.get("a", answer).status == 200


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9_000)), max_size=60))
def test_the_last_used_are_kept_within_their_room(asked: list[tuple[int, int]]) -> None:
    """Against a plain model: no more bytes than the room, the longest unused goes first."""
    room = 20_000
    answers, model = ResponseCache(room), dict[str, int]()
    for number, size in asked:
        key, calls = str(number), iter([answer(size)])
        fresh: Iterator[CachedResponse] = calls
        got = answers.get(key, lambda fresh=fresh: next(fresh))
        if key in model:
            model[key] = model.pop(key)
            assert len(got.body) == model[key]
        elif 4 * (size + 1000) <= room:
            model[key] = size
        while sum(1000 + size + len(name) for name, size in model.items()) > room:
            del model[next(iter(model))]
