"""Representations of a link: a QR code and an iframe."""

from __future__ import annotations

import html
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno

LONGEST = 2_900  # bytes, the capacity of a QR code at this correction level
EMBED = (760, 520)  # px
SVG: Any = {"scale": 8, "border": 4, "dark": "#000", "light": "#fff", "omitsize": True}


@lru_cache(maxsize=64)
def qr_code(link: str) -> str:
    """Return the link as a QR code: a data URI of an SVG, dark on white with its quiet zone.

    Raises ValueError for a link that is too long.
    """
    code: str = _code(link).svg_data_uri(**SVG)
    return code


def qr_svg(link: str) -> str:
    """Return the link as a QR code: an SVG. Raises ValueError for a link that is too long."""
    out = BytesIO()
    _code(link).save(out, kind="svg", xmldecl=False, nl=False, **SVG)
    return out.getvalue().decode()


def _code(link: str) -> segno.QRCode:
    if not link or len(link.encode()) > LONGEST:
        raise ValueError(f"a QR code holds a link of 1 to {LONGEST:,} bytes")
    return segno.make(link, error="l", micro=False)


def iframe(link: str, title: str = "Saddlescape") -> str:
    """Return the HTML that embeds the link's page in another page."""
    width, height = EMBED
    return (
        f'<iframe src="{html.escape(link)}" title="{html.escape(title)}" '
        f'width="{width}" height="{height}" style="border:0" loading="lazy" '
        f'allow="clipboard-write"></iframe>'
    )
