"""The remark in Share that a link is of this machine alone."""

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
