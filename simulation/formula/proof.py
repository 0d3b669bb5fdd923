"""Proof of how many stationary points a box holds: branch and prune with Krawczyk's test.

A box is an array (2, k), lower ends first; many boxes are (2, k, n). Krawczyk's operator of a box X
with midpoint m is K = m − Y ∇f(m) + (I − Y H(X)) (X − m), with H(X) an interval that holds the
Hessian all over X and Y an inverse of its midpoint: every stationary point in X lies in K; if K
lies inside X there is exactly one (Neumaier, Interval Methods for Systems of Equations, §5.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.formula.intervals import INTERVALS, OUTSIDE, ROUGH
from simulation.formula.program import Program
from simulation.formula.walk import Flags, Floats, slopes_and_bends, tangents, values

MOST_BOXES = 20_000
FIRST = 256  # boxes of the first grid, at most
SMALL = 2.0**-17  # a box of this share of the whole is not divided further
ROOM = 2.0**-9  # undecided boxes closer than this share of the whole are one group
MOST_GROUPED = 2_000
CUT = 0.4871  # where a box is divided: off the middle, where many formulas have their points
SCALES = 2.0 ** -np.array([1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28])
SLACK = 1e-13  # relative; ≫ the rounding errors of products of matrices up to 50 × 50


@dataclass(frozen=True, eq=False)
class Proof:
    """places (r, k): stationary points, alone in their regions (2, k, r); undecided (2, k, m).

    The box that was asked about holds these, and perhaps some within `undecided`, and no others.
    """

    places: Floats
    regions: Floats
    undecided: Floats
    boxes: int


@dataclass(frozen=True, eq=False)
class Bounds:
    """Krawczyk's operator of n boxes.

    possible (n,): False where the box surely has no stationary point. centre ± reach (k, n):
    Krawczyk's box, where proper (n,) is True.
    """

    possible: Flags
    proper: Flags
    centre: Floats
    reach: Floats


def bounds(program: Program, boxes: Floats) -> Bounds:
    """Return Krawczyk's operator of boxes (2, k, n)."""
    k, n = program.weights, boxes.shape[2]
    middle = boxes.mean(axis=0)
    both = np.concatenate([boxes, np.stack([middle, middle])], axis=2)
    found = values(program, INTERVALS, [both[:, j] for j in range(k)])
    gradient = np.empty((2, k, 2 * n))
    for j, root in enumerate(program.roots):
        gradient[:, j] = found[root]
    rough, outside = defects(program, found, n)
    out = (gradient[0, :, :n] > 0) | (gradient[1, :, :n] < 0)  # False for NaN
    possible = ~(out.any(axis=0) | outside)
    at = np.flatnonzero(possible)
    result = Bounds(possible, np.zeros(n, dtype=bool), middle.copy(), np.full((k, n), np.inf))
    if at.size:
        left = [v[..., at] if v.shape[-1] == 2 * n else v for v in found]
        curvature = _curvature(program, left, at.size)
        centre, reach = _krawczyk(boxes[..., at], middle[:, at], gradient[..., n + at], curvature)
        proper = np.isfinite(centre).all(axis=0) & np.isfinite(reach).all(axis=0) & ~rough[at]
        result.proper[at] = proper
        result.centre[:, at[proper]] = centre[:, proper]
        result.reach[:, at[proper]] = reach[:, proper]
        apart = np.abs(result.centre - middle) - result.reach  # K and X do not meet
        result.possible[(apart > _radius(boxes, middle)).any(axis=0)] = False
    return result


def defects(program: Program, found: Sequence[Floats], n: int) -> tuple[Flags, Flags]:
    """Return where ∇f may be not smooth, and where it has no value, on the first n boxes."""
    rough, outside = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for step in program.steps:
        if step.op in ROUGH:
            operands = [found[step.a]] + ([found[step.b]] if step.b >= 0 else [])
            first = [operand[:, :n] for operand in operands]
            rough |= ROUGH[step.op](*first)
            if step.op in OUTSIDE:
                outside |= OUTSIDE[step.op](*first)
    return rough, outside


def _curvature(program: Program, found: Sequence[Floats], n: int) -> Floats:
    """Return the Hessian's bounds (2, n, k, k)."""
    k = program.weights
    result = np.zeros((2, n, k, k))
    for j, tangent in enumerate(tangents(program, INTERVALS, found)):
        if tangent is not None:
            result[:, :, j] = tangent.transpose(0, 2, 1)
    return result


def _krawczyk(
    boxes: Floats, middle: Floats, gradient: Floats, curvature: Floats
) -> tuple[Floats, Floats]:
    """Return K's centre and reach (k, n), with all rounding errors in the reach."""
    with np.errstate(all="ignore"):
        centre, spread = _ball(curvature)
        inverse = _inverse(centre)
        size = np.abs(inverse)
        error = SLACK * (size @ np.abs(centre))
        rest = np.abs(np.eye(len(middle)) - inverse @ centre) + size @ spread + error
        slope, doubt = _ball(gradient.transpose(0, 2, 1)[..., None])
        step = inverse @ slope
        blur = size @ (doubt + SLACK * np.abs(slope))
        radius = _radius(boxes, middle).T[..., None]
        reach = (rest @ radius + blur) * (1 + SLACK)
        target = middle.T[..., None] - step
        reach += SLACK * (np.abs(middle.T[..., None]) * 1e-2 + np.abs(step)) + 1e-300
    return target[..., 0].T, reach[..., 0].T


def _ball(interval: Floats) -> tuple[Floats, Floats]:
    """Return the middle and a radius of intervals."""
    middle = interval[0] / 2 + interval[1] / 2
    radius = np.maximum(interval[1] - middle, middle - interval[0])
    return middle, _up(radius)


def _radius(boxes: Floats, middle: Floats) -> Floats:
    return _up(np.maximum(boxes[1] - middle, middle - boxes[0]))


def _up(x: Floats) -> Floats:
    """Return the next larger numbers."""
    larger: Floats = np.nextafter(x, np.inf)
    return larger


def _inverse(matrices: Floats) -> Floats:
    """Return inverses of matrices (n, k, k), to some accuracy; NaN where there is none."""
    k = matrices.shape[1]
    if k == 1:
        return 1.0 / matrices
    if k == 2:
        (a, b), (c, d) = matrices.transpose(1, 2, 0)
        adjugates: Floats = np.array([[d, -b], [-c, a]]).transpose(2, 0, 1)
        adjugates /= (a * d - b * c)[:, None, None]
        return adjugates
    determinant = np.linalg.det(matrices)
    fine = np.isfinite(determinant) & (determinant != 0)
    result = np.full_like(matrices, np.nan)
    result[fine] = np.linalg.inv(matrices[fine])
    return result


def is_rough(program: Program, places: Floats) -> Flags:
    """Return where ∇f is not known to be smooth next to places (r, k)."""
    near = 1e-9 * (1 + np.abs(places).max(axis=1, initial=0.0))[:, None]
    boxes = np.stack([(places - near).T, (places + near).T])
    found = values(program, INTERVALS, [boxes[:, j] for j in range(program.weights)])
    return defects(program, found, len(places))[0]


def isolate(program: Program, places: Floats, span: Floats) -> tuple[Floats, Flags]:
    """Return boxes (2, k, r) around places (r, k), each with exactly one stationary point.

    The largest of a ladder of boxes whose shape is that of `span` (k,); second result (r,): False
    where even the smallest was not proved.
    """
    radii = span[:, None] * SCALES
    ladder = places.T[:, :, None] + radii[:, None] * np.array([-1.0, 1.0])[:, None, None, None]
    tried = ladder.reshape(2, program.weights, -1)
    inside = _holds_one(bounds(program, tried), tried).reshape(len(places), len(SCALES))
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
    while boxes.shape[2] and looked + boxes.shape[2] <= MOST_BOXES:
        boxes = boxes[..., ~_covered(boxes, regions)]
        looked += boxes.shape[2]
        if not boxes.shape[2]:
            break
        found = bounds(program, boxes)
        one = _holds_one(found, boxes)
        if one.any():
            places, regions = _with_new(
                program, boxes[..., one], found.centre[:, one], places, regions
            )
        small = ((boxes[1] - boxes[0]) < SMALL * span[:, None]).all(axis=0)
        undecided.append(boxes[..., found.possible & ~one & small])
        low, high = found.centre - found.reach, found.centre + found.reach
        narrowed = np.stack([np.maximum(boxes[0], low), np.minimum(boxes[1], high)])
        left = found.possible & ~one & ~small & (narrowed[0] <= narrowed[1]).all(axis=0)
        boxes = _halves(narrowed[..., left], span)
    rest = np.concatenate([*undecided, boxes], axis=2)
    return Proof(places, regions, rest[..., ~_covered(rest, regions)], looked)


def _with_new(
    program: Program, boxes: Floats, centres: Floats, places: Floats, regions: Floats
) -> tuple[Floats, Floats]:
    """Return places and regions with the point of each box (2, k, n) that is not known yet.

    A box has one point: if a known one lies in it, it is that one.
    """
    w = centres.T
    for _ in range(4):  # Newton's method: the centres are near already
        gradient, hessian = slopes_and_bends(program, w)
        moved = w - (_inverse(hessian) @ gradient[..., None])[..., 0]
        inside = (moved >= boxes[0].T) & (moved <= boxes[1].T)  # False for NaN
        w = np.where(inside.all(axis=1, keepdims=True), moved, w)
    new = [i for i in range(len(w)) if not any(within(p, boxes[..., i : i + 1])[0] for p in places)]
    return np.concatenate([places, w[new]]), np.concatenate([regions, boxes[..., new]], axis=2)


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


def _halves(boxes: Floats, span: Floats) -> Floats:
    """Return the parts of boxes cut across their two widest axes, relative to `span`."""
    for _ in range(min(2, boxes.shape[1])):
        axis = ((boxes[1] - boxes[0]) / span[:, None]).argmax(axis=0)
        at = np.arange(boxes.shape[2])
        low, high = boxes[0, axis, at], boxes[1, axis, at]
        cut = low + CUT * (high - low)
        lower, upper = boxes.copy(), boxes.copy()
        lower[1, axis, at] = upper[0, axis, at] = cut
        boxes = np.concatenate([lower, upper], axis=2)
    return boxes


def _covered(boxes: Floats, regions: Floats) -> Flags:
    """Return which boxes (2, k, n) lie within a region (2, k, r)."""
    covered = np.zeros(boxes.shape[2], dtype=bool)
    for region in regions.transpose(2, 0, 1):
        covered |= ((boxes[0] >= region[0][:, None]) & (boxes[1] <= region[1][:, None])).all(axis=0)
    return covered


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
