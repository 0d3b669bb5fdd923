"""The function value f(w_t): a plateau at the saddle, then the descent."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.figures import axes as axis_parts
from app.figures import traces
from app.figures.axes import Axes, nice_range
from app.text.divergence import diverged
from app.text.numbers import number
from app.theme import Theme, styles
from simulation.results.summary import Summary

TITLE = "Function value  <i>f</i>(<i>w<sub>t</sub></i>)"


def figure(summary: Summary, theme: Theme, axes: Axes) -> dict[str, Any]:
    """Return the figure as a dict. Traces: C bands, C medians, the crosses."""
    line_styles = styles(summary.experiment.contenders, theme)
    x = axis_parts.times(summary.experiment, summary.steps, axes)
    y = traces.drawn(summary, summary.value.median)
    low, high = y_range(summary)
    data = [
        *traces.bands(x, summary.value, summary, line_styles),
        *traces.curves(x, y, line_styles, theme.line),
        traces.crosses(summary, y, line_styles, (low, high), theme, axes),
    ]
    y_axis = axis_parts.axis(theme) | {"range": [low, high], "nticks": 5}
    layout = axis_parts.panel(TITLE, summary.experiment, y_axis, theme, axes)
    return {"data": data, "layout": layout}


def y_range(summary: Summary) -> tuple[float, float]:
    """Return a coarse range of the values while the path is within 2.5 radii of the saddle."""
    near = summary.distance.median <= 2.5 * summary.radius
    for i in diverged(summary):  # the last values dwarf all others: they leave the plot
        before = np.flatnonzero(summary.steps < summary.escape[i].first_diverged)
        near[i, before[-1:]] = False
        near[i, summary.steps >= summary.escape[i].first_diverged] = False
    seen = summary.value.median[near & np.isfinite(summary.value.median)]
    if not seen.size:
        return -1.0, 1.0
    # The quantile lets spikes of a single path leave the plot.
    return nice_range(float(seen.min()), float(np.quantile(seen, 0.995)))


def summary_text(summary: Summary) -> str:
    """Return the text alternative of the plot."""
    first, last = summary.value.median[:, 0], summary.value.median[:, -1]
    parts = [
        f"{c.label} ends at {number(float(v))}"
        for c, v in zip(summary.experiment.contenders, last, strict=True)
    ]
    return f"Function value, from {number(float(first[0]))} at the start. {'; '.join(parts)}."
