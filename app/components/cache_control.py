"""Exclusion of the current request's response from the response cache."""

from __future__ import annotations

from flask import g


def mark_uncacheable() -> None:
    """Exclude the response of the current request from the response cache."""
    g.uncacheable = True
