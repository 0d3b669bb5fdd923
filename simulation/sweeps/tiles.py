"""Tiles: rectangles of cells in which a sweep is computed, addressed by content.

A tile's bytes do not depend on where it is computed: each path has its own random stream, and no
result depends on the machine, the thread or the order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import EscapeStatistics, escape_statistics
from simulation.kernels.records import LANES
from simulation.model.experiment import Experiment
from simulation.runs.budget import work
from simulation.runs.escape_times import escape_times
from simulation.sweeps.grid import Sweep, format_sweep
from simulation.version import engine_version

MEASURED, NEVER, DIVERGED, MISSING = range(4)
"""Status codes of a cell.

The median is finite; half of the paths or more have not escaped; at least half diverged, also after
their escape (`EscapeStatistics.diverges`); not computed yet.
"""

CELL = np.dtype([
    ("median", "<f8"), ("ci_low", "<f8"), ("ci_high", "<f8"), ("low", "<f8"), ("high", "<f8"),
    ("escaped", "<i4"), ("diverged", "<i4"), ("total", "<i4"), ("status", "<i4"),
])  # fmt: skip
"""Record of a cell.

Escape times in steps as in EscapeStatistics, NaN where undefined; counts of paths. A path that
diverged counts as diverged and not as escaped; after its escape, divergence is looked for in the
first WATCHED paths, and in all if one of them diverges (`runs.escape_times`).
"""

Cells = NDArray[np.void]
HEIGHT = 4  # rows per tile, fewer if a row is expensive
HEAVY = 200_000_000  # most work per row, in paths × steps × dimensions


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Rows top…bottom−1 and columns left…right−1 of a sweep's grid."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.shape[0] * self.shape[1]


def tiles(sweep: Sweep) -> tuple[Tile, ...]:
    """Return the sweep's tiles, row by row; they depend on the sweep alone.

    Cells that differ only in their update rule run side by side on the same noise, LANES at a time,
    which is the size of a tile along such an axis.
    """
    rows, columns = sweep.shape
    short = max(1, min(HEIGHT, HEAVY // work(sweep.experiment)))
    height, width = short, short
    if sweep.x.varied.in_rule:
        width = LANES
    elif sweep.y.varied.in_rule:
        height = LANES
    return tuple(
        Tile(top, min(top + height, rows), left, min(left + width, columns))
        for top in range(0, rows, height)
        for left in range(0, columns, width)
    )


def groups(sweep: Sweep, tile: Tile) -> list[list[tuple[int, int]]]:
    """Return the tile's cells (row, column) in groups that can run as lanes of one computation."""
    rows, columns = range(tile.top, tile.bottom), range(tile.left, tile.right)
    if sweep.x.varied.in_rule:
        return [[(row, column) for column in columns] for row in rows]
    if sweep.y.varied.in_rule:
        return [[(row, column) for row in rows] for column in columns]
    return [[(row, column)] for row in rows for column in columns]


def address(sweep: Sweep, tile: Tile) -> str:
    """Return the tile's address: a hash of the sweep's text, the tile and the engine's version."""
    place = f"{tile.top}:{tile.bottom}:{tile.left}:{tile.right}"
    said = f"tile {engine_version()} {format_sweep(sweep)} {place}"
    return "tile-" + hashlib.sha256(said.encode()).hexdigest()


def compute_tile(
    sweep: Sweep, tile: Tile, version: str = "", cancelled: Callable[[], bool] | None = None
) -> bytes:
    """Return the tile's bytes: CELL records, row by row.

    version: the required engine version ('' for any). Raises RuntimeError if this machine has
    another one, Cancelled if cancelled.
    """
    if version not in ("", engine_version()):
        raise RuntimeError(
            f"This worker has engine {engine_version()}, the sweep wants {version}: "
            "install the same version of Saddlescape on both sides."
        )
    out = np.zeros(tile.shape, CELL)
    for group in groups(sweep, tile):
        measured = statistics([sweep.cell(row, column) for row, column in group], cancelled)
        for (row, column), cell in zip(group, measured, strict=True):
            out[row - tile.top, column - tile.left] = cell_of(cell)
    return out.tobytes()


def statistics(
    experiments: Sequence[Experiment], cancelled: Callable[[], bool] | None = None
) -> list[EscapeStatistics]:
    """Return escape statistics of one-contender experiments that differ in their rule only."""
    runs = zip(*escape_times(experiments, cancelled), strict=True)
    return [escape_statistics(escape_time, diverged_at) for escape_time, diverged_at in runs]


def cell_of(found: EscapeStatistics) -> tuple[float | int, ...]:
    """Return the CELL record of escape statistics."""
    status = MEASURED if np.isfinite(found.median) else NEVER
    if found.diverges:
        status = DIVERGED
    return (
        found.median, found.ci_low, found.ci_high, found.low, found.high,
        found.escaped, found.diverged, found.total, status,
    )  # fmt: skip


def read_tile(tile: Tile, data: bytes | None) -> Cells | None:
    """Return the cells of a tile's bytes (shape of the tile); None if they are not valid."""
    if data is None or len(data) != tile.cells * CELL.itemsize:
        return None
    return np.frombuffer(data, CELL).reshape(tile.shape)
