"""Cost of a sweep: budget check and estimate of the computing time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from simulation.landscapes.registry import landscape_of
from simulation.model.parameters import ParameterError
from simulation.runs.budget import AMOUNTS, FACTORS, largest_fitting, work
from simulation.runs.escape_times import WATCHED, escape_times
from simulation.runs.simulate import Cancelled
from simulation.sweeps.grid import Sweep
from simulation.sweeps.theory_map import TheoryMap
from simulation.sweeps.tiles import Tile, groups, tiles

Group = list[tuple[int, int]]

SWEEP_BUDGET = 4_000_000_000_000
"""Largest work of a sweep on the page: at most one or two hours of one core."""
SLOWEST = 2.0  # ratio of the escape time to the law's median that most of 8 lanes are within
RUN_OFF = 6.0  # about how many escape times a path takes to run off, where f is unbounded below
TRIAL_PATHS, TRIAL_STEPS = 8, 1024
TRIAL_TIME = 0.4  # seconds of one core spent on trial runs
MOST_TRIALS = 16  # most groups of cells tried: 48 were no nearer to the truth
FEW, MORE = 2, 16  # paths per trial, and if these are quick
QUICK = 0.01  # as a fraction of TRIAL_TIME
GOLDEN = (5**0.5 - 1) / 2  # its multiples modulo 1 cover 0…1 evenly, for any number of them


def sweep_work(sweep: Sweep) -> int:
    """Return cells × paths × steps × d × samples per step: an upper bound on the sweep's work."""
    rows, columns = sweep.shape
    return rows * columns * work(sweep.experiment)


def check_sweep(sweep: Sweep, limit: int = SWEEP_BUDGET) -> None:
    """Raise ParameterError if the sweep's work exceeds the limit, with values that would fit."""
    share = limit / sweep_work(sweep)
    if share >= 1:
        return
    rows, columns = sweep.shape
    varied = {axis.varied.parameter.field for axis in (sweep.x, sweep.y)}
    fitting = {
        FACTORS[field].name: largest_fitting(sweep.experiment, field, limit // (rows * columns))
        for field in AMOUNTS
        if field not in varied
    }
    ways = [f"{name} to {most:,}" for name, most in fitting.items() if most]
    if (side := int((rows * columns * share) ** 0.5)) >= 2:
        ways.append(f"cells to {side} × {side}")
    enough = " or ".join(ways) or "paths and steps"
    reason = f"this sweep is {1 / share:,.1f} times the budget; lower {enough}"
    raise ParameterError("sweep", f"{rows} × {columns} cells", "", None, reason=reason)


def expected_seconds(sweep: Sweep, law: TheoryMap) -> float:
    """Estimate the sweep's time in seconds of one core from trial runs of some cells.

    Groups from all over the grid run one path to T and a few to their escape each, until TRIAL_TIME
    is spent; the others are assumed to cost the same per unit of `group_work`.
    """
    every = [group for tile in tiles(sweep) for group in groups(sweep, tile)]
    weight = group_work(sweep, law)
    _seconds(sweep, every[0], paths=1, steps=10)  # warm-up, including compilation
    overhead = _seconds(sweep, every[0], paths=1, steps=10)
    began = time.thread_time()

    def over() -> bool:
        return time.thread_time() - began > TRIAL_TIME

    tried = seconds = 0.0
    try:
        for k in range(min(MOST_TRIALS, len(every))):
            group = every[int(k * GOLDEN % 1 * len(every))]
            seconds += _seconds_of(sweep, group, over, overhead)
            tried += weight(group)
    except Cancelled:
        if not tried:
            return pace(sweep) * expected_work(sweep, law)
    return len(every) * overhead + seconds * sum(map(weight, every)) / tried


def _seconds_of(sweep: Sweep, group: Group, over: Callable[[], bool], overhead: float) -> float:
    """Estimate the seconds of a group beyond its overhead, from one path to T and a few others."""
    paths, took = FEW, _seconds(sweep, group, over=over, paths=FEW)
    if took - overhead < QUICK * TRIAL_TIME:
        paths, took = MORE, _seconds(sweep, group, over=over, paths=MORE)
    watched = min(WATCHED, sweep.experiment.paths)
    rest = (sweep.experiment.paths - watched) * max(took - overhead, 0.0) / paths
    return rest + watched * max(_seconds(sweep, group, over, watched=1, paths=1) - overhead, 0.0)


def _seconds(
    sweep: Sweep,
    group: Group,
    over: Callable[[], bool] | None = None,
    watched: int = 0,
    **changes: int,
) -> float:
    """Return the seconds of one core that a group's cells take with fewer paths or steps.

    `watched` paths of them run to T. Raises Cancelled once `over` returns true.
    """
    began = time.thread_time()
    escape_times([sweep.cell(*at).replace(**changes) for at in group], over, watched)
    return time.thread_time() - began


def expected_work(sweep: Sweep, law: TheoryMap) -> float:
    """Return the expected work of the sweep, in the unit of `budget.work`."""
    return sum(map(tile_work(sweep, law), tiles(sweep)))


def tile_work(sweep: Sweep, law: TheoryMap) -> Callable[[Tile], float]:
    """Return a function that estimates the work of a tile, in the unit of `budget.work`."""
    of_group = group_work(sweep, law)
    return lambda tile: sum(map(of_group, groups(sweep, tile)))


def group_work(sweep: Sweep, law: TheoryMap) -> Callable[[Group], float]:
    """Return a function that estimates the work of cells that run side by side.

    Such cells count once, until the slowest has escaped: SLOWEST times the law's bound, or T where
    it has none. The first WATCHED paths run to T, or until they have run off where f is unbounded
    below; that others run to T because one of these diverges is not foreseen.
    """
    end = float(sweep.experiment.steps)
    until = np.where(np.isfinite(law.bound), np.clip(SLOWEST * law.bound, 1, end), end)
    falls = landscape_of(sweep.experiment).falling(sweep.experiment).any()
    watching = np.minimum(RUN_OFF * until, end) if falls else np.full(until.shape, end)
    share = min(WATCHED, sweep.experiment.paths) / sweep.experiment.paths
    steps = share * watching + (1 - share) * until
    per_step = work(sweep.experiment) / end
    return lambda group: per_step * max(float(steps[at]) for at in group)


def pace(sweep: Sweep) -> float:
    """Return the seconds per unit of `expected_work`, measured on a run of at most 1,024 steps."""
    trial = sweep.cell(0, 0).replace(
        paths=TRIAL_PATHS, steps=min(TRIAL_STEPS, sweep.experiment.steps), radius=100.0
    )
    escape_times([trial])  # warm-up, including compilation
    began = time.perf_counter()
    escape_times([trial])
    return (time.perf_counter() - began) / work(trial)
