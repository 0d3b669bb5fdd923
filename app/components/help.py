"""Help: a hidden text beside a name, a figure or a table head.

assets/modules/help.mjs shows it on hover, on a tap and at the keyboard's focus, and binds it to
what it describes (`aria-describedby`).
"""

from __future__ import annotations

from typing import Any

from dash import html


def help_text(*lines: str) -> html.Span:
    """Return the hidden text; the first of several lines is its heading."""
    head, *rest = lines
    shown: list[Any] = [html.Strong(head), html.Br(), " ".join(rest)] if rest else [head]
    return html.Span(shown, className="help")


def helped(children: Any, text: str) -> html.Span:
    """Return a figure or a table head that the keyboard reaches, with its help."""
    parts: list[Any] = children if isinstance(children, list) else [children]
    reached: dict[str, Any] = {"tabIndex": "0"}
    return html.Span([*parts, help_text(text)], className="helped", **reached)
