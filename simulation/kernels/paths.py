"""The inner loop: every contender of one path, step after step, on the same noise.

Steps run in blocks without a branch; a block in which some lane passed the escape radius or the
bound is run again step by step, so escape times and divergence are exact.
"""

import numpy as np

from simulation.kernels.compiled import compiled
from simulation.kernels.random import LANES, indices, normals, spread
from simulation.kernels.records import BLOCK, GAUSSIAN, GIVEN, SAMPLES, TOY


@compiled
def begin(words, lanes, problem, state):
    """Puts a path at its start, on the stream of its seed words (4,); the first `lanes` lanes run.

    t = 0, w = w₀, m₋₁ = 0.
    """
    state.clock[:] = 0
    spread(words, state.random)
    for lane in range(LANES):
        runs = lane < lanes
        state.live[lane] = 1.0 if runs else 0.0
        state.limit[lane] = problem.radius * problem.radius if runs else np.inf
        for j in range(problem.start.size):
            state.z[j, lane] = problem.start[j]
            state.m[j, lane] = 0.0


@compiled
def draw_block(noise, problem, path, t, state, words, work, out, picks):
    """Fills state.x with the rows t … t+BLOCK−1 of x = offset + noise."""
    d = problem.offset.size
    x = state.x
    if noise.kind == GAUSSIAN:
        normals(state.random, words, work, out)
        for i in range(BLOCK):
            for j in range(d):
                x[i, j] = problem.offset[j] + noise.sd[j] * out[i * d + j]
    elif noise.kind == SAMPLES:
        indices(state.random, noise.table.shape[0], words, picks)
        for i in range(BLOCK):
            for j in range(d):
                x[i, j] = noise.table[picks[i * noise.batch], j]
            for b in range(1, noise.batch):
                for j in range(d):
                    x[i, j] += noise.table[picks[i * noise.batch + b], j]
            if noise.batch > 1:
                for j in range(d):
                    x[i, j] /= noise.batch
    elif noise.kind == GIVEN:
        rows = noise.given.shape[1]
        for i in range(BLOCK):
            for j in range(d):
                row = noise.given[path, t + i, j] if t + i < rows else 0.0
                x[i, j] = problem.offset[j] + row
    else:
        for i in range(BLOCK):
            for j in range(d):
                x[i, j] = problem.offset[j]


@compiled
def advance_separable(z, m, x, first, last, t, rules, problem, peak, far):
    """Makes the steps of x[first:last] from step t where each coordinate goes its own way.

    peak, far (LANES,): the largest squared escape distance and z² met before each step.
    """
    d = z.shape[0]
    power = 10.0 if problem.code == TOY else 0.0
    distance = np.empty(LANES)
    boosting = (rules.period - t % rules.period) % rules.period  # steps until Algorithm 2's boost
    for i in range(first, last):
        eta = rules.eta[1] if boosting == 0 else rules.eta[0]
        boosting = rules.period - 1 if boosting == 0 else boosting - 1
        for lane in range(LANES):
            distance[lane] = 0.0
        for j in problem.outs:
            saddle = problem.saddle[j]
            for lane in range(LANES):
                away = z[j, lane] - saddle
                distance[lane] += away * away
        for lane in range(LANES):
            peak[lane] = distance[lane] if distance[lane] > peak[lane] else peak[lane]
        for j in range(d):
            noise = x[i, j]
            eigenvalue = problem.eigenvalues[j]
            for lane in range(LANES):
                q = z[j, lane]
                q2 = q * q
                q4 = q2 * q2
                far[lane] = q2 if q2 > far[lane] else far[lane]
                g = (eigenvalue + power * (q4 * q4)) * q + noise
                momentum = rules.beta[lane] * m[j, lane] + g  # Alg. 1, line 5: m = βm + g
                m[j, lane] = momentum
                # Alg. 1, line 6: w = w − ηm (ν = 0, κ = 1); Nesterov ν = 1, κ = β
                z[j, lane] = q - eta[lane] * (rules.nu[lane] * g + rules.kappa[lane] * momentum)


@compiled
def gradient(problem, z, lane, out):
    """∇f without noise at one lane's z, into out (d,)."""
    power = 10.0 if problem.code == TOY else 0.0
    for j in range(out.size):
        q = z[j, lane]
        q2 = q * q
        q4 = q2 * q2
        out[j] = (problem.eigenvalues[j] + power * (q4 * q4)) * q + problem.offset[j]


@compiled
def check(t, path, state, problem, record):
    """Notes each lane's escape or divergence at w_t; a lane that is done is set to rest."""
    d = problem.offset.size
    for lane in range(record.escape_time.shape[0]):
        if state.live[lane] == 0.0:
            continue
        distance = 0.0
        for e in range(problem.escape.shape[0]):
            along = 0.0
            for j in range(d):
                along += problem.escape[e, j] * (state.z[j, lane] - problem.saddle[j])
            distance += along * along
        largest = 0.0
        finite = True
        for j in range(d):
            size = abs(state.z[j, lane])
            finite = finite and size < np.inf
            largest = max(largest, size)
        gone = not finite or largest > problem.bound
        if not gone and distance >= state.limit[lane]:
            record.escape_time[lane, path] = t
            state.limit[lane] = np.inf
        if gone:
            ran_off = (
                not problem.confined
                and record.escape_time[lane, path] >= 0
                and distance > 0.5 * largest * largest
            )
            if not ran_off:
                record.diverged_at[lane, path] = t
            state.live[lane] = 0.0
            state.limit[lane] = np.inf
        if state.live[lane] == 0.0:
            for j in range(d):
                state.z[j, lane] = problem.saddle[j]
                state.m[j, lane] = 0.0


@compiled
def write_record(k, path, state, row, rules, problem, record, full):
    """Writes w_t, m_t, ∇f(w_t), g_t of each lane at grid place k; x's `row` is this step's."""
    for lane in range(record.w.shape[0]):
        if state.live[lane] == 0.0:
            source = max(k - 1, 0)
            for j in range(full.size):
                record.w[lane, path, k, j] = record.w[lane, path, source, j]
                record.momentum[lane, path, k, j] = record.momentum[lane, path, source, j]
                record.gradient[lane, path, k, j] = record.gradient[lane, path, source, j]
                record.stochastic_gradient[lane, path, k, j] = record.stochastic_gradient[
                    lane, path, source, j
                ]
            continue
        gradient(problem, state.z, lane, full)
        for j in range(full.size):
            g = full[j] + (state.x[row, j] - problem.offset[j])
            record.w[lane, path, k, j] = state.z[j, lane]
            record.momentum[lane, path, k, j] = rules.beta[lane] * state.m[j, lane] + g
            record.gradient[lane, path, k, j] = full[j]
            record.stochastic_gradient[lane, path, k, j] = g


@compiled
def run_path(path, until, rules, problem, noise, record, state):
    """Takes one path from state.clock[0] to `until` (a multiple of BLOCK, or the last step T)."""
    d = problem.offset.size
    draws = BLOCK * max(d, noise.batch)
    words, work, out = np.empty(draws, np.uint64), np.empty(draws), np.empty(draws)
    picks = np.empty(BLOCK * noise.batch, np.int64)
    z, m = np.empty((d, LANES)), np.empty((d, LANES))
    peak, far, full = np.empty(LANES), np.empty(LANES), np.empty(d)
    last = record.steps[-1]
    recorded = path < record.w.shape[1]
    t, k = state.clock[0], state.clock[1]
    bound = problem.bound * problem.bound
    while t < until:
        row = t % BLOCK
        if row == 0:
            draw_block(noise, problem, path, t, state, words, work, out, picks)
        if t == record.steps[k]:
            check(t, path, state, problem, record)
            if recorded:
                write_record(k, path, state, row, rules, problem, record, full)
            k += 1
        stop = min(t - row + BLOCK, until, record.steps[k])
        z[:], m[:] = state.z, state.m
        peak[:], far[:] = 0.0, 0.0
        advance_separable(
            state.z, state.m, state.x, row, row + stop - t, t, rules, problem, peak, far
        )
        careful = False
        for lane in range(LANES):
            if peak[lane] >= state.limit[lane] or not far[lane] <= bound:
                careful = True
        if careful:
            state.z[:], state.m[:] = z, m
            for step in range(t, stop):
                check(step, path, state, problem, record)
                i = row + step - t
                advance_separable(
                    state.z, state.m, state.x, i, i + 1, step, rules, problem, peak, far
                )
        t = stop
    if t == last:
        if t % BLOCK == 0:
            draw_block(noise, problem, path, t, state, words, work, out, picks)
        check(t, path, state, problem, record)
        if recorded:
            write_record(k, path, state, t % BLOCK, rules, problem, record, full)
    state.clock[0], state.clock[1] = t, k
