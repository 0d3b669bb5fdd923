"""Escape and divergence of one path, per lane."""

import numpy as np

from simulation.kernels.jit import jit, jit_inline
from simulation.kernels.records import LANES, Floats, Problem, Record, State


@jit
def check(t: int, path: int, state: State, problem: Problem, record: Record) -> None:
    """Record escape or divergence of each lane at w_t and park finished lanes."""
    z = state.body[0]
    for lane in range(record.escape_time.shape[0]):
        if state.live[lane] == 0.0:
            continue
        distance = 0.0
        for e in range(problem.escape.shape[0]):
            along = 0.0
            for j in range(problem.dimension):
                along += problem.escape[e, j] * (z[j * LANES + lane] - problem.saddle[j])
            distance += along * along
        largest = 0.0
        finite = True
        for j in range(problem.dimension):
            size = abs(z[j * LANES + lane])
            finite = finite and size < np.inf
            largest = max(largest, size)
        gone = not finite or largest > problem.bound
        if not gone and distance >= state.limit[lane]:
            record.escape_time[lane, path] = t
            state.limit[lane] = np.inf
        if gone:
            ran_off = (
                not problem.bounded_below
                and record.escape_time[lane, path] >= 0
                and distance > 0.5 * largest * largest
            )
            if not ran_off:
                record.diverged_at[lane, path] = t
            park_lane(lane, state, problem)


@jit
def park_lane(lane: int, state: State, problem: Problem) -> None:
    """Move a lane to the saddle and set its step size to zero, so that it stays there."""
    state.live[lane] = 0.0
    state.limit[lane] = np.inf
    for j in range(problem.dimension):
        i = j * LANES + lane
        state.body[:, i] = 0.0
        state.body[0, i] = problem.saddle[j]
        state.eta[:, i] = 0.0


@jit_inline
def may_have_event(state: State, problem: Problem, peak: Floats, far: Floats) -> bool:
    """Return whether some lane may have passed its escape radius or the bound."""
    bound = problem.bound * problem.bound
    for lane in range(LANES):
        distance = 0.0
        for j in range(problem.dimension):
            if not far[j * LANES + lane] <= bound:
                return True
            if peak.size == LANES:
                continue
            for e in range(problem.escape.shape[0]):
                distance += abs(problem.escape[e, j]) * peak[j * LANES + lane]
        if peak.size == LANES:
            distance = peak[lane]
        if distance >= state.limit[lane]:
            return True
    return False
