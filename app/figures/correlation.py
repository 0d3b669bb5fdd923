"""Momentum–escape correlation: how much of the momentum points outward along v."""

from __future__ import annotations

from typing import Any

from app.figures import axes as axis_parts
from app.figures import series
from app.figures.arrays import typed
from app.figures.axes import Axes
from app.figures.text import number
from app.theme import Theme, styles
from simulation.summary import Summary

TITLE = "Momentum–escape correlation"
RANGE = (-1.05, 1.05)


def figure(summary: Summary, theme: Theme, axes: Axes = Axes()) -> dict[str, Any]:  # noqa: B008
    """The figure as a plain dict: −⟨m_t, v⟩ sgn⟨w_t − w_ref, v⟩ / ‖m_t‖ in [−1, 1].

    Traces: the zero line, C bands, C medians, C names, the crosses. One path alone is drawn thin,
    as it is: its scatter is the noise in the momentum, and smoothing would invent a correlation.
    Source: DESIGN.md section 6.
    """
    look = styles(summary.experiment.contenders, theme)
    x = axis_parts.times(summary.experiment, summary.steps, axes)
    y = series.drawn(summary, summary.correlation.median)
    alone = summary.experiment.paths == 1
    end = axis_parts.time_end(summary.experiment, axes)
    data = [
        series.trace("zero", x=typed([axis_parts.time_start(end, axes), end]), y=typed([0, 0]),
                     line={"color": theme.border, "width": theme.hairline}),
        *series.bands(x, summary.correlation, summary, look),
        *series.curves(x, y, look, 0.45 * theme.line if alone else theme.line, ".2f"),
        *series.names(summary, y, look, RANGE, theme, axes),
        series.crosses(summary, y, look, RANGE, theme, axes),
    ]  # fmt: skip
    y_axis = axis_parts.axis(theme) | {
        "range": list(RANGE),
        "tickvals": [-1, -0.5, 0, 0.5, 1],
        "ticktext": ["in −1", "", "0", "", "out 1"],
    }
    layout = axis_parts.panel(TITLE, summary.experiment, y_axis, theme, axes)
    return {"data": data, "layout": layout}


def summary_text(summary: Summary) -> str:
    """The plot in words, for who cannot see it."""
    highest = summary.correlation.median.max(axis=1)
    parts = [
        f"{c.label} reaches {number(float(v), 2)}"
        for c, v in zip(summary.experiment.contenders, highest, strict=True)
    ]
    return (
        "Share of the momentum that points outward along the escape direction, from −1 (straight "
        f"back) to 1 (straight out). {'; '.join(parts)}."
    )
