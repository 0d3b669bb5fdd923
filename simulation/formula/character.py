"""What kind of stationary point a place is: also where the Hessian alone does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.formula.evaluation import Program
from simulation.formula.newton import curvature_around, halton, spectra
from simulation.formula.walk import Flags, Floats, slopes, slopes_and_bends

FLAT = 1e-6  # an eigenvalue below this share of the curvature around counts as 0
ASIDE = 0.05  # how far along a flat direction a continuum is looked for, in 1 + |w|
RING, FARTHER = 1e-2, 1e-1  # radii of the samples around a degenerate point, in 1 + |w|
NOISE = 1e-12  # a change of f below this share of curvature · distance² counts as 0
DIRECTIONS = 360
MOST_TESTED = 6  # places that are tested for one continuum
SLIDES = 40  # steps along a continuum
SAME = 2e-3  # degenerate places closer than this, in 1 + |w|, are one


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


def kink(program: Program, place: Floats) -> Character:
    """Return the character of a place (k,) where ∇f is not smooth."""
    rises, falls, _ = _around(program, place, np.empty((0, len(place))))
    return Character("kink", 0, rises, falls)


def tell_apart(program: Program, places: Floats, anchor: Floats) -> list[tuple[Floats, Character]]:
    """Return the distinct ones of places (n, k) and their characters.

    Of a continuum the points nearest to the anchor (k,) stand for all.
    """
    order = np.argsort(np.linalg.norm(places - anchor, axis=1), kind="stable")
    flats = _Flats(program, places[order])
    chosen = flats.chosen()
    freedom = np.array([flats.freedom(i) if flats.flat[i].any() else 0 for i in chosen], dtype=int)
    told: list[tuple[Floats, Character]] = []
    nearest = _nearest(program, flats.w[chosen], freedom, anchor)
    for place, i, free in zip(nearest, chosen, freedom, strict=True):
        if any(_alike(place, other) for other, _ in told):
            continue
        index = int(flats.index[i])
        if flats.flat[i].any():
            rises, falls, valleys = _around(program, place, flats.vectors[i][:, flats.flat[i]].T)
            kind = "continuum" if free else "degenerate"
            valleys = 0 if free else valleys
            told.append(
                (place, Character(kind, index, rises, falls or index > 0, valleys, int(free)))
            )
        else:
            told.append((place, regular(index, len(anchor))))
    return told


def _alike(a: Floats, b: Floats) -> bool:
    return bool(np.abs(a - b).max() <= SAME * (1 + np.abs(a).max()))


class _Flats:
    """Places w (n, k) with the eigenvectors (n, k, k) of their Hessians.

    flat (n, k): which eigenvalues count as 0; index (n,): how many are negative.
    """

    def __init__(self, program: Program, w: Floats) -> None:
        self.program, self.w = program, w
        scales = FLAT * curvature_around(program, w)[:, None]
        values, self.vectors = spectra(slopes_and_bends(program, w)[1])
        self.flat: Flags = np.abs(values) <= scales
        self.index = (values < -scales).sum(axis=1)

    def chosen(self) -> list[int]:
        """Return the places to look at: the first MOST_TESTED with equal signs of eigenvalues."""
        groups: dict[tuple[int, int], list[int]] = {}
        for i, (index, flat) in enumerate(zip(self.index, self.flat.sum(axis=1), strict=True)):
            group = groups.setdefault((int(index), int(flat)), [])
            if not flat or len(group) < MOST_TESTED:
                group.append(i)
        return sorted(i for group in groups.values() for i in group)

    def freedom(self, i: int) -> int:
        """Return the dimension of the set of stationary points through place i; 0 if isolated.

        0 too where several sets cross: there the flat directions are such, but not what lies
        between.
        """
        place, flat = self.w[i], self.vectors[i][:, self.flat[i]]
        steep = self.vectors[i : i + 1][:, :, ~self.flat[i]]
        aside = ASIDE * (1 + np.abs(place).max()) * flat.T
        still = self._still(np.concatenate([place + aside, place - aside]), steep)
        both = still[: len(aside)] & still[len(aside) :]
        between = place + aside[both].sum(axis=0) / np.sqrt(max(1, both.sum()))
        return int(both.sum()) if self._still(between[None], steep)[0] else 0

    def _still(self, w: Floats, steep: Floats) -> Flags:
        return _is_still(self.program, _corrected(self.program, w, steep, 8))


def _is_still(program: Program, w: Floats) -> Flags:
    sizes = np.linalg.norm(slopes_and_bends(program, w)[0], axis=1)
    still: Flags = sizes <= 1e-9 * curvature_around(program, w)
    return still


def _corrected(program: Program, w: Floats, steep: Floats, rounds: int) -> Floats:
    """Return w (n, k), moved by Newton's method in the span of `steep` (n or 1, k, m) only."""
    if not steep.shape[2]:
        return w
    turned = steep.transpose(0, 2, 1)
    for _ in range(rounds):
        gradient, hessian = slopes_and_bends(program, w)
        inner = np.linalg.pinv(np.nan_to_num(turned @ hessian @ steep), rcond=1e-10, hermitian=True)
        moved = w - (steep @ (inner @ (turned @ gradient[..., None])))[..., 0]
        w = np.where(np.isfinite(moved).all(axis=1, keepdims=True), moved, w)
    return w


def _nearest(program: Program, w: Floats, freedom: NDArray[np.int64], anchor: Floats) -> Floats:
    """Return the points next to the anchor (k,) that are reached from w (n, k) along their sets."""
    w = w.copy()
    for free in sorted(set(freedom[freedom > 0].tolist())):
        at = np.flatnonzero(freedom == free)
        for _ in range(SLIDES):
            hessians = slopes_and_bends(program, w[at])[1]
            known = np.isfinite(hessians).all(axis=(1, 2))
            at, hessians = at[known], hessians[known]
            if not at.size:
                break
            values, vectors = spectra(hessians)
            order = np.argsort(np.abs(values), axis=1, kind="stable")[:, None]
            vectors = np.take_along_axis(vectors, order, axis=2)
            along = vectors[:, :, :free]
            move = (along @ (along.transpose(0, 2, 1) @ (anchor - w[at])[..., None]))[..., 0] / 2
            length = np.linalg.norm(move, axis=1, keepdims=True)
            longest = 0.3 * (1 + np.abs(w[at]).max(axis=1, keepdims=True))
            move *= np.minimum(1.0, longest / np.maximum(length, 1e-300))
            there = _corrected(program, w[at] + move, vectors[:, :, free:], 3)
            still = _is_still(program, there)  # not beyond the end of the set
            w[at[still]] = there[still]
            at = at[still & (length[:, 0] > 1e-12)]
            if not at.size:
                break
    rounded = np.round(w, 9) + 0.0
    before, after = (np.linalg.norm(slopes_and_bends(program, x)[0], axis=1) for x in (w, rounded))
    return np.where(((after <= before + 1e-15) & (freedom > 0))[:, None], rounded, w)


def _around(program: Program, place: Floats, flat: Floats) -> tuple[bool, bool, int]:
    """Return whether f rises and falls around a place (k,), and in how many sectors it falls.

    flat (m, k): directions in which small changes are looked for with care.
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
    signs = _signs(program, place, RING * size * directions)
    every = [signs]
    if not _signs(program, place, RING * size * flat).all():
        every.append(_signs(program, place, FARTHER * size * np.concatenate([flat, -flat])))
    rises, falls = (any((sign * each > 0).any() for each in every) for sign in (1, -1))
    valleys = int(((signs < 0) & (np.roll(signs, 1) >= 0)).sum()) if k == 2 else 0
    return rises, falls, valleys


def _signs(program: Program, place: Floats, steps: Floats) -> Floats:
    """Return the signs (n,) of f(place + step) − f(place) = ∫ ∇f(place + t·step)·step dt.

    steps (n, k). By Gauss and Legendre's rule with 8 nodes: no difference of nearly equal values is
    taken, and of f nothing is needed but ∇f by these weights.
    """
    nodes, shares = np.polynomial.legendre.leggauss(8)
    w = place + (1 + nodes)[:, None, None] / 2 * steps
    gradients = slopes(program, w.reshape(-1, len(place))).reshape(w.shape)
    changes = np.einsum("t,tnk,nk->n", shares / 2, gradients, steps)
    noise = NOISE * curvature_around(program, place[None])[0] * (steps**2).sum(axis=1)
    return np.where(np.abs(changes) > noise, np.sign(changes), 0.0)
