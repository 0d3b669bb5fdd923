"""Stationary points of a formula: all that a search finds, and whether these are all."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.formula.arrays import Field
from simulation.formula.character import Character, joined
from simulation.formula.derivatives import gradient_nodes
from simulation.formula.evaluation import Program, program_of
from simulation.formula.search import Part, search_block
from simulation.formula.walk import Flags, Floats

MOST_LISTED = 200


@dataclass(frozen=True, slots=True, eq=False)
class StationaryPoints:
    """Stationary points of f, the nearest to the first seed first.

    places (n, d), values (n,), eigenvalues (n, d) ascending, characters and their kinds; checked
    (n,): interval arithmetic shows that a point is there, one only, with a regular Hessian;
    total: their number, of which MOST_LISTED are listed. box (2, d): what was searched for others;
    complete: interval arithmetic shows that there is none; unresolved: in how many places of the
    box it does not; known: how many of these are no more than the neighbourhood of a point that is
    listed (a degenerate one, a kink); decided: False if that was not tried, as there is a
    continuum or the weights are too many.
    """

    places: Floats
    values: Floats
    eigenvalues: Floats
    characters: tuple[Character, ...]
    checked: Flags
    total: int
    complete: bool
    box: Floats
    unresolved: int
    known: int
    decided: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return each point's kind, one of `Character.kind`."""
        return tuple(c.kind for c in self.characters)

    @property
    def indices(self) -> NDArray[np.int64]:
        """Return the number of negative eigenvalues (n,) of each."""
        return np.array([c.index for c in self.characters], dtype=np.int64)

    @property
    def alternating_sum(self) -> int | None:
        """Return Σ (−1)^index; None if not all points are listed and regular.

        It is 1 if f grows on all sides and no point is missing (Morse theory).
        """
        if self.total > len(self.places) or not self.checked.all():
            return None
        return int(((-1) ** self.indices).sum())

    @property
    def falls(self) -> Flags:
        """Return where f falls in some direction (n,): a path can escape from there."""
        return np.array([c.falls for c in self.characters], dtype=bool)

    @property
    def inside(self) -> Flags:
        """Return which points (n,) lie in the box."""
        held: Flags = ((self.places >= self.box[0]) & (self.places <= self.box[1])).all(axis=1)
        return held


def stationary_points(field: Field, seeds: Floats, box: Floats | None = None) -> StationaryPoints:
    """Search for the stationary points of f, and prove within a box that there are no others.

    seeds (s, d): places where the search starts too, s ≥ 1; box (2, d): what is searched and what
    the proof is about; by default the search is around 0 and the seeds, and the box holds what
    it found. Weights that never meet in the Hessian are searched apart; equal functions once.
    """
    seeds = np.asarray(seeds, dtype=np.float64).reshape(-1, field.dimension)
    blocks = blocks_of(field.coupling)
    gradient = gradient_nodes(field.formula)
    programs = [program_of(field.formula.graph, gradient, field.numbers, b) for b in blocks]
    alike: dict[Program, list[tuple[int, ...]]] = {}
    for program, block in zip(programs, blocks, strict=True):
        alike.setdefault(program, []).append(block)
    with np.errstate(all="ignore"):  # f may have no value somewhere: then it is NaN there
        found = {p: search_block(p, same, seeds, box) for p, same in alike.items()}
        return _product(field, [found[p] for p in programs], blocks, seeds[0])


def blocks_of(coupling: Flags) -> tuple[tuple[int, ...], ...]:
    """Return the sets of weights that the Hessian (d, d) couples, directly or through others."""
    blocks: list[tuple[int, ...]] = []
    left = set(range(len(coupling)))
    while left:
        block, waiting = set[int](), [min(left)]
        while waiting:
            block.update(waiting)
            waiting = [j for j in left - block if coupling[list(block), j].any()]
        blocks.append(tuple(sorted(block)))
        left -= block
    return tuple(blocks)


def _product(
    field: Field, parts: Sequence[Part], blocks: Sequence[Sequence[int]], start: Floats
) -> StationaryPoints:
    """Return the points of all blocks together: each is one point of each block."""
    d = field.dimension
    chosen = _listed(parts, blocks, start)
    places, eigenvalues = np.empty((len(chosen), d)), np.empty((len(chosen), d))
    columns = np.array(chosen, dtype=np.int64).reshape(-1, len(parts)).T
    for part, block, at in zip(parts, blocks, columns, strict=True):
        places[:, list(block)] = part.places[at]
        eigenvalues[:, list(block)] = part.eigenvalues[at]
    values = field.value(places)
    # ∇f may have a value where f has none: of min(x, √x) it is 1 for x < 0
    valid = np.flatnonzero(np.isfinite(values))
    picked = [[p.characters[i] for p, i in zip(parts, chosen[at], strict=True)] for at in valid]
    checked = [all(p.checked[i] for p, i in zip(parts, chosen[at], strict=True)) for at in valid]
    # one part without a stationary point is enough: there is none, whatever the other weights are
    empty = [part for part in parts if part.complete and not len(part.places)]
    box = np.empty((2, d))
    for part, block in zip(parts, blocks, strict=True):
        box[:, list(block)] = part.widened() if empty and part not in empty else part.box
    return StationaryPoints(
        places=places[valid],
        values=values[valid],
        eigenvalues=np.sort(eigenvalues[valid], axis=1),
        characters=tuple(joined(row, d) for row in picked),
        checked=np.array(checked, dtype=bool),
        total=math.prod(len(part.places) for part in parts) - (len(chosen) - len(valid)),
        complete=bool(empty) or all(part.complete for part in parts),
        box=box,
        unresolved=0 if empty else sum(len(part.undecided) for part in parts),
        known=0 if empty else _known(parts, [chosen[at] for at in valid]),
        decided=bool(empty) or all(part.decided for part in parts),
    )


def _known(parts: Sequence[Part], rows: Sequence[tuple[int, ...]]) -> int:
    """Return how many undecided places are the neighbourhood of a point that is listed."""
    listed = [{row[i] for row in rows} for i in range(len(parts))]
    return sum(
        not used.isdisjoint(held)
        for part, used in zip(parts, listed, strict=True)
        for held in part.undecided
    )


def _listed(
    parts: Sequence[Part], blocks: Sequence[Sequence[int]], start: Floats
) -> list[tuple[int, ...]]:
    """Return which point of each part makes a point that is listed, the nearest to `start` first.

    Where there are more than MOST_LISTED, half of them are the nearest minima.
    """
    pairs = list(zip(parts, blocks, strict=True))
    squares = [((part.places - start[list(block)]) ** 2).sum(axis=1) for part, block in pairs]
    nearest = _least_sums(squares, MOST_LISTED)
    if math.prod(len(each) for each in squares) <= MOST_LISTED:
        return nearest
    low = [np.flatnonzero([not c.falls for c in part.characters]) for part in parts]
    minima = _least_sums(
        [each[at] for each, at in zip(squares, low, strict=True)], MOST_LISTED // 2
    )
    minima = [tuple(int(at[i]) for at, i in zip(low, row, strict=True)) for row in minima]
    others = [row for row in nearest if row not in minima][: MOST_LISTED - len(minima)]
    return sorted(
        minima + others,
        key=lambda row: (sum(float(s[i]) for s, i in zip(squares, row, strict=True)), row),
    )


def _least_sums(distances: Sequence[Floats], most: int) -> list[tuple[int, ...]]:
    """Return the choices of one entry a list with the least sums, the least first.

    Each list is sorted; from a choice the next ones are those with one entry moved up by one, and
    a heap holds them (ties: the smaller ranks first).
    """
    if not all(len(each) for each in distances):
        return []
    orders = [np.argsort(each, kind="stable") for each in distances]
    ranked = [each[order] for each, order in zip(distances, orders, strict=True)]
    first = (0,) * len(ranked)
    heap, seen = [(float(sum(each[0] for each in ranked)), first)], {first}
    chosen: list[tuple[int, ...]] = []
    while heap and len(chosen) < most:
        total, ranks = heapq.heappop(heap)
        chosen.append(tuple(int(order[r]) for order, r in zip(orders, ranks, strict=True)))
        for i, rank in enumerate(ranks):
            more = (*ranks[:i], rank + 1, *ranks[i + 1 :])
            if rank + 1 < len(ranked[i]) and more not in seen:
                seen.add(more)
                heapq.heappush(heap, (total + float(ranked[i][rank + 1] - ranked[i][rank]), more))
    return chosen
