"""Time stepping of one path, for all optimizers on the same noise.

Steps run in blocks without branches. A block in which some lane passed the escape radius or the
divergence bound is rerun, first in parts and then step by step, so that escape times and divergence
are exact.
"""

import numpy as np

from simulation.kernels import formula, separable
from simulation.kernels import step as step_kernel
from simulation.kernels.blocks import begin_noise, draw_block
from simulation.kernels.events import check, may_have_event
from simulation.kernels.gradients import gradient
from simulation.kernels.jit import jit, jit_borrow
from simulation.kernels.random import spread
from simulation.kernels.records import (
    BLOCK,
    FORMULA,
    LANES,
    PHASE,
    QUADRATIC,
    TOY,
    Floats,
    Integers,
    Noise,
    Problem,
    Record,
    Rules,
    Scratch,
    State,
    Words,
)

NARROW = 16  # steps per part

advance_separable = separable.advance
advance_formula = formula.advance
advance_any = step_kernel.advance
momentum = step_kernel.momentum
LINEAR_STEP = step_kernel.LINEAR_STEP


@jit
def init_path(
    words: Words, lanes: int, rules: Rules, problem: Problem, noise: Noise, state: State
) -> None:
    """Initialise a path from its seed words (4,) with the first `lanes` lanes active.

    t = 0, w = w₀, m₋₁ = 0.
    """
    state.clock[:] = 0
    spread(words, state.random)
    begin_noise(noise, state)
    state.eta[:] = rules.eta
    state.body[:] = 0.0
    for lane in range(LANES):
        runs = lane < lanes
        state.live[lane] = 1.0 if runs else 0.0
        state.limit[lane] = problem.radius * problem.radius if runs else np.inf
        for j in range(problem.dimension):
            state.body[0, j * LANES + lane] = problem.start[j]


@jit
def write_record(
    k: int, path: int, row: int, everything: Integers, state: State, rules: Rules,
    problem: Problem, record: Record, full: Floats, g: Floats, m: Floats,
) -> None:  # fmt: skip
    """Write w_t, m_t, ∇f(w_t), g_t of each lane at grid index k; `row` is this step's row of x."""
    z = state.body[0]
    gradient(problem, everything, state.slots, z, full)
    gradient(problem, state.picks[row], state.slots, z, g)
    for j in range(problem.dimension):
        g[j * LANES : (j + 1) * LANES] += state.x[state.place[row], j]
    momentum(state.body, g, rules, problem, m)
    for lane in range(record.w.shape[0]):
        for j in range(problem.dimension):
            i = j * LANES + lane
            if state.live[lane] == 1.0:
                record.w[lane, path, k, j] = z[i]
                record.momentum[lane, path, k, j] = m[i]
                record.gradient[lane, path, k, j] = full[i] + problem.offset[j]
                record.stochastic_gradient[lane, path, k, j] = g[i]
            elif k > 0:  # a finished lane repeats its last record
                for field in (record.w, record.momentum, record.gradient,
                              record.stochastic_gradient):  # fmt: skip
                    field[lane, path, k, j] = field[lane, path, k - 1, j]


@jit_borrow
def is_separable(rules: Rules, problem: Problem) -> bool:
    """Return whether the loop for separable landscapes applies."""
    return problem.code in (QUADRATIC, TOY) and rules.family == LINEAR_STEP


@jit_borrow
def advance_block(
    state: State, first: int, last: int, t: int, boost: int, rules: Rules, problem: Problem,
    scratch: Scratch,
) -> None:  # fmt: skip
    """Advance by the steps of state.place[first:last] from step t, with the fastest loop for it."""
    if is_separable(rules, problem):
        advance_separable(state, first, last, boost, rules, problem, scratch)
    elif problem.code == FORMULA and rules.family == LINEAR_STEP:
        advance_formula(state, first, last, boost, rules, problem, scratch)
    else:
        advance_any(state, first, last, t, boost, rules, problem, scratch)


@jit_borrow
def run_unchecked(
    state: State, first: int, t: int, stop: int, boost: int, rules: Rules, problem: Problem,
    scratch: Scratch,
) -> bool:  # fmt: skip
    """Advance by the steps t … stop−1; return False if some lane may have escaped or diverged."""
    scratch.peak[:] = 0.0
    scratch.far[:] = 0.0
    advance_block(state, first, first + stop - t, t, boost, rules, problem, scratch)
    return not may_have_event(state, problem, scratch)


@jit_borrow
def next_segment(t: int, stop: int, period: int) -> tuple[int, int]:
    """Return the next run of equal step sizes: whether it is Algorithm 2's boost, and its end."""
    if period == 0:
        return 0, stop
    if t % period == 0:
        return 1, t + 1
    return 0, min(stop, t + period - t % period)


@jit
def run_path(
    path: int, until: int, rules: Rules, problem: Problem, noise: Noise, record: Record,
    state: State,
) -> None:  # fmt: skip
    """Advance one path from step state.clock[0] to `until` (a multiple of BLOCK, or the end)."""
    size = problem.dimension * LANES
    normals = BLOCK * problem.dimension
    rows = np.empty(normals)
    words = np.empty(max(normals, BLOCK * noise.batch // 2), np.uint64)
    drawn = np.empty(BLOCK * noise.batch, np.int64)
    everything = np.arange(noise.samples if problem.code == PHASE else 1)
    distances = size if is_separable(rules, problem) else LANES
    scratch = Scratch(np.empty(size), np.empty(size), np.empty(distances), np.empty(size))
    start, part = np.empty((4, size)), np.empty((4, size))
    full, g, m = np.empty(size), np.empty(size), np.empty(size)
    last = record.steps[-1]
    t, k = state.clock[0], state.clock[1]
    while t < until or t == last:
        row = t % BLOCK
        if row == 0:
            draw_block(noise, path, t, state, words, rows, drawn)
        if t == record.steps[k]:
            check(t, path, state, problem, record)
            if path < record.w.shape[1]:
                write_record(k, path, row, everything, state, rules, problem, record, full, g, m)
            k += 1
        if t == last:
            break
        boost, stop = next_segment(t, min(t - row + BLOCK, until, record.steps[k]), rules.period)
        start[:] = state.body
        if not run_unchecked(state, row, t, stop, boost, rules, problem, scratch):
            state.body[:] = start
            for a in range(t, stop, NARROW):
                b = min(a + NARROW, stop)
                part[:] = state.body
                if not run_unchecked(state, row + a - t, a, b, boost, rules, problem, scratch):
                    state.body[:] = part
                    for step in range(a, b):
                        check(step, path, state, problem, record)
                        i = row + step - t
                        advance_block(state, i, i + 1, step, boost, rules, problem, scratch)
        t = stop
    state.clock[0], state.clock[1] = t, k


@jit
def next_check(t: int, end: int) -> int:
    """Return the first step after t at which a path may stop early.

    These steps are spaced by about an eighth of t and do not depend on where a call ended, so
    neither does the record.
    """
    at = 0
    while at <= t:
        at += BLOCK * max(1, at // (8 * BLOCK))
    return min(at, end)


@jit
def under_way(state: State, to_escape: bool) -> bool:
    """Return whether some lane is running; `to_escape`: and has not escaped."""
    return bool((state.limit < np.inf).any() if to_escape else (state.live > 0).any())


@jit
def run_paths(
    first: int, last: int, budget: int, to_escape: bool, words: Words, rules: Rules,
    problem: Problem, noise: Noise, record: Record, state: State,
) -> int:  # fmt: skip
    """Run paths first…last−1 in turn for about `budget` steps; return the path to resume from.

    words (N, 4): seed words. state.clock[0] > 0 means that path `first` is already started. Many
    short paths share one call and a long path is split over several, because each call holds the
    GIL for a fixed time. A path that is not recorded stops at the first check (`next_check`) at
    which no lane is running; to_escape: at which every lane has escaped or diverged.
    """
    end = record.steps[-1]
    budget = max(BLOCK, budget // BLOCK * BLOCK)
    path = first
    while path < last and budget > 0:
        if state.clock[0] == 0:
            init_path(words[path], record.escape_time.shape[0], rules, problem, noise, state)
        t = state.clock[0]
        stop = next_check(t, end) if path >= record.w.shape[1] else end
        until = min(stop, t + budget)
        run_path(path, until, rules, problem, noise, record, state)
        budget -= (until - t + BLOCK - 1) // BLOCK * BLOCK
        if until < stop:
            return path
        if until == end or not under_way(state, to_escape):
            state.clock[0] = 0
            path += 1
    return path
