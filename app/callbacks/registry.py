"""Registration of all callbacks of the page."""

from __future__ import annotations

from dash import Dash

from app.callbacks import edit, prediction, share, sweep, tabs
from app.layout import index


def register(app: Dash) -> None:
    """Add every callback of the page to `app`, and set the HTML template around it."""
    app.index_string = index(app)
    app.config.suppress_callback_exceptions = True  # else the layout is sent twice
    tabs.register(app)
    edit.register(app)
    sweep.register(app)
    prediction.register(app)
    share.register(app)
