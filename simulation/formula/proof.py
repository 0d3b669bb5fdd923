"""Proof of how many stationary points a box holds: branch and prune with Krawczyk's test.

A box is an array (2, k), lower ends first; many boxes are (2, k, n).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.formula.evaluation import Program
from simulation.formula.krawczyk import Bounds, bounds, inverse_of
from simulation.formula.walk import Flags, Floats, slopes_and_bends

MOST_BOXES = 20_000
MOST_ROUNDS = 200
FIRST = 256  # boxes of the first grid, at most
SMALL = 2.0**-17  # a box of this share of the whole is not divided further
ROOM = 2.0**-9  # undecided boxes closer than this share of the whole are one group
MOST_GROUPED = 2_000
CUT = 0.4871  # where a box is divided: off the middle, where many formulas have their points
SCALES = 2.0 ** -np.array([1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28])


@dataclass(frozen=True, eq=False)
class Proof:
    """places (r, k): stationary points, alone in their regions (2, k, r); undecided (2, k, m).

    The box that was asked about holds these, and perhaps some within `undecided`, and no others.
    """

    places: Floats
    regions: Floats
    undecided: Floats
    boxes: int


def isolate(program: Program, places: Floats, span: Floats) -> tuple[Floats, Flags]:
    """Return boxes (2, k, r) around places (r, k), each with exactly one stationary point.

    The largest of a ladder of boxes whose shape is that of `span` (k,); second result (r,): False
    where even the smallest was not proved.
    """
    radii = span[:, None] * SCALES
    ladder = places.T[:, :, None] + radii[:, None] * np.array([-1.0, 1.0])[:, None, None, None]
    tried = ladder.reshape(2, program.weights, -1)
    inside = _holds_one(bounds(program, tried, span), tried).reshape(len(places), len(SCALES))
    chosen = inside.argmax(axis=1)
    sure: Flags = np.asarray(inside.any(axis=1))
    return ladder[:, :, np.arange(len(places)), chosen], sure


def _holds_one(found: Bounds, boxes: Floats) -> Flags:
    """Return where Krawczyk's box lies inside the box: one stationary point exactly."""
    low, high = found.centre - found.reach, found.centre + found.reach
    inner: Flags = (
        found.possible & found.proper & ((low > boxes[0]) & (high < boxes[1])).all(axis=0)
    )
    return inner


def unlike(places: Floats, regions: Floats, sure: Flags) -> NDArray[np.int64]:
    """Return the indices of places (r, k) that are not an earlier one again.

    A place in the region of an earlier one is that one: a region has one stationary point only.
    """
    kept: list[int] = []
    for i, place in enumerate(places):
        known = [j for j in kept if sure[j]]
        if not within(place, regions[..., known]).any():
            kept.append(i)
    return np.array(kept, dtype=np.int64)


def within(place: Floats, regions: Floats) -> Flags:
    """Return which regions (2, k, r) hold a place (k,)."""
    held: Flags = ((place[:, None] >= regions[0]) & (place[:, None] <= regions[1])).all(axis=0)
    return held


def prove(program: Program, box: Floats, places: Floats, regions: Floats) -> Proof:
    """Search a box (2, k) for all stationary points, given some (r, k) alone in their regions."""
    span = box[1] - box[0]
    boxes, undecided, looked = _grid(box), [], 0
    for _ in range(MOST_ROUNDS):
        boxes = boxes[..., ~_covered(boxes, regions)]
        if not boxes.shape[2] or looked + boxes.shape[2] > MOST_BOXES:
            break
        looked += boxes.shape[2]
        found = bounds(program, boxes, span)
        inner = np.stack([found.centre - found.reach, found.centre + found.reach])
        one = _holds_one(found, boxes)
        # one point, but a known one, or one that cannot be as no region is near; else look closer
        known = one & _covered(inner, regions)
        new = one & ~known & ~_touched(boxes, regions)
        places = np.concatenate([places, _polished(program, boxes[..., new], found.centre[:, new])])
        regions = np.concatenate([regions, boxes[..., new]], axis=2)
        small = ((boxes[1] - boxes[0]) < SMALL * span[:, None]).all(axis=0)
        undecided.append(boxes[..., found.possible & ~known & ~new & small])
        narrowed = np.stack([np.maximum(boxes[0], inner[0]), np.minimum(boxes[1], inner[1])])
        left = found.possible & ~known & ~new & ~small & (narrowed[0] <= narrowed[1]).all(axis=0)
        boxes = _parts(narrowed[..., left], found.widths[:, left], SMALL * span)
    rest = np.concatenate([*undecided, boxes], axis=2)
    return Proof(places, regions, rest[..., ~_covered(rest, regions)], looked)


def _polished(program: Program, boxes: Floats, centres: Floats) -> Floats:
    """Return the point (n, k) of each box (2, k, n), by Newton's method from the centres (k, n)."""
    w = centres.T
    for _ in range(4):  # the centres are near already
        gradient, hessian = slopes_and_bends(program, w)
        moved = w - (inverse_of(hessian) @ gradient[..., None])[..., 0]
        inside = (moved >= boxes[0].T) & (moved <= boxes[1].T)  # False for NaN
        w = np.where(inside.all(axis=1, keepdims=True), moved, w)
    return w


def _grid(box: Floats) -> Floats:
    """Return the boxes (2, k, n) of the first grid."""
    k = box.shape[1]
    parts = max(2, int(FIRST ** (1 / k) + 1e-9))
    shares = (np.arange(parts + 1) / parts) ** (np.log(CUT) / np.log(0.5))  # uneven: off the middle
    edges = box[0] + (box[1] - box[0]) * shares[:, None]
    edges[-1] = box[1]
    places = np.indices((parts,) * k).reshape(k, -1)
    axes = np.arange(k)[:, None]
    return np.stack([edges[places, axes], edges[places + 1, axes]])


def _parts(boxes: Floats, widths: Floats, small: Floats) -> Floats:
    """Return the parts of boxes (2, k, n) cut across the axis of the largest of `widths` (k, n).

    With two weights twice: more boxes, but half the rounds. Sides below `small` (k,) are not cut.
    """
    for _ in range(2 if boxes.shape[1] == 2 else 1):
        long = boxes[1] - boxes[0] >= small[:, None]
        axis, at = np.where(long, widths, -1.0).argmax(axis=0), np.arange(boxes.shape[2])
        low, high = boxes[0, axis, at], boxes[1, axis, at]
        cut = low + CUT * (high - low)
        lower, upper = boxes.copy(), boxes.copy()
        lower[1, axis, at] = upper[0, axis, at] = cut
        boxes = np.concatenate([lower, upper], axis=2)
        halved = widths.copy()
        halved[axis, at] /= 2
        widths = np.concatenate([halved, halved], axis=1)
    return boxes


def _covered(boxes: Floats, regions: Floats) -> Flags:
    """Return which boxes (2, k, n) lie within a region (2, k, r)."""
    covered = np.zeros(boxes.shape[2], dtype=bool)
    for region in regions.transpose(2, 0, 1):
        covered |= ((boxes[0] >= region[0][:, None]) & (boxes[1] <= region[1][:, None])).all(axis=0)
    return covered


def _touched(boxes: Floats, regions: Floats) -> Flags:
    """Return which boxes (2, k, n) have a point in common with a region (2, k, r)."""
    touched = np.zeros(boxes.shape[2], dtype=bool)
    for region in regions.transpose(2, 0, 1):
        touched |= ((boxes[0] <= region[1][:, None]) & (boxes[1] >= region[0][:, None])).all(axis=0)
    return touched


def clusters(boxes: Floats, whole: Floats) -> list[Floats]:
    """Return the hulls (2, k) of the groups of boxes (2, k, n) that are close to one another.

    Close: less than ROOM of the whole box (2, k) apart. More than MOST_GROUPED are one group.
    """
    if boxes.shape[2] > MOST_GROUPED:
        return [np.stack([boxes[0].min(axis=1), boxes[1].max(axis=1)])]
    room = ROOM * (whole[1] - whole[0])
    hulls: list[Floats] = []
    left = boxes
    while left.shape[2]:
        hull, size = left[..., 0], 0
        while True:
            near = (left[0] <= (hull[1] + room)[:, None]) & (left[1] >= (hull[0] - room)[:, None])
            inside = near.all(axis=0)
            if inside.sum() == size:
                break
            size = int(inside.sum())
            hull = np.stack([left[0][:, inside].min(axis=1), left[1][:, inside].max(axis=1)])
        hulls.append(hull)
        left = left[..., ~inside]
    return hulls
