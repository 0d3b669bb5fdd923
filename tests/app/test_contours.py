"""Outlines as SVG sees them: both fill rules give exactly the set above the level."""

from __future__ import annotations

import numpy as np
import pytest

from app.figures import contours

X, Y = np.linspace(-1, 1, 61), np.linspace(-1.5, 1.5, 61)
GX, GY = np.meshgrid(X, Y)
FIELDS = {
    "ring": 0.5 - np.abs(np.hypot(GX, GY) - 0.6),  # one hole
    "saddle": GX**2 - 0.4 * GY**2,  # cut off by the border
    "eggs": np.sin(7 * GX) * np.cos(5 * GY),  # many islands and holes
    "nest": np.cos(12 * np.hypot(GX, GY)),  # an island in a hole in an island
}


def winding_and_crossings(x, y, px, py):
    """Winding number and count of crossings of a ray from (px, py) to the right."""
    winding = crossings = 0
    ends = np.flatnonzero(np.isnan(x))
    points = np.column_stack([x, y])
    for first, gap in zip([0, *(ends[:-1] + 1)], ends, strict=True):
        ring = points[first:gap]
        assert np.allclose(ring[0], ring[-1])  # closed
        x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        up, down = (y0 <= py) & (y1 > py), (y0 > py) & (y1 <= py)
        with np.errstate(divide="ignore", invalid="ignore"):
            right = x0 + (py - y0) / (y1 - y0) * (x1 - x0) > px
        winding += int((up & right).sum() - (down & right).sum())
        crossings += int(((up | down) & right).sum())
    return winding, crossings


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_both_fill_rules_fill_exactly_the_set_above_the_level(field, share):
    value = FIELDS[field]
    level = float(np.quantile(value, share))
    x, y = contours.above(X, Y, value, level)
    rng = np.random.default_rng(1)
    clear = 2 * max(np.abs(np.diff(value, axis=0)).max(), np.abs(np.diff(value, axis=1)).max())
    inner = [
        (i, j) for i, j in rng.integers(1, 60, (400, 2)) if abs(value[j, i] - level) > clear / 8
    ]
    assert len(inner) > 100
    for i, j in inner:
        winding, crossings = winding_and_crossings(x, y, X[i] + 1e-9, Y[j] + 1e-9)
        assert (winding != 0) == (value[j, i] >= level)
        assert (crossings % 2 == 1) == (value[j, i] >= level)


def test_nothing_above_the_highest_value():
    x, y = contours.above(X, Y, FIELDS["ring"], 9.0)
    assert len(x) == len(y) == 0


def test_levels_ascend_and_hold_the_split():
    found = contours.levels(FIELDS["saddle"], 0.0)
    assert (np.diff(found) > 0).all()
    assert 0.0 in found


@pytest.mark.parametrize(
    ("ends", "inside"),
    [
        ([[-5, 0], [5, 0]], [[-1, 0], [1, 0]]),
        ([[0, -5], [0, 5]], [[0, -1], [0, 1]]),
        ([[-5, -5], [5, 5]], [[-1, -1], [1, 1]]),
        ([[0.25, 0.5], [9, 0.5]], [[0.25, 0.5], [1, 0.5]]),
        ([[-5, 2], [5, 2]], None),
        ([[2, -5], [2, 5]], None),
        ([[-5, 0], [0, 9]], None),
    ],
)
def test_a_line_is_clipped_to_the_picture(ends, inside):
    box = np.array([-1.0, -1.0]), np.array([1.0, 1.0])
    found = contours.clip(np.array(ends, dtype=float), *box)
    if inside is None:
        assert found is None
    else:
        assert np.allclose(found, inside)
