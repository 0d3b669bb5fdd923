"""Marks the response of the current request as not to be cached."""

from __future__ import annotations

from flask import g


def mark_uncacheable() -> None:
    """Keep the response of the current request out of the response cache."""
    g.uncacheable = True
