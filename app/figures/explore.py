"""The figures of Explore as plain dicts, made from a Summary.

`draw` returns the four figures, `summary_texts` their text alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app import ids
from app.figures import correlation, distance, landscape, value
from app.figures.axes import Axes
from app.figures.time_range import fit
from app.figures.truncate import truncate_at_divergence
from app.theme import Theme
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain

Builder = Callable[[Summary, Terrain, Theme, Axes], dict[str, Any]]

FIGURES: Mapping[str, Builder] = MappingProxyType(
    {
        ids.LANDSCAPE: lambda summary, surface, theme, axes: landscape.figure(
            summary, surface, theme
        ),
        ids.DISTANCE: lambda summary, surface, theme, axes: distance.figure(summary, theme, axes),
        ids.CORRELATION: lambda summary, surface, theme, axes: correlation.figure(
            summary, theme, axes
        ),
        ids.VALUE: lambda summary, surface, theme, axes: value.figure(summary, theme, axes),
    }
)
"""Graph id → its builder."""

SUMMARIES: Mapping[str, Callable[[Summary], str]] = MappingProxyType(
    {
        ids.LANDSCAPE: landscape.summary_text,
        ids.DISTANCE: distance.summary_text,
        ids.CORRELATION: correlation.summary_text,
        ids.VALUE: value.summary_text,
    }
)
"""Graph id → function returning its text alternative."""


def draw(
    summary: Summary,
    surface: Terrain,
    theme: Theme,
    axes: Axes = Axes(),  # noqa: B008
) -> dict[str, dict[str, Any]]:
    """Return graph id → figure, for every figure of Explore; the time axis fits the escapes."""
    summary = truncate_at_divergence(summary)
    axes = fit(summary, axes)
    return {graph: build(summary, surface, theme, axes) for graph, build in FIGURES.items()}


def summary_texts(summary: Summary) -> dict[str, str]:
    """Return graph id → text alternative, for screen readers."""
    summary = truncate_at_divergence(summary)
    return {graph: words(summary) for graph, words in SUMMARIES.items()}


__all__ = ["FIGURES", "SUMMARIES", "Axes", "draw", "summary_texts"]
