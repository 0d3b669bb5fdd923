"""Escape distance |⟨w_t − w_ref, v⟩| against time, with the exact law."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.figures import axes as axis_parts
from app.figures import traces
from app.figures.axes import Axes
from app.figures.typed_arrays import typed
from app.text.numbers import exact, number
from app.theme import Theme, styles
from simulation.results.summary import Summary

TITLE = "Escape distance  |⟨<i>w<sub>t</sub></i> − <i>w</i>*, <i>v</i>⟩|"
FROM_START = "Distance from the start  ‖<i>w<sub>t</sub></i> − <i>w</i><sub>0</sub>‖"


def figure(summary: Summary, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the figure as a dict: log axis, escape radius, the exact law's median.

    Traces: C bands, C medians, C laws, the radius, the crosses.
    """
    line_styles = styles(summary.experiment.contenders, theme)
    x = axis_parts.times(summary.experiment, summary.steps, axes)
    y = traces.drawn(summary, summary.distance.median)
    low, high = y_range(summary, axes)
    curves = traces.curves(x, np.where(y > 0, y, np.nan), line_styles, 1.3 * theme.line)
    data = [
        *traces.bands(x, summary.distance, summary, line_styles, floor=low / 10),
        *curves,
        *laws(summary, curves, theme),
        radius(summary, theme, axes),
        traces.crosses(summary, y, line_styles, (low, high), theme, axes),
    ]
    y_axis = axis_parts.axis(theme) | axis_parts.decades(low, high)
    title = TITLE if summary.has_saddle else FROM_START
    layout = axis_parts.panel(title, summary.experiment, y_axis, theme, axes, said(summary))
    return {"data": data, "layout": layout}


def y_range(summary: Summary, axes: Axes) -> tuple[float, float]:
    """Return the range of the y axis: from the 2 % quantile of the distances to the radius.

    Both ends are rounded outwards to half decades, so that a dragged parameter seldom moves them.
    """
    high = traces.quantised(2.5 * summary.radius, up=True)
    clock = axis_parts.clock(summary.experiment, axes)
    even = np.linspace(0, axis_parts.time_end(summary.experiment, axes) / clock.min(), 200)
    on_axis = summary.steps if axes.x == "log" else even
    seen = np.array([np.interp(on_axis, summary.steps, d) for d in summary.distance.median])
    seen = seen[(seen > 0) & np.isfinite(seen)]
    rare = float(np.quantile(seen, 0.02)) if seen.size else high / 1e4
    return min(max(traces.quantised(rare), high * 1e-10), high * 0.03), high


def radius(summary: Summary, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the escape radius as a horizontal line, which is named like the curves."""
    end = axis_parts.time_end(summary.experiment, axes)
    return traces.trace(
        "radius",
        x=typed([axis_parts.time_start(end, axes), end]),
        y=typed([summary.radius] * 2),
        name="escape radius",
        line={"color": theme.accent, "width": theme.hairline, "dash": "4px,3px"},
    )


def laws(summary: Summary, curves: list[dict[str, Any]], theme: Theme) -> list[dict[str, Any]]:
    """Return the exact law's median for each curve, as a thin line of one colour."""
    law = summary.law
    return [
        traces.trace(
            "law",
            i,
            x=traces.NOTHING if law is None else curve["x"],
            y=traces.NOTHING if law is None else typed(np.where(law.median[i] > 0, law.median[i],
                                                                np.nan)),
            line={"color": theme.law, "width": theme.hairline, "dash": "2px,2px"},
        )
        for i, curve in enumerate(curves)
    ]  # fmt: skip


def lawful(summary: Summary) -> bool:
    """Return whether a law is drawn: it exists, and its median is finite somewhere."""
    return summary.law is not None and bool(np.isfinite(summary.law.median).any())


def said(summary: Summary) -> str:
    """Return the legend of the law's line, or that there is no law."""
    return "┄ exact law" if lawful(summary) else "no exact law"


def summary_text(summary: Summary) -> str:
    """Return the text alternative of the plot."""
    last = summary.distance.median[:, -1]
    parts = [
        f"{c.label} ends at {number(float(d))}"
        for c, d in zip(summary.experiment.contenders, last, strict=True)
    ]
    law = "The exact law is drawn over it." if lawful(summary) else summary.law_reason
    place = "the saddle along the escape direction" if summary.has_saddle else "the start"
    return (
        f"Distance from {place} over {exact(summary.steps[-1])} steps, on a log scale; "
        f"the escape radius is {number(summary.radius)}. "
        f"{'; '.join(parts)}. {law}"
    ).strip()
