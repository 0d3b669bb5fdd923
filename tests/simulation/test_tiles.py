"""Tiles: they cover the grid, can be read back, stop when cancelled, and mark missing numbers."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.runs.simulate import Cancelled
from simulation.sweeps.grid import Axis, parse_sweep
from simulation.sweeps.tiles import (
    DIVERGED,
    MEASURED,
    NEVER,
    compute_tile,
    groups,
    read_tile,
    tiles,
)
from tests.simulation.sweeping import SMALL, computed


def test_tiles_cover_the_grid_once() -> None:
    for text in (
        "x=beta:0:0.9:19&y=eta:0.1:1:13",
        "x=R:1:2:19&y=eta:0.1:1:13",
        "x=R:1:2:9&y=rot:0:90:7",
    ):
        sweep = parse_sweep(f"landscape=quadratic&run=0.9&{text}")
        cover = np.zeros(sweep.shape, int)
        for tile in tiles(sweep):
            for group in groups(sweep, tile):
                for place in group:
                    cover[place] += 1
        assert (cover == 1).all()


def test_a_tile_reads_back() -> None:
    tile = tiles(SMALL)[0]
    cells = read_tile(tile, compute_tile(SMALL, tile))
    assert cells is not None
    assert cells.shape == tile.shape
    assert (cells["status"] == MEASURED).any()
    assert Axis.parse(SMALL.x.text) == SMALL.x


def test_cancel_stops_inside_a_tile() -> None:
    looks = iter([False, False, True])
    with pytest.raises(Cancelled):
        compute_tile(
            SMALL.replace(paths=4096, steps=100_000), tiles(SMALL)[0], "", lambda: next(looks)
        )
    assert next(looks, None) is None


def test_another_engine_version_is_refused() -> None:
    with pytest.raises(RuntimeError, match="same version"):
        compute_tile(SMALL, tiles(SMALL)[0], "0123456789abcdef")


def test_cells_that_never_escape_or_diverge_are_marked_and_have_no_number() -> None:
    never = computed(SMALL.replace(radius=100.0, steps=10))
    assert (never.cells["status"] == NEVER).all()
    assert np.isnan(never.median).all()
    # ηλ₊ > 2(1+β): the stable direction blows up before the way out is found
    blown = computed(
        parse_sweep(
            "landscape=quadratic&eig=50,-1e-3&N=16&T=2000&run=0.5&R=100"
            "&x=beta:0:0.3:3&y=eta:0.1:1:3"
        )
    )
    assert (blown.cells["status"] == DIVERGED).all()
    assert (blown.cells["diverged"] == 16).all()
    assert np.isnan(blown.median).all()
