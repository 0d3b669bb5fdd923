"""Level sets as outlines with holes, for SVG paths.

`Plotly.animate` without redraw drops contour traces; an outline drawn by `scatter` with
`fill="toself"` is kept. ContourPy computes the outlines: outer ones are anticlockwise and holes
clockwise, so that both of SVG's fill rules leave the holes open.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np
from contourpy import FillType, LineType, contour_generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Outline = tuple[Floats, Floats]
"""x and y of all rings, each closed and followed by NaN."""


def above(x: Floats, y: Floats, value: Floats, level: float) -> Outline:
    """Return the outline of {value ≥ level}; value (ny, nx) on the grid x (nx,), y (ny,).

    Points without a finite value are left out.
    """
    finite = np.ma.masked_invalid(value)
    if not (finite >= level).any():
        return np.empty(0), np.empty(0)
    generator = contour_generator(x, y, finite, fill_type=FillType.OuterOffset)
    filled = generator.filled(level, np.inf)
    points, offsets = cast("tuple[list[Floats], list[NDArray[np.uint32]]]", filled)
    rings = [
        ring[first:last]
        for ring, cuts in zip(points, offsets, strict=True)
        for first, last in pairwise(cuts)
    ]
    return _with_gaps(rings)


def at(x: Floats, y: Floats, value: Floats, level: float) -> Outline:
    """Return the contour lines {value = level}."""
    finite = np.ma.masked_invalid(value)
    generator = contour_generator(x, y, finite, line_type=LineType.Separate)
    return _with_gaps(cast("list[Floats]", generator.lines(level)))


def levels(value: Floats, split: float, below: int = 5, over: int = 9) -> Floats:
    """Return ascending levels, of equal areas on each side of `split`, which is one of them.

    A `split` that is not finite, where f has no value, is replaced by the median.
    """
    flat = value[np.isfinite(value)]
    if not np.isfinite(split):
        split = float(np.median(flat)) if flat.size else 0.0
    deep, high = flat[flat < split], flat[flat > split]
    parts = [np.array([split])]
    if deep.size:
        parts.insert(0, np.quantile(deep, np.arange(1, below) / below))
    if high.size:
        parts.append(np.quantile(high, np.arange(1, over) / over))
    return np.unique(np.concatenate(parts))


def clip(ends: Floats, low: Floats, high: Floats) -> Floats | None:
    """Return the part (2, 2) of a line segment `ends` (2, 2) inside a box; None if outside.

    Liang–Barsky: each side of the box bounds the line's parameter from below or above.
    """
    start, step = ends[0], ends[1] - ends[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = np.sort(np.array([(low - start) / step, (high - start) / step]), axis=0)
    inside = (start >= low) & (start <= high)
    sides[:, step == 0] = np.where(inside[step == 0], [[-np.inf], [np.inf]], np.inf)
    first, last = max(sides[0].max(), 0.0), min(sides[1].min(), 1.0)
    return start + np.outer([first, last], step) if first < last else None


def _with_gaps(rings: list[Floats]) -> Outline:
    if not rings:
        return np.empty(0), np.empty(0)
    gap = np.full((1, 2), np.nan)
    joined = np.concatenate([part for ring in rings for part in (ring, gap)])
    return joined[:, 0], joined[:, 1]
