"""What a link can be made into: a picture to scan, a line to embed, a link with fewer controls."""

from __future__ import annotations

import html
from functools import lru_cache

import segno

LONGEST = 2_900  # characters; a QR code holds no more at this correction level
EMBED = (760, 520)  # px


@lru_cache(maxsize=64)
def qr_code(link: str) -> str:
    """The link as a QR code: an SVG image as a data URI, dark on white with its quiet zone.

    Raises ValueError for a link that no code can hold.
    """
    if not link or len(link.encode()) > LONGEST:
        raise ValueError(f"a QR code holds a link of 1 to {LONGEST:,} bytes")
    code = segno.make(link, error="l", micro=False)
    return code.svg_data_uri(scale=8, border=4, dark="#000", light="#fff", omitsize=True)


def iframe(link: str, title: str = "Saddlescape") -> str:
    """The line of HTML that shows the link's page inside another."""
    width, height = EMBED
    return (
        f'<iframe src="{html.escape(link)}" title="{html.escape(title)}" '
        f'width="{width}" height="{height}" style="border:0" loading="lazy" '
        f'allow="clipboard-write"></iframe>'
    )
