"""What kind of stationary point a place is: also where the Hessian alone does not tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulation.formula.graph import Op
from simulation.formula.newton import curvature_around, halton, spectra
from simulation.formula.program import Flags, Floats, Program, slopes_and_bends

FLAT = 1e-6  # an eigenvalue below this share of the curvature around counts as 0
ASIDE = 0.05  # how far along a flat direction a continuum is looked for, in 1 + |w|
RINGS = (1e-2, 1e-1)  # radii of the samples around a degenerate point, in 1 + |w|
DIRECTIONS = 360
MOST_TESTED = 6  # places that are tested for one continuum
SAME = 2e-3  # degenerate places closer than this, in 1 + |w|, are one

Values = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Character:
    """A stationary point's kind and what f does around it.

    kind: "minimum", "maximum", "saddle", "degenerate" (an eigenvalue is 0), "continuum" (one of a
    set of `freedom` dimensions) or "kink" (no Hessian); index: the number of negative eigenvalues;
    rises, falls: whether f does in some direction; valleys: in how many sectors it falls, for
    degenerate points of two weights, else 0.
    """

    kind: str
    index: int
    rises: bool
    falls: bool
    valleys: int = 0
    freedom: int = 0


def regular(index: int, weights: int) -> Character:
    """Return the character of a point with `index` negative and no zero eigenvalues."""
    kind = "minimum" if index == 0 else "maximum" if index == weights else "saddle"
    return Character(kind, index, rises=index < weights, falls=index > 0)


ORDER = ("kink", "continuum", "degenerate")  # the first that a block has is the whole's kind


def joined(parts: Sequence[Character], weights: int) -> Character:
    """Return the character of a point of a sum of functions of separate weights."""
    if len(parts) == 1:
        return parts[0]
    index = sum(part.index for part in parts)
    special = [kind for kind in ORDER if any(part.kind == kind for part in parts)]
    return Character(
        special[0] if special else regular(index, weights).kind,
        index,
        rises=any(part.rises for part in parts),
        falls=any(part.falls for part in parts),
        freedom=sum(part.freedom for part in parts),
    )


def kink(value: Values, place: Floats) -> Character:
    """Return the character of a place (k,) where ∇f is not smooth."""
    rises, falls, _ = _around(value, place, np.empty((0, len(place))))
    return Character("kink", 0, rises, falls)


def tell_apart(
    program: Program, value: Values, places: Floats, anchor: Floats
) -> list[tuple[Floats, Character]]:
    """Return the distinct ones of places (n, k) and their characters.

    Of a continuum the points nearest to the anchor (k,) stand for all.
    """
    told: list[tuple[Floats, Character]] = []
    # a plateau may be where exp or tanh has become constant by rounding: none of the formula's
    underflows = bool(program.operations & {Op.EXP, Op.TANH, Op.POW})
    tested: dict[tuple[int, int], int] = {}
    scales = curvature_around(program, places)
    values, vectors = spectra(slopes_and_bends(program, places)[1])
    for i in np.argsort(np.linalg.norm(places - anchor, axis=1), kind="stable"):
        flat = np.abs(values[i]) <= FLAT * scales[i]
        index = int((values[i] < -FLAT * scales[i]).sum())
        if not flat.any():
            found = places[i], regular(index, len(anchor))
        else:
            group = index, int(flat.sum())
            tested[group] = tested.get(group, 0) + 1
            if tested[group] > MOST_TESTED:
                continue
            if underflows and not np.any(values[i]):
                continue
            found = _degenerate(program, value, places[i], vectors[i], flat, index, anchor)
        if not any(_alike(found[0], other) for other, _ in told):
            told.append(found)
    return told


def _alike(a: Floats, b: Floats) -> bool:
    return bool(np.abs(a - b).max() <= SAME * (1 + np.abs(a).max()))


def _degenerate(
    program: Program,
    value: Values,
    place: Floats,
    vectors: Floats,
    flat: Flags,
    index: int,
    anchor: Floats,
) -> tuple[Floats, Character]:
    freedom = _freedom(program, place, vectors, flat)
    if freedom:
        nearest = _nearest(program, place, freedom, anchor)
        rises = bool(len(place) - index - int(flat.sum()) > 0)
        return nearest, Character("continuum", index, rises, index > 0, freedom=freedom)
    rises, falls, valleys = _around(value, place, vectors[:, flat].T)
    return place, Character("degenerate", index, rises, falls or index > 0, valleys)


def _corrected(program: Program, w: Floats, steep: Floats, rounds: int = 8) -> Floats:
    """Return w (n, k), moved by Newton's method in the span of `steep` (k, m) only."""
    if not steep.shape[1]:
        return w
    for _ in range(rounds):
        gradient, hessian = slopes_and_bends(program, w)
        inner = np.linalg.pinv(steep.T @ hessian @ steep, rcond=1e-10, hermitian=True)
        moved = w - (inner @ (gradient @ steep)[..., None])[..., 0] @ steep.T
        w = np.where(np.isfinite(moved).all(axis=1, keepdims=True), moved, w)
    return w


def _freedom(program: Program, place: Floats, vectors: Floats, flat: Flags) -> int:
    """Return along how many flat directions the points around are stationary too."""
    aside = ASIDE * (1 + np.abs(place).max()) * vectors[:, flat].T
    there = _corrected(program, np.concatenate([place + aside, place - aside]), vectors[:, ~flat])
    still = _is_still(program, there)
    return int((still[: len(aside)] & still[len(aside) :]).sum())


def _is_still(program: Program, w: Floats) -> Flags:
    sizes = np.linalg.norm(slopes_and_bends(program, w)[0], axis=1)
    still: Flags = sizes <= 1e-9 * curvature_around(program, w)
    return still


def _nearest(program: Program, place: Floats, freedom: int, anchor: Floats) -> Floats:
    """Return the continuum's point next to the anchor, reached from `place` along the set."""
    w = place[None]
    for _ in range(40):
        values, vectors = spectra(slopes_and_bends(program, w)[1])
        order = np.argsort(np.abs(values[0]), kind="stable")
        along = vectors[0][:, order[:freedom]]
        move = (anchor - w) @ along @ along.T / 2
        length = np.linalg.norm(move)
        if length < 1e-12:
            break
        move *= min(1.0, 0.3 * (1 + np.abs(w).max()) / length)
        there = _corrected(program, w + move, vectors[0][:, order[freedom:]], 4)
        if not _is_still(program, there)[0]:  # beyond the end of the set
            break
        w = there
    rounded = np.round(w, 9) + 0.0
    gradients = [np.linalg.norm(slopes_and_bends(program, at)[0]) for at in (w, rounded)]
    nearest: Floats = (rounded if gradients[1] <= gradients[0] + 1e-15 else w)[0]
    return nearest


def _around(value: Values, place: Floats, flat: Floats) -> tuple[bool, bool, int]:
    """Return whether f rises and falls around a place (k,), and in how many sectors it falls.

    flat (m, k): directions along which small changes are looked for with care.
    """
    k = len(place)
    if k == 2:
        angles = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    else:
        spread = halton(DIRECTIONS, k) - 0.5
        inner = (halton(DIRECTIONS, len(flat)) - 0.5) @ flat if len(flat) else spread[:0]
        directions = np.concatenate([flat, -flat, np.eye(k), -np.eye(k), inner, spread])
        lengths = np.linalg.norm(directions, axis=1, keepdims=True)
        directions = directions[lengths[:, 0] > 1e-12] / lengths[lengths[:, 0] > 1e-12]
    size = 1 + np.abs(place).max()
    centre = float(value(place[None])[0])
    for radius in RINGS:
        change = value(place + radius * size * directions) - centre
        noise = 1e-13 * (abs(centre) + np.abs(change).max(initial=0.0) * 1e-3)
        rises, falls = bool((change > noise).any()), bool((change < -noise).any())
        if rises or falls:
            break
    below = change < -noise
    valleys = int((below & ~np.roll(below, 1)).sum()) if k == 2 else 0
    return rises, falls, valleys
