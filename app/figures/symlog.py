"""Symmetric log scale: both signs over many decades, linear near 0."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.text.numbers import MINUS, power

MOST_TICKS = 8


def place(values: ArrayLike, unit: float) -> NDArray[np.float64]:
    """Return axis coordinates asinh(v/2·unit)/ln 10 of values (...,), in decades beyond `unit`."""
    out: NDArray[np.float64] = np.arcsinh(np.asarray(values) / (2 * unit)) / math.log(10)
    return out


def axis(
    low: float, high: float, unit: float, extra: Mapping[float, str] | None = None
) -> dict[str, Any]:
    """Return range and ticks of a Plotly axis: 0, ±unit·10ᵏ, and `extra` (value → label).

    `unit` is a power of ten.
    """
    base = round(math.log10(unit))
    top = max(math.ceil(math.log10(max(abs(low), abs(high), unit))), base)
    wanted = dict(extra or {}) | {0.0: "0"}
    for e in range(top, base - 1, -1):
        wanted |= {10.0**e: power(e), -(10.0**e): MINUS + power(e)}
    # Priority: extra labels, 0, large decades; ticks too close to a previous one are dropped.
    room = float(np.ptp(place([low, high], unit))) / MOST_TICKS
    shown: list[float] = []
    for value in wanted:
        near = np.abs(place(shown, unit) - place(value, unit))
        if low <= value <= high and not (near < (room if value not in (extra or {}) else 0)).any():
            shown.append(value)
    shown.sort()
    return {
        "range": place([low, high], unit).tolist(),
        "tickvals": place(shown, unit).tolist(),
        "ticktext": [wanted[v] for v in shown],
    }


def rounded(low: float, high: float, unit: float) -> tuple[float, float]:
    """Return [low, high] widened to half decades, so that small changes leave it unchanged."""

    def out(value: float) -> float:
        if abs(value) <= unit:
            return math.copysign(unit, value) if value else 0.0
        return math.copysign(10 ** (math.ceil(2 * math.log10(abs(value)) + 0.15) / 2), value)

    below, above = min(out(low), 0.0), max(out(high), 0.0)
    return (below, above) if below < above else (-unit, unit)


def unit_of(values: ArrayLike, least: float) -> float:
    """Return a power of ten about a hundredth of the larger values, at least `least`."""
    sizes = np.abs(np.asarray(values, dtype=np.float64))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return least
    large: Any = np.quantile(sizes, 0.9)
    return max(10.0 ** math.floor(math.log10(large) - 2), least)
