"""What a sweep costs: told before it starts, and refused, saying what to lower.

Source: DESIGN.md section 11.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from simulation.budget import work
from simulation.escapes import escape_times
from simulation.law_map import LawMap
from simulation.parameters import ParameterError
from simulation.sweep import Sweep
from simulation.tiles import Tile, groups, tiles

SWEEP_BUDGET = 4_000_000_000_000
"""Work that a page may ask of a sweep: an hour or two of one core at the very most."""
SLOWEST = 2.0  # a path's escape over the law's median, that most of 8 lanes are within
TRIAL_PATHS, TRIAL_STEPS = 8, 1024


def sweep_work(sweep: Sweep) -> int:
    """Cells × paths × steps × d × samples a step: the most that the sweep can take."""
    rows, columns = sweep.shape
    return rows * columns * work(sweep.experiment)


def check_sweep(sweep: Sweep, limit: int = SWEEP_BUDGET) -> None:
    """Raises ParameterError where the sweep's work is over the limit, saying what to lower."""
    share = limit / sweep_work(sweep)
    if share >= 1:
        return
    rows, columns = sweep.shape
    paths, steps = int(sweep.experiment.paths * share), int(sweep.experiment.steps * share)
    side = int((rows * columns * share) ** 0.5)
    ways = {
        f"paths to {paths:,}": paths >= 1,
        f"steps to {steps:,}": steps >= 10,
        f"cells to {side} × {side}": side >= 2,
    }
    enough = " or ".join(way for way, works in ways.items() if works) or "paths and steps"
    allowed = f"this sweep is {1 / share:,.1f} times the budget; lower {enough}"
    raise ParameterError("sweep", f"{rows} × {columns} cells", allowed, None)


def expected_work(sweep: Sweep, law: LawMap) -> float:
    """The work that the sweep will likely take, in the unit of `budget.work`."""
    return sum(map(tile_work(sweep, law), tiles(sweep)))


def tile_work(sweep: Sweep, law: LawMap) -> Callable[[Tile], float]:
    """The work that a tile will likely take, in the unit of `budget.work`, as a function.

    Cells that run side by side count once, until the slowest has escaped: the law's median and
    somewhat more, or T where the law gives none.
    """
    end = float(sweep.experiment.steps)
    until = np.where(np.isfinite(law.median), np.minimum(SLOWEST * law.median, end), end)
    per_step = work(sweep.experiment) / end

    def of(tile: Tile) -> float:
        return per_step * sum(
            max(float(until[at]) for at in group) for group in groups(sweep, tile)
        )

    return of


def pace(sweep: Sweep) -> float:
    """Seconds that one unit of `expected_work` takes here, from a run of a few thousand steps."""
    trial = sweep.cell(0, 0).replace(
        paths=TRIAL_PATHS, steps=min(TRIAL_STEPS, sweep.experiment.steps), radius=100.0
    )
    escape_times([trial])  # compiled and warm
    began = time.perf_counter()
    escape_times([trial])
    return (time.perf_counter() - began) / work(trial)
