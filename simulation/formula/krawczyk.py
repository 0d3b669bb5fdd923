"""Krawczyk's operator: what interval arithmetic shows about the stationary points of a box.

A box is an array (2, k), lower ends first; many boxes are (2, k, n). The operator of a box X with
midpoint m is K = m − Y ∇f(m) + (I − Y H(X)) (X − m), with H(X) an interval that holds the Hessian
all over X and Y an inverse of its midpoint: every stationary point in X lies in K; if K lies
inside X there is exactly one (Neumaier, Interval Methods for Systems of Equations, §5.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.formula.evaluation import Program
from simulation.formula.intervals import INTERVALS, OUTSIDE, ROUGH
from simulation.formula.walk import Flags, Floats, tangents, values

SLACK = 1e-13  # relative; ≫ the rounding errors of products of matrices up to 50 × 50


@dataclass(frozen=True, eq=False)
class Bounds:
    """Krawczyk's operator of n boxes.

    possible (n,): False where the box surely has no stationary point. centre ± reach (k, n):
    Krawczyk's box, where proper (n,) is True. widths (k, n): what each weight's width adds to the
    reach, or the widths themselves.
    """

    possible: Flags
    proper: Flags
    centre: Floats
    reach: Floats
    widths: Floats


def bounds(program: Program, boxes: Floats, span: Floats) -> Bounds:
    """Return Krawczyk's operator of boxes (2, k, n); span (k,): the weights' units."""
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
    nothing = np.zeros(n, dtype=bool), middle.copy(), np.full((k, n), np.inf)
    result = Bounds(possible, *nothing, (boxes[1] - boxes[0]) / span[:, None])
    if at.size:
        left = [v[..., at] if v.shape[-1] == 2 * n else v for v in found]
        curvature = _curvature(program, left, at.size)
        given = boxes[..., at], middle[:, at], gradient[..., n + at], curvature
        centre, reach, widths = _krawczyk(*given, span)
        proper = np.isfinite(centre).all(axis=0) & np.isfinite(reach).all(axis=0) & ~rough[at]
        result.proper[at] = proper
        result.centre[:, at[proper]] = centre[:, proper]
        result.reach[:, at[proper]] = reach[:, proper]
        result.widths[:, at[proper]] = widths[:, proper]
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
    boxes: Floats, middle: Floats, gradient: Floats, curvature: Floats, span: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return K's centre, reach and widths (k, n), with all rounding errors in the reach."""
    with np.errstate(all="ignore"):
        centre, spread = _ball(curvature)
        inverse = inverse_of(centre)
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
        widths = (rest.transpose(0, 2, 1) @ (1 / span)) * radius[..., 0]
    return target[..., 0].T, reach[..., 0].T, widths.T


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


def inverse_of(matrices: Floats) -> Floats:
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
