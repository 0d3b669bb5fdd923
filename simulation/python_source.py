"""Numbers as Python source: shortest text that reads back as the same float.

Source: DESIGN.md section 7.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH = 96  # characters a line


def number(value: float) -> str:
    """A float or a whole number; infinities as NumPy writes them."""
    value = float(value)
    return f"{value!r}" if np.isfinite(value) else f"float('{value!r}')"


def array(values: NDArray[np.float64] | Sequence[float]) -> str:
    """`np.array([...])` of any shape."""
    return f"np.array({nested(np.asarray(values, dtype=float))})"


def nested(values: NDArray[np.float64]) -> str:
    """The nested list of an array, one row a line where it is long."""
    if values.ndim == 1:
        return "[" + ", ".join(number(v) for v in values) + "]"
    rows = [nested(row) for row in values]
    return "[" + ", ".join(rows) + "]" if sum(map(len, rows)) < WIDTH else _tall(rows)


def _tall(rows: list[str]) -> str:
    return "[\n" + "".join(f"    {row},\n" for row in rows) + "]"
