"""Representations of a link: a QR code and an iframe."""

from __future__ import annotations

import html
from functools import lru_cache

import segno

LONGEST = 2_900  # bytes, the capacity of a QR code at this correction level
EMBED = (760, 520)  # px


@lru_cache(maxsize=64)
def qr_code(link: str) -> str:
    """Return the link as a QR code: a data URI of an SVG, dark on white with its quiet zone.

    Raises ValueError for a link that is too long.
    """
    if not link or len(link.encode()) > LONGEST:
        raise ValueError(f"a QR code holds a link of 1 to {LONGEST:,} bytes")
    code = segno.make(link, error="l", micro=False)
    return code.svg_data_uri(scale=8, border=4, dark="#000", light="#fff", omitsize=True)


def iframe(link: str, title: str = "Saddlescape") -> str:
    """Return the HTML that embeds the link's page in another page."""
    width, height = EMBED
    return (
        f'<iframe src="{html.escape(link)}" title="{html.escape(title)}" '
        f'width="{width}" height="{height}" style="border:0" loading="lazy" '
        f'allow="clipboard-write"></iframe>'
    )
