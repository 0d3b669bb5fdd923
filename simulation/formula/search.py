"""Search of one block of weights for stationary points: locate, tell apart, prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.formula import character, newton, proof
from simulation.formula.character import Character
from simulation.formula.evaluation import Program
from simulation.formula.krawczyk import is_rough
from simulation.formula.walk import Flags, Floats, slopes_and_bends

MOST_FOUND = 200  # points of a block
MOST_PROVED_WEIGHTS = 6  # beyond, a box has too many corners
MOST_KINKS = 6  # of those where the search ends: there may be a whole line of them
MARGIN = 1.5  # the box that holds the points found is this much larger
EMPTY = 10.0  # … or [−10, 10]^k if there are none
ALIKE = 1e-6  # places closer than this, in 1 + |w|, are one, unless proved to be two
WITHIN = 1.2  # points are looked for up to this share of the outermost start's distance
NEIGHBOURHOOD = 2.0**-7  # undecided places up to this share of the box are a point's neighbourhood

Told = tuple[Floats, Character]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Stationary points (n, k) of a block of weights, the box (2, k) and what is proved of it.

    undecided: for each place of the box that is not decided, which points' neighbourhood it is.
    """

    places: Floats
    eigenvalues: Floats
    characters: tuple[Character, ...]
    checked: Flags
    box: Floats
    undecided: tuple[tuple[int, ...], ...]
    decided: bool

    @property
    def complete(self) -> bool:
        """Return whether it is proved that the box holds no other point."""
        return self.decided and not self.undecided

    def widened(self) -> Floats:
        """Return the box (2, k), with sides of 2 · EMPTY at least."""
        return np.stack([np.minimum(self.box[0], -EMPTY), np.maximum(self.box[1], EMPTY)])


def search_block(
    program: Program,
    alike: Sequence[Sequence[int]],
    seeds: Floats,
    box: Floats | None,
) -> Part:
    """Search a block of weights for stationary points.

    alike: all blocks that have this program, k weights each; seeds (s, d) and box (2, d) or None
    as in `simulation.formula.points`. The box searched holds those of all these blocks.
    """
    k = program.weights
    own = np.concatenate([seeds[:, list(b)] for b in alike])
    own = own[np.sort(np.unique(own, axis=0, return_index=True)[1])][: newton.MOST_STARTS // 4]
    area = None if box is None else _hull(np.stack([box[:, list(b)] for b in alike], axis=2))
    found = _located(program, own, area)
    area = _box_around(found, own) if area is None else area
    found, regions, sure = _isolated(program, found, area)
    places, regions, rest = found[sure], regions[..., sure], found[~sure]
    rough = is_rough(program, rest) | ~np.isfinite(_spectra(program, rest)[0]).all(axis=1)
    anchor = _nearest_saddle(program, places, own[0])
    told = character.tell_apart(program, rest[~rough], anchor)
    kinks = rest[rough][np.argsort(np.linalg.norm(rest[rough] - anchor, axis=1), kind="stable")]
    told += [(place, character.kink(program, place)) for place in kinks[:MOST_KINKS]]
    undecided: list[Floats] = []
    decided = k <= MOST_PROVED_WEIGHTS and all(c.kind != "continuum" for _, c in told)
    if decided:
        result = proof.prove(program, area, places, regions)
        undecided = proof.clusters(result.undecided, area)
        told = [t for t in told if not _excluded(t[0], area, undecided)]
        if box is None and not (len(result.places) or told or undecided):  # none: look farther
            area = _box_around(found[:0], own)
            result = proof.prove(program, area, places, regions)
            undecided = proof.clusters(result.undecided, area)
        places = result.places
        told += _kinks(program, undecided, told)
    others = np.array([place for place, _ in told]).reshape(-1, k)
    every = np.concatenate([places, others])
    spectra, indices = _spectra(program, every)
    return Part(
        places=every,
        eigenvalues=spectra,
        characters=(
            *(character.regular(int(index), k) for index in indices[: len(places)]),
            *(c for _, c in told),
        ),
        checked=np.arange(len(every)) < len(places),
        box=area,
        undecided=tuple(_held(cluster, area, every) for cluster in undecided),
        decided=decided,
    )


def _hull(boxes: Floats) -> Floats:
    """Return the box (2, k) that holds boxes (2, k, n)."""
    return np.stack([boxes[0].min(axis=1), boxes[1].max(axis=1)])


def _excluded(place: Floats, box: Floats, undecided: Sequence[Floats]) -> bool:
    """Return whether a place (k,) that is not regular was proved to be no stationary point."""
    inside = bool(((place >= box[0]) & (place <= box[1])).all())
    return inside and not any(_in(place, cluster) for cluster in undecided)


def _held(cluster: Floats, box: Floats, places: Floats) -> tuple[int, ...]:
    """Return which places (n, k) have this cluster (2, k) as their neighbourhood."""
    if (cluster[1] - cluster[0] > NEIGHBOURHOOD * (box[1] - box[0])).any():
        return ()
    return tuple(i for i, place in enumerate(places) if _in(place, cluster))


def _located(program: Program, seeds: Floats, box: Floats | None) -> Floats:
    """Return the stationary points (n, k) that a search finds, told apart roughly."""
    k = program.weights
    starts = newton.starts_for(k, seeds, box)
    reach = float(np.abs(starts).max())
    if k > 2:  # lowest first: minima, and saddles of index 1 and 2
        few = np.tile(starts[::7], (3, 1))
        low = newton.descended(program, few, np.repeat(np.arange(3), len(few) // 3))
        starts = np.concatenate([low, starts])
        starts = starts[np.isfinite(starts).all(axis=1)][: newton.MOST_STARTS]
    found = newton.stationary(program, starts, reach)
    return distinct(found[np.abs(found).max(axis=1, initial=0.0) <= WITHIN * reach])


def distinct(places: Floats) -> Floats:
    """Return places (n, k) without those within ALIKE of an earlier one, MOST_FOUND at most."""
    left = places
    kept: list[Floats] = []
    while len(left) and len(kept) < MOST_FOUND:
        kept.append(left[0])
        near = np.abs(left - left[0]).max(axis=1) <= ALIKE * (1 + np.abs(left[0]).max())
        left = left[~near]
    return np.array(kept).reshape(-1, places.shape[1])


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
    """Return eigenvalues (n, k), NaN where there is no Hessian, and how many are negative (n,)."""
    hessians = slopes_and_bends(program, places)[1]
    finite = np.isfinite(hessians).all(axis=(1, 2))
    values = np.full(places.shape, np.nan)
    values[finite] = newton.spectra(hessians[finite])[0]
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


def _kinks(program: Program, clusters: Sequence[Floats], told: Sequence[Told]) -> list[Told]:
    """Return the kinks in undecided places (2, k) that hold no point that is told already."""
    found: list[Told] = []
    for cluster in clusters:
        middle = cluster.mean(axis=0)
        small = (cluster[1] - cluster[0]).max() <= 1e-3 * (1 + np.abs(middle).max())
        if small and not any(_in(place, cluster) for place, _ in told):
            rounded = [np.round(middle, digits) for digits in (1, 2, 3, 4)]
            place = next((p for p in rounded if _in(p, cluster)), middle) + 0.0
            if is_rough(program, np.stack([middle, place])).any():
                found.append((place, character.kink(program, place)))
    return found
