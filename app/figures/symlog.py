"""A scale for numbers of both signs over many decades: straight near 0, logarithmic far away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.text.numbers import MINUS, power

MOST_TICKS = 8


def place(values: ArrayLike, unit: float) -> NDArray[np.float64]:
    """Where values (...,) lie on the axis: asinh(v/2·unit)/ln 10, a decade long from `unit` on."""
    out: NDArray[np.float64] = np.arcsinh(np.asarray(values) / (2 * unit)) / math.log(10)
    return out


def axis(
    low: float, high: float, unit: float, extra: Mapping[float, str] | None = None
) -> dict[str, Any]:
    """Range and ticks of a Plotly axis from `low` to `high`: 0, ±unit·10ᵏ, and `extra` (v → word).

    `unit` is a power of ten.
    """
    base = round(math.log10(unit))
    top = max(math.ceil(math.log10(max(abs(low), abs(high), unit))), base)
    wanted = dict(extra or {}) | {0.0: "0"}
    for e in range(top, base - 1, -1):
        wanted |= {10.0**e: power(e), -(10.0**e): MINUS + power(e)}
    # Words of their own come first, then 0, then the far decades; what would touch is left out.
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
    """[low, high] widened to half decades, so that small changes leave the range where it was."""

    def out(value: float) -> float:
        if abs(value) <= unit:
            return math.copysign(unit, value) if value else 0.0
        return math.copysign(10 ** (math.ceil(2 * math.log10(abs(value)) + 0.15) / 2), value)

    below, above = min(out(low), 0.0), max(out(high), 0.0)
    return (below, above) if below < above else (-unit, unit)


def unit_of(values: ArrayLike, least: float) -> float:
    """A power of ten about a hundredth of the larger values, and not under `least`."""
    sizes = np.abs(np.asarray(values, dtype=np.float64))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return least
    large: Any = np.quantile(sizes, 0.9)
    return max(10.0 ** math.floor(math.log10(large) - 2), least)
