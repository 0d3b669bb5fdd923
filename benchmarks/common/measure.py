"""Quantiles of readings, and the load of the machine that they were taken on."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np


def quantiles(readings: Sequence[float], *shares: float) -> tuple[float, ...]:
    """The quantiles at `shares`, 0 to 1, linearly interpolated; NaN where there is no reading."""
    if not readings:
        return (float("nan"),) * len(shares)
    return tuple(float(value) for value in np.quantile(readings, shares))


def machine() -> str:
    """`2 cores, load average 1.03 0.80`: of the last minute and the last five."""
    minute, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load average {minute:.2f} {five:.2f}"
