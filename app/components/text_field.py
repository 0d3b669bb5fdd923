"""A control's text field, and its props: the text, and the reason why a text is refused."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

from app import ids

Props = dict[str, dict[str, Any]]


def text_props(text: str, error: str = "") -> dict[str, Any]:
    """Return the props of a text field: its text, and the reason why the text is refused."""
    return {"value": text, "error": error}


def text_field(key: str, name: str, now: Props) -> dmc.TextInput:
    """Return a control's text field; the component binds its error to it (`aria-describedby`)."""
    return dmc.TextInput(
        id=ids.field(key), debounce=True, size="xs", className="control-field",
        inputProps={"aria-label": name}, **now[ids.field(key)],
    )  # fmt: skip
