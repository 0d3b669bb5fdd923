"""Numbers as Python source: the shortest text that evaluates to the same float."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH = 96  # most characters per line


def number(value: float) -> str:
    """Return the source of a float or integer, including infinities and NaN."""
    value = float(value)
    return f"{value!r}" if np.isfinite(value) else f"float('{value!r}')"


def array(values: NDArray[np.float64] | Sequence[float]) -> str:
    """Return `np.array([...])` of any shape."""
    return f"np.array({nested(np.asarray(values, dtype=float))})"


def nested(values: NDArray[np.float64]) -> str:
    """Return the nested list of an array, one row per line if it is long."""
    if values.ndim == 1:
        return "[" + ", ".join(number(v) for v in values) + "]"
    rows = [nested(row) for row in values]
    return "[" + ", ".join(rows) + "]" if sum(map(len, rows)) < WIDTH else _tall(rows)


def _tall(rows: list[str]) -> str:
    return "[\n" + "".join(f"    {row},\n" for row in rows) + "]"
