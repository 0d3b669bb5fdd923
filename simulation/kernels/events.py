"""Escape and divergence of one path, per lane."""

import numpy as np

from simulation.kernels.jit import jit, jit_borrow, jit_step
from simulation.kernels.records import LANES, Floats, Problem, Record, Scratch, State
from simulation.kernels.wide import Wide, broadcast, load, store


@jit_step
def squared_distance(problem: Problem, z: Floats) -> Wide:
    """Return the squared escape distance Σ_k (vₖᵀ(z − saddle))² of each lane."""
    distance = broadcast(0.0)
    for k in range(problem.escape.shape[0]):
        along = broadcast(0.0)
        for j in range(problem.dimension):
            along = along + problem.escape[k, j] * (load(z, j * LANES) - problem.saddle[j])
        distance = distance + along * along
    return distance


@jit
def check(t: int, path: int, state: State, problem: Problem, record: Record) -> None:
    """Record escape or divergence of each lane at w_t and park finished lanes."""
    z = state.body[0]
    distances = np.empty(LANES)
    store(distances, 0, squared_distance(problem, z))
    for lane in range(record.escape_time.shape[0]):
        if state.live[lane] == 0.0:
            continue
        distance = distances[lane]
        largest = 0.0
        fallen = 0.0
        finite = True
        for j in range(problem.dimension):
            size = abs(z[j * LANES + lane])
            finite = finite and size < np.inf
            largest = max(largest, size)
            fallen += problem.falling[j] * size * size
        gone = not finite or largest > problem.bound
        if not gone and distance >= state.limit[lane]:
            record.escape_time[lane, path] = t
            state.limit[lane] = np.inf
        if gone:
            if not fallen > 0.5 * largest * largest:  # else it ran off down the saddle
                record.diverged_at[lane, path] = t
            park_lane(lane, state, problem)


@jit_borrow
def park_lane(lane: int, state: State, problem: Problem) -> None:
    """Move a lane to the saddle and set its step size to zero, so that it stays there."""
    state.live[lane] = 0.0
    state.limit[lane] = np.inf
    for j in range(problem.dimension):
        i = j * LANES + lane
        state.body[:, i] = 0.0
        state.body[0, i] = problem.saddle[j]
        state.eta[:, i] = 0.0


@jit_borrow
def may_have_event(state: State, problem: Problem, scratch: Scratch) -> bool:
    """Return whether some lane may have passed its escape radius or the bound."""
    peak, far = scratch.peak, scratch.far
    bound = problem.bound * problem.bound
    for lane in range(LANES):
        if state.live[lane] == 0.0:
            continue  # parked at the saddle, where the gradient may be NaN
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
