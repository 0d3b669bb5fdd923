"""Links made into pictures and frames."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest
import segno

from app.components.local_note import frame_note
from app.components.share_links import LONGEST, iframe, qr_code

LINKS = (
    "http://127.0.0.1:8050/",
    "https://example.edu/saddles/?run=0,0.9&tab=lessons&lesson=3",
    "https://example.edu/?" + "eig=" + ",".join(["-0.123"] * 50) + "&sd=" + ",".join(["1.23"] * 50),
)


def modules(picture: str) -> np.ndarray:
    """The dark squares of an SVG of one stroked path, read from its `M`, `m` and `h` commands."""
    svg = unquote(picture.partition(",")[2])
    path = re.findall(r"""\sd=["']([^"']+)""", svg)[-1]  # after the light ground
    numbers = [(letter, [float(n) for n in re.findall(r"-?[\d.]+", rest)])
               for letter, rest in re.findall(r"([Mmh])([^Mmh]*)", path)]  # fmt: skip
    size = int(float(re.search(r"viewBox=[\"']0 0 (\d+)", svg)[1])) // 8
    dark = np.zeros((size, size), bool)
    x = y = 0.0
    for letter, values in numbers:
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            dark[int(y), int(x) : int(x + values[0])] = True
            x += values[0]
    return dark


@pytest.mark.parametrize("link", LINKS)
def test_the_picture_has_the_codes_squares_and_its_quiet_zone(link: str) -> None:
    dark = modules(qr_code(link))
    code = np.array([list(row) for row in segno.make(link, error="l", micro=False).matrix], bool)
    np.testing.assert_array_equal(dark[4:-4, 4:-4], code)
    for edge in (dark[:4], dark[-4:], dark[:, :4], dark[:, -4:]):
        assert not edge.any()


def test_the_picture_is_read_by_a_reader() -> None:
    reader = pytest.importorskip("zxingcpp", reason="no QR reader here (zxing-cpp)")
    for link in LINKS:
        grey = np.where(np.kron(modules(qr_code(link)), np.ones((6, 6))), 0, 255).astype(np.uint8)
        assert [found.text for found in reader.read_barcodes(grey)] == [link]


def test_the_picture_asks_no_other_host() -> None:
    picture = qr_code(LINKS[1])
    assert picture.startswith("data:image/svg+xml")
    assert not re.search(r"https?://(?!www\.w3\.org)", unquote(picture))


@pytest.mark.parametrize("link", ["", "https://example.edu/?" + "x" * LONGEST])
def test_a_link_that_no_code_holds_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="holds a link"):
        qr_code(link)


@pytest.mark.parametrize("link", [*LINKS, 'https://example.edu/?x="><script>alert(1)</script>'])
def test_the_frame_is_one_element_with_exactly_this_link(link: str) -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    Reader().feed(iframe(link))
    ((tag, attributes),) = seen
    assert (tag, attributes["src"]) == ("iframe", link)
    assert attributes["title"]


@pytest.mark.parametrize(
    ("ancestors", "said"),
    [("'self'", "only its own pages"), ("'none'", "no page"), ("'self' https://lms.example.edu",
     "https://lms.example.edu")],
)  # fmt: skip
def test_who_may_show_the_frame_is_said(ancestors: str, said: str) -> None:
    assert said in str(frame_note(ancestors).children)
