"""Momentum–escape correlation: how much of the momentum points outwards along v."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures import axes as axis_parts
from app.figures import traces
from app.figures.axes import Axes
from app.figures.typed_arrays import typed
from app.text.numbers import number
from app.theme import Style, Theme, rgba, styles
from simulation.results.summary import Summary

TITLE = "Momentum–escape correlation"
RANGE = (-1.05, 1.05)


def figure(summary: Summary, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the figure as a dict: −⟨m_t, v⟩ sgn⟨w_t − w_ref, v⟩ / ‖m_t‖ in [−1, 1].

    Traces: the zero line, C bands, C raw curves, C curves, the crosses. A single
    path's correlation is mostly noise: the raw curve is faint, and its moving average, whose window
    the note states, is bold. With more paths the curve is their median.
    """
    line_styles = styles(summary.experiment.contenders, theme)
    x = axis_parts.times(summary.experiment, summary.steps, axes)
    y = traces.drawn(summary, summary.trend)
    end = axis_parts.time_end(summary.experiment, axes)
    data = [
        traces.trace("zero", x=typed([axis_parts.time_start(end, axes), end]), y=typed([0, 0]),
                     line={"color": theme.muted, "width": theme.hairline}),
        *traces.bands(x, summary.correlation, summary, line_styles),
        *raw(summary, x, line_styles, theme),
        *traces.curves(x, y, line_styles, 1.15 * theme.line, ".2f"),
        traces.crosses(summary, y, line_styles, RANGE, theme, axes),
    ]  # fmt: skip
    y_axis = axis_parts.axis(theme) | {
        "range": list(RANGE),
        "tickvals": [-1, -0.5, 0, 0.5, 1],
        "ticktext": ["in −1", "", "0", "", "out 1"],
    }
    layout = axis_parts.panel(TITLE, summary.experiment, y_axis, theme, axes, said(summary))
    return {"data": data, "layout": layout}


def said(summary: Summary) -> str:
    """Return the note on the bold curves; "" unless they are moving averages."""
    return f"{summary.window}-point mean" if summary.window > 1 else ""


def raw(
    summary: Summary, x: NDArray[np.float64], line_styles: tuple[Style, ...], theme: Theme
) -> list[dict[str, Any]]:
    """Return the raw values of a single path as faint, thin lines; empty for more paths."""
    alone = summary.window > 1
    opacity = round(0.30 * min(1.0, 3 / len(line_styles)), 2)
    y = traces.drawn(summary, summary.correlation.median)
    return [
        traces.trace("raw", i, x=typed(x[i]) if alone else traces.NOTHING,
                     y=typed(y[i]) if alone else traces.NOTHING,
                     line={"color": rgba(style.color, opacity), "width": 0.6 * theme.hairline})
        for i, style in enumerate(line_styles)
    ]  # fmt: skip


def summary_text(summary: Summary) -> str:
    """Return the text alternative of the plot."""
    highest = summary.trend.max(axis=1)
    parts = [
        f"{c.label} reaches {number(float(v), 2)}"
        for c, v in zip(summary.experiment.contenders, highest, strict=True)
    ]
    mean = f" (mean of {summary.window} recorded steps)" if summary.window > 1 else ""
    return (
        f"Share{mean} of the momentum that points outward along the escape direction, from −1 "
        f"(straight back) to 1 (straight out). {'; '.join(parts)}."
    )
