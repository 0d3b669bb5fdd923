"""Callbacks of the dialogs: opened in the browser; QR code and iframe of the link made here."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, State

from app import ids
from app.components.share_links import iframe, qr_code

_DIALOGS = {ids.SHARE: ids.SHARE_DIALOG, ids.TAKE: ids.TAKE_DIALOG,
            ids.SHORTCUTS: ids.SHORTCUTS_DIALOG}  # fmt: skip


def register(app: Dash) -> None:
    """Register the callbacks: button → dialog, options → link, link → QR code and iframe."""
    for button, dialog in _DIALOGS.items():
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("saddlescape", "toggle_dialog"),
            Output(dialog, "opened"),
            Input(button, "n_clicks"),
            State(dialog, "opened"),
            prevent_initial_call=True,
        )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("saddlescape", "share_links"),
        Output(ids.SHARE_LINK, "value"),
        Output(ids.SHARE_EMBED, "data"),
        Input(ids.SHARE_DIALOG, "opened"),
        Input(ids.SHARE_HIDE, "value"),
        Input(ids.SHARE_VIEW, "value"),
        Input(ids.QUERY, "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output(ids.SHARE_CODE, "src"),
        Output(ids.SHARE_FRAME, "value"),
        Input(ids.SHARE_LINK, "value"),
        Input(ids.SHARE_EMBED, "data"),
        prevent_initial_call=True,
    )(pictured)


def pictured(link: str | None, embedded: str | None) -> tuple[str, str]:
    """Return the QR code of a link ('' if it is too long) and the iframe of `embedded`."""
    try:
        return qr_code(link or ""), iframe(embedded or "")
    except ValueError:
        return "", iframe(embedded or "")
