"""Traces shared by the time plots: bands, curves and crosses.

Their number and order depend on the contenders only, so that a delta matches the traces of the
figure on the page. The browser names the curves (assets/modules/curve_names.mjs).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.axes import Axes, times
from app.figures.typed_arrays import GAP, typed
from app.text.divergence import diverged
from app.theme import Style, Theme, rgba
from simulation.results.summary import Band, Summary

Floats = NDArray[np.float64]

NOTHING = typed([GAP])
"""An empty trace's data: one NaN, so that Plotly keeps the trace's index."""


def drawn(summary: Summary, values: Floats) -> Floats:
    """Return values (C, K), NaN after the drawn path, or half of all paths, diverged."""
    out = np.array(values, dtype=np.float64)
    for i in diverged(summary):
        out[i, summary.steps > summary.escape[i].first_diverged] = np.nan
    return out


def trace(kind: str, contender: int | None = None, **attributes: Any) -> dict[str, Any]:
    """Return a scatter trace with its kind in `meta`; without hover unless it has a template."""
    return {
        "type": "scatter",
        "mode": "lines",
        "showlegend": False,
        "meta": {"kind": kind, "contender": contender},
        **({} if "hovertemplate" in attributes else {"hoverinfo": "skip"}),
    } | attributes


def bands(
    x: Floats, band: Band, summary: Summary, styles: tuple[Style, ...], floor: float | None = None
) -> list[dict[str, Any]]:
    """Return each contender's 10–90 % band, fainter with more contenders; empty for one path.

    floor: lower bound of the values on a log axis.
    """
    opacity = round(0.14 * min(1.0, 4 / len(styles)), 2)
    return [
        trace(
            "band",
            i,
            **_ribbon(x[i], band.low[i], band.high[i], floor if summary.experiment.paths > 1
                      else None, summary.experiment.paths > 1),
            fill="toself",
            fillcolor=rgba(style.color, opacity),
            line={"width": 0},
        )
        for i, style in enumerate(styles)
    ]  # fmt: skip


def _ribbon(
    x: Floats, low: Floats, high: Floats, floor: float | None, shown: bool
) -> dict[str, Any]:
    keep = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    if not shown or not keep.any():
        return {"x": NOTHING, "y": NOTHING}
    low, high = (np.maximum(v[keep], floor) if floor else v[keep] for v in (low, high))
    return {
        "x": typed(np.concatenate([x[keep], x[keep][::-1]])),
        "y": typed(np.concatenate([low, high[::-1]])),
    }


def curves(
    x: Floats, y: Floats, styles: tuple[Style, ...], width: float, format_: str = ".3~g"
) -> list[dict[str, Any]]:
    """Return one line per contender."""
    return [
        trace(
            "curve",
            i,
            x=typed(x[i]),
            y=typed(y[i]),
            name=style.name,
            line={"color": style.color, "width": width, "dash": style.dash},
            hovertemplate=f"%{{y:{format_}}}",
        )
        for i, style in enumerate(styles)
    ]


def crosses(
    summary: Summary,
    y: Floats,
    styles: tuple[Style, ...],
    y_range: tuple[float, float],
    theme: Theme,
    axes: Axes,
) -> dict[str, Any]:
    """Return a cross where a contender diverged: at its curve's end, or at the plot's edge."""
    x = times(summary.experiment, summary.steps, axes)
    at = np.full((len(styles), 2), np.nan)
    for i in diverged(summary):
        seen = np.flatnonzero(np.isfinite(x[i]) & np.isfinite(y[i]))
        if seen.size:
            at[i] = x[i, seen[-1]], np.clip(y[i, seen[-1]], *y_range)
    return trace(
        "cross",
        x=typed(at[:, 0]),
        y=typed(at[:, 1]),
        mode="markers",
        marker={"symbol": "x", "size": 4 * theme.line, "color": [s.color for s in styles]},
        cliponaxis=False,
    )


def quantised(value: float, per_decade: int = 2, up: bool = False) -> float:
    """Return the next power of 10^(1/per_decade) below `value`, or above it."""
    turn = math.ceil if up else math.floor
    return float(10.0 ** (turn(per_decade * math.log10(value) - 1e-9) / per_decade))
