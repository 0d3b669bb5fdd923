"""The callbacks: named three-line functions, and `register`."""

from __future__ import annotations

from dash import Dash

from app.callbacks import edit, prediction, share, sweep, tabs
from app.layout import index


def register(app: Dash) -> None:
    """Adds every callback of the page to `app`, and the HTML around it."""
    app.index_string = index(app)
    app.config.suppress_callback_exceptions = True  # or the page would carry its layout twice
    tabs.register(app)
    edit.register(app)
    sweep.register(app)
    prediction.register(app)
    share.register(app)
