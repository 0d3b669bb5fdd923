"""Title, description and preview of the page follow from its query."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from app import ids
from app.layout import page, shell_props, title_of
from app.lessons.parser import lessons
from app.server import create_app
from app.settings import Settings
from app.state.page_state import State, read
from app.tabs.registry import TAB_MODULES
from simulation.model.query import format_query
from simulation.presets import PRESETS


class Head(HTMLParser):
    """The title and the meta tags of a page: name or property → content."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.metas: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "title"
        name = given.get("property") or given.get("name")
        if tag == "meta" and name:
            assert name not in self.metas
            self.metas[name] = given["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    client: FlaskClient = create_app(Settings()).server.test_client()
    return client


def head(client: FlaskClient, query: str, base: str = "http://lab.example/") -> Head:
    return Head(client.get(f"/?{query}" if query else "/", base_url=base).get_data(as_text=True))


def state_of(query: str) -> State:
    return read(query, tuple(TAB_MODULES))[0]


@pytest.mark.long
def test_lessons_tabs_and_experiments_have_titles_of_their_own(client: FlaskClient) -> None:
    links = [f"tab=lessons&lesson={lesson.number}" for lesson in lessons()]
    links += [format_query(preset.experiment) for preset in PRESETS]
    links += [f"tab={key}" for key in TAB_MODULES if key != "explore"]
    titles = [title_of(state_of(link)) for link in links]
    assert len(set(titles)) == len(links)
    for link, title in zip(links, titles, strict=True):
        assert "Saddlescape" in title
        assert shell_props(state_of(link), "light")[ids.TITLE]["data"] == title
    for lesson, title in zip(lessons(), titles, strict=False):
        assert title.startswith(f"{lesson.number}. {lesson.title}")
    assert title_of(state_of("landscape=himmelblau&tab=choose")).startswith("Choose β · Himmelblau")
    link = links[1]
    shown = head(client, link)
    assert shown.title == shown.metas["og:title"] == titles[1]
    (stored,) = (part for part in page(link)._traverse() if getattr(part, "id", "") == ids.TITLE)
    assert stored.data == shown.title


def test_what_it_is_is_said_to_searches_and_previews(client: FlaskClient) -> None:
    shown = head(client, "")
    for key in ("description", "og:description"):
        assert "momentum" in shown.metas[key]
        assert "saddle" in shown.metas[key]
    assert shown.metas["viewport"]  # Dash's own tags stay
    preset = PRESETS[1]
    other = head(client, format_query(preset.experiment))
    assert other.metas["description"].startswith(preset.description)


@pytest.mark.parametrize("base", ["http://lab.example/", "https://lab.example:8443/"])
def test_the_previews_picture_and_link_are_absolute_and_there(
    client: FlaskClient, base: str
) -> None:
    metas = head(client, "tab=lessons&lesson=2", base).metas
    assert metas["og:url"] == f"{base}?tab=lessons&lesson=2"
    image = urlsplit(metas["og:image"])
    assert f"{image.scheme}://{image.netloc}/" == base
    answer = client.get(image.path)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    data = answer.get_data()
    frame = data.index(b"\xff\xc0")  # SOF0: length, precision, height, width
    size = [int.from_bytes(data[frame + at : frame + at + 2], "big") for at in (7, 5)]
    assert size == [int(metas["og:image:width"]), int(metas["og:image:height"])]
    assert len(data) < 150_000


@pytest.mark.parametrize(
    "query",
    ['x="><script>alert(1)</script>', "f=</title><script>", "lesson=<b>&tab=%3Cb%3E", "%ff"],
)
def test_a_query_adds_no_tag(client: FlaskClient, query: str) -> None:
    plain, given = (client.get(f"/?{text}").get_data(as_text=True) for text in ("", quote(query)))
    raw = client.get("/?" + query).get_data(as_text=True)
    for html in (given, raw):
        for tag in ("<script", "<title", "<meta", "<b"):
            assert html.count(tag) == plain.count(tag), tag
