"""The time axis that fits a run: it ends soon after the last escape, T being its limit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from app.figures.axes import Axes, clock, time_end
from app.text.divergence import diverged
from simulation.results.summary import Summary

BEYOND = 1.15  # the axis ends at least so many times the last escape, and at most 1.53 times
ENDS = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
SHORTEST = 10.0  # units of time, the shortest axis
SPREAD = 30.0  # ratio of the last escape to the first above which "auto" is a log axis
BEFORE = 10.0  # such an axis starts at a power of ten, at least so many times before the first


def fit(summary: Summary, axes: Axes) -> Axes:
    """Return the axis with "auto" decided and its range chosen by the median escape times.

    If an optimizer has not escaped or diverges, the last escape is taken to be T. The ends are
    round numbers, coarse enough that a dragged parameter seldom moves them. A range that is given
    is kept.
    """
    whole = time_end(summary.experiment, replace(axes, end=None))
    medians = np.array([escape.median for escape in summary.escape], dtype=np.float64)
    times = medians * clock(summary.experiment, axes)
    times[diverged(summary)] = np.nan
    escapes = times[times > 0]  # a start beyond the radius is no escape
    waiting = bool(np.isnan(times).any()) or not escapes.size
    last = whole if waiting else float(escapes.max())
    first = float(escapes.min(initial=last))
    if axes.x == "auto":
        spread = last > SPREAD * first
        axes = replace(axes, x="log" if spread else "linear")
        if spread and axes.start is None:
            axes = replace(axes, start=max(1.0, 10.0 ** math.floor(math.log10(first / BEFORE))))
    if axes.end is None:
        axes = replace(axes, end=min(whole, rounded_up(max(BEYOND * last, SHORTEST))))
    return axes


def rounded_up(value: float) -> float:
    """Return the smallest of ENDS, times a power of ten, that is not below `value`."""
    decade = 10.0 ** math.floor(math.log10(value))
    return decade * next(end for end in (1.0, *ENDS) if value <= end * decade * (1 + 1e-9))
