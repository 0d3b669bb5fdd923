"""All stationary points of a formula that a search finds, told apart, and whether these are all."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.formula import character, newton, proof
from simulation.formula.arrays import Field
from simulation.formula.character import Character
from simulation.formula.derivatives import gradient_nodes
from simulation.formula.program import Flags, Floats, Program, program_of, slopes_and_bends

MOST_LISTED = 200
MOST_PROVED_WEIGHTS = 6  # beyond, a box has too many corners
MARGIN = 1.5  # the box that holds the points found is this much larger
ALIKE = 1e-6  # places closer than this, in 1 + |w|, are one, unless proved to be two
WITHIN = 1.2  # points are looked for up to this share of the outermost start's distance
EMPTY = 10.0  # … or [−10, 10]^k if there are none


@dataclass(frozen=True, slots=True, eq=False)
class StationaryPoints:
    """Stationary points of f, the nearest to the first seed first.

    places (n, d), values (n,), eigenvalues (n, d) ascending, characters and their kinds; checked
    (n,): interval arithmetic shows that a point is there, one only, with a regular Hessian;
    total: their number, of which MOST_LISTED are listed; complete: interval arithmetic shows that
    no other lies in the box (2, d); unresolved: in how many places of the box that is not decided;
    known: how many of these are at a point that is listed (a degenerate one, a kink).
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

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return each point's kind, one of `Character.kind`."""
        return tuple(c.kind for c in self.characters)

    @property
    def indices(self) -> NDArray[np.int64]:
        """Return the number of negative eigenvalues (n,) of each."""
        return np.array([c.index for c in self.characters], dtype=np.int64)

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
    searched: dict[Program, Part] = {}
    for program, block in zip(programs, blocks, strict=True):
        if program not in searched:
            alike = [b for p, b in zip(programs, blocks, strict=True) if p == program]
            searched[program] = _search(field, program, block, alike, seeds, box)
    return _product(field, [searched[p] for p in programs], blocks, seeds[0])


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


Told = tuple[Floats, Character]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Stationary points (n, k) of a block of weights, the box (2, k) and what is proved of it."""

    places: Floats
    eigenvalues: Floats
    characters: tuple[Character, ...]
    checked: Flags
    box: Floats
    unresolved: int
    known: int
    decided: bool


def _search(
    field: Field,
    program: Program,
    block: Sequence[int],
    alike: Sequence[Sequence[int]],
    seeds: Floats,
    box: Floats | None,
) -> Part:
    k = program.weights
    own = np.concatenate([seeds[:, list(b)] for b in alike])
    own = own[np.sort(np.unique(own, axis=0, return_index=True)[1])][: newton.MOST_STARTS // 4]
    area = None
    if box is not None:
        sides = [box[:, list(b)] for b in alike]
        area = np.stack([np.min([s[0] for s in sides], 0), np.max([s[1] for s in sides], 0)])

    def value(w: Floats) -> Floats:
        whole = np.tile(seeds[0], (len(w), 1))
        whole[:, list(block)] = w
        return field.value(whole)

    found = _located(program, own, area)
    if area is None:
        area = _box_around(found, own)
    found, regions, sure = _isolated(program, found, area)
    rest, places, regions = found[~sure], found[sure], regions[..., sure]
    rough = proof.is_rough(program, rest)
    anchor = _nearest_saddle(program, places, own[0])
    told = character.tell_apart(program, value, rest[~rough], anchor)
    told += [(place, character.kink(value, place)) for place in rest[rough]]
    undecided, decided = np.empty((2, k, 0)), False
    if k <= MOST_PROVED_WEIGHTS and all(c.kind != "continuum" for _, c in told):
        result = proof.prove(program, area, places, regions)
        places, undecided, decided = result.places, result.undecided, True
    clusters = proof.clusters(undecided, area)
    told += _kinks(program, value, clusters, told)
    known = sum(any(_in(place, cluster) for place, _ in told) for cluster in clusters)
    spectra, indices = _spectra(program, places)
    told_spectra, _ = _spectra(program, np.array([place for place, _ in told]).reshape(-1, k))
    return Part(
        np.concatenate([places, np.array([place for place, _ in told]).reshape(-1, k)]),
        np.concatenate([spectra, told_spectra]),
        (*(character.regular(int(i), k) for i in indices), *(c for _, c in told)),
        np.arange(len(places) + len(told)) < len(places),
        area,
        len(clusters),
        known,
        decided,
    )


def _located(program: Program, seeds: Floats, box: Floats | None) -> Floats:
    """Return the stationary points (n, k) that a search finds, told apart roughly."""
    k = program.weights
    starts = newton.starts_for(k, seeds, box)
    reach = float(np.abs(starts).max())
    if k > 2:  # lowest first: minima, and saddles of index 1 and 2
        few = starts[: max(2, len(starts) // 7)]
        starts = np.concatenate([*(newton.descended(program, few, i) for i in range(3)), starts])
        starts = starts[np.isfinite(starts).all(axis=1)][: newton.MOST_STARTS]
    found = newton.stationary(program, starts, reach)
    return distinct(found[np.abs(found).max(axis=1, initial=0.0) <= WITHIN * reach])


def distinct(places: Floats) -> Floats:
    """Return places (n, k) without those within ALIKE of an earlier one, MOST_LISTED at most."""
    kept = places[:0]
    for place in places:
        near = np.abs(kept - place).max(axis=1) <= ALIKE * (1 + np.abs(place).max())
        if not near.any():
            kept = np.concatenate([kept, place[None]])
            if len(kept) == MOST_LISTED:
                break
    return kept


def _box_around(places: Floats, seeds: Floats) -> Floats:
    """Return a box (2, k) that holds places and seeds with some room; no side is much shorter."""
    k = seeds.shape[1]
    if not len(places):
        reach = max(EMPTY, float(np.abs(seeds).max(initial=0.0)))
        return np.array([[-reach], [reach]]) * np.ones(k)
    every = np.concatenate([places, seeds])
    low, high = every.min(axis=0), every.max(axis=0)
    half = (high - low) / 2
    widest = half.max() or 1.0
    half = MARGIN * np.maximum(half, widest / 4)
    middle = (low + high) / 2
    return np.stack([middle - half, middle + half])


def _isolated(program: Program, places: Floats, box: Floats) -> tuple[Floats, Floats, Flags]:
    regions, sure = proof.isolate(program, places, box[1] - box[0])
    kept = proof.unlike(places, regions, sure)
    return places[kept], regions[..., kept], sure[kept]


def _spectra(program: Program, places: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return eigenvalues (n, k) and the number of negative ones (n,)."""
    values = newton.spectra(slopes_and_bends(program, places)[1])[0]
    return values, (values < 0).sum(axis=1)


def _nearest_saddle(program: Program, places: Floats, start: Floats) -> Floats:
    """Return the saddle among places (n, k) that is nearest to a start (k,); else the start."""
    indices = _spectra(program, places)[1]
    saddles = places[(indices > 0) & (indices < program.weights)]
    if not len(saddles):
        return start
    nearest: Floats = saddles[np.linalg.norm(saddles - start, axis=1).argmin()]
    return nearest


def _in(place: Floats, box: Floats) -> bool:
    room = (box[1] - box[0]) + 1e-9
    return bool(((place >= box[0] - room) & (place <= box[1] + room)).all())


def _kinks(
    program: Program, value: character.Values, clusters: Sequence[Floats], told: Sequence[Told]
) -> list[Told]:
    """Return the kinks in undecided places (2, k) that hold no point that is told already."""
    found: list[Told] = []
    for cluster in clusters:
        middle = cluster.mean(axis=0)
        small = (cluster[1] - cluster[0]).max() <= 1e-3 * (1 + np.abs(middle).max())
        if small and not any(_in(place, cluster) for place, _ in told):
            rounded = [np.round(middle, digits) for digits in (1, 2, 3, 4)]
            place = next((p for p in rounded if _in(p, cluster)), middle) + 0.0
            if proof.is_rough(program, np.stack([middle, place])).any():
                found.append((place, character.kink(value, place)))
    return found


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
    box = np.empty((2, d))
    for part, block in zip(parts, blocks, strict=True):
        box[:, list(block)] = part.box
    picked = [[part.characters[i] for part, i in zip(parts, row, strict=True)] for row in chosen]
    checked = [all(part.checked[i] for part, i in zip(parts, row, strict=True)) for row in chosen]
    return StationaryPoints(
        places=places,
        values=field.value(places),
        eigenvalues=np.sort(eigenvalues, axis=1),
        characters=tuple(character.joined(row, d) for row in picked),
        checked=np.array(checked, dtype=bool),
        total=math.prod(len(part.places) for part in parts),
        complete=all(part.decided and not part.unresolved for part in parts),
        box=box,
        unresolved=sum(part.unresolved for part in parts),
        known=sum(part.known for part in parts),
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
    minima = _least_sums([each[at] for each, at in zip(squares, low, strict=True)], MOST_LISTED // 2)
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
