"""Scales of the properties' plots: logarithmic and symmetric logarithmic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures import axes as axis_parts
from app.figures import symlog
from app.figures.traces import quantised
from app.tabs.properties.styles import PanelStyle
from simulation.results.property_panels import Panel

Floats = NDArray[np.float64]


class Log:
    """A log axis over the required values, with decades as ticks."""

    def __init__(self, panel: Panel, chosen: int) -> None:
        low, high = log_range(shown_values(panel, chosen))
        self.axis = axis_parts.decades(low, high)
        self.ends = (low, high)

    def place(self, values: Any) -> Any:
        """Return the values, NaN where they are not positive."""
        return positive(values)


class Symlog:
    """A symmetric log axis: both signs over many decades."""

    def __init__(self, panel: Panel, chosen: int, face: PanelStyle) -> None:
        values = shown_values(panel, chosen)
        self.unit = symlog.unit_of(values, face.least)
        low, high = (float(v) for v in (values.min(initial=0), values.max(initial=0)))
        low, high = symlog.rounded(min(low, 2 * panel.bound), high, self.unit)
        words = {panel.bound: face.line} if panel.bound else {}
        self.axis = symlog.axis(low, high, self.unit, words)
        self.ends = tuple(self.axis["range"])

    def place(self, values: Any) -> Any:
        """Return the axis coordinates of values."""
        return symlog.place(values, self.unit)


def shown_values(panel: Panel, chosen: int) -> Floats:
    """Return the values that set the range: all required ones, else most of the chosen one's."""
    asked = panel.values[panel.required & np.isfinite(panel.values)]
    if asked.size:
        return asked
    own = panel.values[chosen][np.isfinite(panel.values[chosen])]
    return np.quantile(own, [0.02, 0.98]) if own.size else np.zeros(1)


def positive(values: Floats) -> Floats:
    """Return the values, NaN where they are not positive."""
    values = np.asarray(values, dtype=np.float64)
    return np.where(values > 0, values, np.nan)


def log_range(values: Floats, keep: tuple[float, float] | None = None) -> tuple[float, float]:
    """Return a range in half decades: all but the smallest 0.5 % of positive values, and `keep`."""
    seen = np.asarray(values)[np.isfinite(values) & (np.asarray(values) > 0)]
    ends = np.quantile(seen, [0.005, 1.0]) if seen.size else np.array(keep or (0.1, 10.0))
    if keep:
        ends = np.array([min(ends[0], keep[0] / 2), max(ends[1], 2 * keep[1])])
    low, high = quantised(float(ends[0])), quantised(float(ends[1]), up=True)
    return (low, high) if low < high else (low / 10, high * 10)
