"""One block of a path's noise (DESIGN.md section 4)."""

from simulation.kernels.jit import jit, jit_inline
from simulation.kernels.random import indices, normals
from simulation.kernels.records import (
    BLOCK,
    GAUSSIAN,
    GIVEN,
    LANES,
    PICKED,
    SAMPLES,
    Floats,
    Integers,
    Noise,
    State,
    Words,
)


@jit
def widen(rows: Floats, noise: Noise, state: State) -> None:
    """x = shift + scale·row for every lane, the numbers of rows (BLOCK·d,) taken in turn.

    The same number for all contenders: common random numbers.
    """
    for i in range(rows.size):
        rows[i] = noise.shift[i] + noise.scale[i] * rows[i]
    lanes = state.x.reshape(rows.size, LANES)
    for i in range(rows.size):
        value = rows[i]
        for lane in range(lanes.shape[1]):  # not range(LANES): unrolled, it is not vectorised
            lanes[i, lane] = value


@jit_inline
def draw_samples(noise: Noise, state: State, words: Words, drawn: Integers, rows: Floats) -> None:
    """Picks a batch with replacement; rows = the sum of the picked samples' b_i."""
    indices(state.random, noise.samples, words, drawn)
    if state.picks.shape[1] > 0:
        state.picks[:] = drawn.reshape(BLOCK, noise.batch)
    if noise.batch == 1:  # x holds the samples themselves
        state.place[:] = drawn
        return
    rows[:] = 0.0
    d = noise.table.shape[1]
    for i in range(BLOCK):
        for sample in drawn[i * noise.batch : (i + 1) * noise.batch]:
            for j in range(d):
                rows[i * d + j] += noise.table[sample, j]
    widen(rows, noise, state)


@jit
def begin_noise(noise: Noise, state: State) -> None:
    """Where each step finds its noise in x: at its own row, or at the row of the sample it drew."""
    if noise.kind == SAMPLES and noise.batch == 1:
        for sample in range(noise.samples):
            for i in range(state.x.shape[1]):
                j = i // LANES
                state.x[sample, i] = noise.shift[j] + noise.table[sample, j]
        return
    for i in range(BLOCK):
        state.place[i] = i


@jit
def take_given(noise: Noise, state: State, path: int, t: int, rows: Floats) -> None:
    """rows = the rows given, or the sum of the b_i picked; past the last row, zero noise."""
    rows[:] = 0.0
    d = state.x.shape[1] // LANES
    for i in range(BLOCK):
        if noise.kind == GIVEN and t + i < noise.given.shape[1]:
            for j in range(d):
                rows[i * d + j] = noise.given[path, t + i, j]
        if noise.kind == PICKED:
            picked = noise.picked[path, min(t + i, noise.picked.shape[1] - 1)]
            if state.picks.shape[1] > 0:
                state.picks[i, :] = picked
            for sample in picked:
                for j in range(d):
                    rows[i * d + j] += noise.table[sample, j]


@jit_inline
def draw_block(
    noise: Noise, path: int, t: int, state: State, words: Words, work: Floats, rows: Floats,
    drawn: Integers,
) -> None:  # fmt: skip
    """Fills state.x and state.picks for the steps t … t+BLOCK−1; the rest is working room."""
    if noise.kind == SAMPLES:
        draw_samples(noise, state, words, drawn, rows)
        return
    if noise.kind == GAUSSIAN:
        normals(state.random, words, work, rows)
    else:
        take_given(noise, state, path, t, rows)
    widen(rows, noise, state)
