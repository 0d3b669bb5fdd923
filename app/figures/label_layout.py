"""Layout of labels without overlaps: pure geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def spread(wanted: ArrayLike, gap: float, low: float, high: float) -> NDArray[np.float64]:
    """Return the positions in [low, high], ≥ `gap` apart, closest to `wanted` (n,).

    The order is kept. Least squares under these constraints: with p_i = q_i + i·gap it is isotonic
    regression of wanted_i − i·gap, clipped to the bounds. Equal wishes keep their input order. If n
    labels do not fit, the gap is reduced until they do.
    """
    wanted = np.asarray(wanted, dtype=np.float64)
    n = len(wanted)
    if n == 0:
        return wanted
    if n > 1:
        gap = min(gap, (high - low) / (n - 1))
    order = np.argsort(wanted, kind="stable")
    offsets = gap * np.arange(n)
    q = np.clip(_isotonic(wanted[order] - offsets), low, max(high - offsets[-1], low))
    out = np.empty(n)
    out[order] = q + offsets
    return out


def _isotonic(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the closest non-decreasing sequence, by the pool-adjacent-violators algorithm."""
    pools: list[tuple[float, int]] = []  # mean, size
    for value in values:
        mean, size = float(value), 1
        while pools and pools[-1][0] > mean:
            before, number = pools.pop()
            mean = (mean * size + before * number) / (size + number)
            size += number
        pools.append((mean, size))
    return np.repeat([m for m, _ in pools], [s for _, s in pools])
