"""The remarks in Share: that a link is of this machine alone, and who may show the frame."""

from __future__ import annotations

from dash import html

from app import ids


def local_note() -> html.P:
    """Return the remark; assets/modules/share.mjs shows it at 127.0.0.1, [::1] and localhost."""
    return html.P(
        "This address is of this computer alone: the link, the QR code and the frame work on no "
        "other device. They work for others where the server has an address of its own.",
        id=ids.SHARE_LOCAL, className="local-note", hidden=True,
    )  # fmt: skip


def frame_note(ancestors: str) -> html.P:
    """Return the remark on which pages may show the frame; ancestors: FRAME_ANCESTORS."""
    who = "no page" if ancestors == "'none'" else "only its own pages"
    said = f"This server lets {who} show the frame: set FRAME_ANCESTORS for others."
    others = " ".join(part for part in ancestors.split() if not part.startswith("'"))
    return html.P(f"Pages of {others} may show the frame." if others else said, className="fine")
