"""Escape times without trajectories, for sweeps: faster than `simulate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simulation.kernels.paths import run_paths
from simulation.kernels.records import LANES, Rules
from simulation.landscapes.registry import landscape_of
from simulation.model.coefficients import simd_coefficients
from simulation.model.experiment import Experiment
from simulation.noise.streams import path_words
from simulation.runs.simulate import Cancelled, empty_record, kernel_noise, new_state
from simulation.runs.trajectories import Integers

WATCHED = 8  # paths that are run to T, to see whether they diverge after their escape
STRETCH = 8_000_000  # work between two calls of `cancelled`: steps × dimensions × samples per step


def escape_times(
    experiments: Sequence[Experiment],
    cancelled: Callable[[], bool] | None = None,
    watched: int = WATCHED,
) -> tuple[Integers, Integers]:
    """Return escape_time and diverged_at, each (C, N), of experiments of one contender each.

    The C ≤ 8 experiments may differ in what their update rule reads (β, η, boost). They run on the
    same noise and give the same results as if run alone. The first `watched` paths run to T. If one
    of them diverges after its escape, all paths of that experiment do, and the results equal those
    of `simulate`. Otherwise the remaining paths stop at their escape and count as not diverging
    after it. Escape times equal those of `simulate` for each path. Raises Cancelled.
    """
    one = experiments[0]
    landscape = landscape_of(one)
    problem, basis = landscape.problem(one), landscape.basis(one)
    noise = kernel_noise(one, landscape, basis)
    grid = np.array([0, one.steps])
    record = empty_record(len(experiments), one.paths, 0, grid, problem.dimension)
    rules = side_by_side(experiments, problem.dimension)
    words = path_words(one.seed, one.paths)
    state = new_state(problem, noise)
    steps = STRETCH // (problem.dimension * landscape.samples_a_step(one))

    def run(first: int, last: int, to_escape: bool) -> None:
        path = first
        while path < last:
            if cancelled is not None and cancelled():
                raise Cancelled
            path = run_paths(
                path, last, steps, to_escape, words, rules, problem, noise, record, state
            )  # fmt: skip

    watched = min(watched, one.paths)
    run(0, watched, to_escape=False)
    late = [bool(((t >= 0) & (gone >= 0)).any())
            for t, gone in zip(record.escape_time, record.diverged_at, strict=True)]  # fmt: skip
    run(watched, one.paths, to_escape=not any(late))
    for t, gone, seen in zip(record.escape_time, record.diverged_at, late, strict=True):
        if not seen:  # drop what was seen only because another experiment of the group needed it
            gone[t >= 0] = -1
    return record.escape_time, record.diverged_at


def side_by_side(experiments: Sequence[Experiment], d: int) -> Rules:
    """Return the kernel's coefficients with the contender of experiment l in lane l."""
    alone = [simd_coefficients(experiment, [0], d) for experiment in experiments]
    beta, eta, maximal = (
        np.zeros_like(array) for array in (alone[0].beta, alone[0].eta, alone[0].maximal)
    )
    for lane, rules in enumerate(alone):  # a wide array has coordinate j of lane l at j·LANES + l
        beta[lane::LANES] = rules.beta[::LANES]
        eta[:, lane::LANES] = rules.eta[:, ::LANES]
        maximal[lane::LANES] = rules.maximal[::LANES]
    return Rules(beta, eta, maximal, alone[0].period, alone[0].family)
