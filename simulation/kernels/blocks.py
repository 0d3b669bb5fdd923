"""Noise of one path for BLOCK steps."""

from simulation.kernels.jit import jit_borrow
from simulation.kernels.random import indices, normals
from simulation.kernels.records import (
    BLOCK,
    GAUSSIAN,
    GIVEN,
    PICKED,
    SAMPLES,
    Floats,
    Integers,
    Noise,
    State,
    Words,
)


@jit_borrow
def shift_and_scale(rows: Floats, noise: Noise, state: State) -> None:
    """Set the first BLOCK rows of x to shift + scale·row; rows is (BLOCK·d,).

    All contenders get the same numbers: common random numbers.
    """
    x = state.x[:BLOCK].reshape(rows.size)
    for i in range(rows.size):
        x[i] = noise.shift[i] + noise.scale[i] * rows[i]


@jit_borrow
def draw_samples(noise: Noise, state: State, words: Words, drawn: Integers, rows: Floats) -> None:
    """Draw each step's batch with replacement; rows is the sum of the drawn samples' b_i."""
    indices(state.random, noise.samples, words, drawn)
    for i in range(BLOCK):
        for k in range(state.picks.shape[1]):
            state.picks[i, k] = drawn[i * noise.batch + k]
    if noise.batch == 1:  # x holds one row per sample
        for i in range(BLOCK):
            state.place[i] = drawn[i]
        return
    rows[:] = 0.0
    d = noise.table.shape[1]
    for i in range(BLOCK):
        for sample in drawn[i * noise.batch : (i + 1) * noise.batch]:
            for j in range(d):
                rows[i * d + j] += noise.table[sample, j]
    shift_and_scale(rows, noise, state)


@jit_borrow
def begin_noise(noise: Noise, state: State) -> None:
    """Initialise the map from a step to its row of x: its own row, or that of the sample drawn."""
    if noise.kind == SAMPLES and noise.batch == 1:
        for sample in range(noise.samples):
            for j in range(state.x.shape[1]):
                state.x[sample, j] = noise.shift[j] + noise.table[sample, j]
        return
    for i in range(BLOCK):
        state.place[i] = i


@jit_borrow
def take_given(noise: Noise, state: State, path: int, t: int, rows: Floats) -> None:
    """Set rows to the given noise, or to the sum of the given samples' b_i; 0 past the last row."""
    rows[:] = 0.0
    d = state.x.shape[1]
    for i in range(BLOCK):
        if noise.kind == GIVEN and t + i < noise.given.shape[1]:
            for j in range(d):
                rows[i * d + j] = noise.given[path, t + i, j]
        if noise.kind == PICKED:
            picked = noise.picked[path, min(t + i, noise.picked.shape[1] - 1)]
            for sample in range(state.picks.shape[1]):
                state.picks[i, sample] = picked[sample]
            for sample in picked:
                for j in range(d):
                    rows[i * d + j] += noise.table[sample, j]


@jit_borrow
def draw_block(
    noise: Noise, path: int, t: int, state: State, words: Words, rows: Floats,
    drawn: Integers,
) -> None:  # fmt: skip
    """Set state's x, place and picks for steps t … t+BLOCK−1; the last three are scratch."""
    if noise.kind == SAMPLES:
        draw_samples(noise, state, words, drawn, rows)
        return
    if noise.kind == GAUSSIAN:
        normals(state.random, words, rows)
    else:
        take_given(noise, state, path, t, rows)
    shift_and_scale(rows, noise, state)
