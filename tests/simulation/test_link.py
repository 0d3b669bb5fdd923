"""A link means the same however it was copied, and whatever a tracker added to it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given

from simulation.model.experiment import PARAMETERS
from simulation.model.link import TRACKING_KEYS, is_tracking, query_of, query_pairs
from simulation.model.query import format_query, parse_query, repair_query
from tests.simulation.test_query import PUBLISHED, experiments

QUERY = "run=0,0.9&eta=0.01&w0=-0.1,0&T=2000"
URL = f"https://host.example:8050/lab/?{QUERY}"
WAYS = {
    "query": QUERY, "with its mark": f"?{QUERY}", "path": f"/?{QUERY}", "url": URL,
    "fragment": f"{URL}#top", "no scheme": f"localhost:8050/?{QUERY}", "spaces": f"  {URL}\n",
    "quotes": f"'{URL}'", "typographic quotes": f"“{URL}”", "angles": f"<{URL}>",
    "broken line": URL.replace("&eta", "\r\n&eta"), "html": URL.replace("&", "&amp;"),
    "encoded values": f"/?{QUERY.replace(',', '%2C')}", "encoded query": quote(QUERY, safe=""),
    "encoded url": quote(URL, safe=""), "encoded behind ?": f"http://host/?{quote(QUERY, safe='')}",
    "tracked": f"{URL}&utm_source=mail&fbclid=1", "tracked first": f"/?gclid=2&{QUERY}",
    "unicode minus": URL.replace("-0.1", "−0.1"), "lost plus": URL.replace("2000", "2e+03"),
    "encoded plus": URL.replace("2000", "2e%2B03"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_link_is_read_as_it_was_copied(way: str) -> None:
    assert repair_query(WAYS[way]) == (parse_query(QUERY), [])


@pytest.mark.parametrize("text", ["", "?", "http://host/", "https://host/lab#x", "/?", "'?'"])
def test_a_link_without_a_query_is_the_default(text: str) -> None:
    assert query_pairs(text) == query_pairs("") or repair_query(text)[0] == parse_query("")


@given(experiments())
def test_a_url_of_any_experiment_has_its_query(experiment) -> None:
    query = format_query(experiment)
    assert query_of(f"http://host/?{query}#x") == query_of(query) == query


def test_a_question_mark_in_a_value_hides_no_key() -> None:
    assert query_pairs("eta=?&T=5") == [("eta", "?"), ("T", "5")]
    assert [repair.key for repair in repair_query("eta=?")[1]] == ["eta"]


@pytest.mark.parametrize("key", [*sorted(TRACKING_KEYS), "utm_campaign", "UTM_Source", "_hsenc"])
def test_a_trackers_key_is_passed_over(key: str) -> None:
    assert repair_query(f"T=500&{key}=a&{key}=b") == (parse_query("T=500"), [])


def test_no_parameter_is_taken_for_a_tracker() -> None:
    for parameter in PARAMETERS.values():
        assert not is_tracking(parameter.key)
        assert not is_tracking(parameter.field)


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_links_keep_their_meaning_as_urls(text: str) -> None:
    assert parse_query(f"http://host/?{text}") == PUBLISHED[text]
