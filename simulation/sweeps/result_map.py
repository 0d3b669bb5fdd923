"""The measured cells of a sweep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.sweeps.grid import Sweep
from simulation.sweeps.tiles import CELL, MISSING, Cells, Tile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ResultMap:
    """The cells (rows, columns) of a sweep, records of CELL; row 0 has the lowest y."""

    sweep: Sweep
    cells: Cells

    @classmethod
    def empty(cls, sweep: Sweep) -> ResultMap:
        """Return a map in which every cell is missing."""
        cells = np.zeros(sweep.shape, CELL)
        for name in ("median", "ci_low", "ci_high", "low", "high"):
            cells[name] = np.nan
        cells["status"] = MISSING
        return cls(sweep, cells)

    @classmethod
    def of(cls, sweep: Sweep, data: bytes) -> ResultMap:
        """Return the map encoded by `tobytes`."""
        return cls(sweep, np.frombuffer(data, CELL).reshape(sweep.shape))

    def fill(self, tile: Tile, cells: Cells) -> None:
        """Copy a tile's cells into the map."""
        self.cells[tile.top : tile.bottom, tile.left : tile.right] = cells

    @property
    def median(self) -> Floats:
        """The median escape times (rows, columns) in steps; NaN where there is none."""
        out: Floats = self.cells["median"]
        return out

    @property
    def complete(self) -> bool:
        """Whether no cell is missing."""
        return not (self.cells["status"] == MISSING).any()

    def tobytes(self) -> bytes:
        """Return the cells' bytes, row by row; equal sweeps give equal bytes on any machine."""
        return self.cells.tobytes()
