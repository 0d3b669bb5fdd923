"""One block of a path's noise."""

from simulation.kernels.compiled import compiled
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
    Problem,
    State,
    Words,
)


@compiled
def widen(x: Floats, i: int, j: int, value: float) -> None:
    """The same number for coordinate j of every lane: common random numbers."""
    for lane in range(LANES):
        x[i, j * LANES + lane] = value


@compiled
def draw_gaussian(
    noise: Noise, offset: Floats, state: State, words: Words, work: Floats, out: Floats
) -> None:
    """x = c + σξ, ξ ~ N(0, I)."""
    d = offset.size
    normals(state.random, words, work, out)
    for i in range(BLOCK):
        for j in range(d):
            widen(state.x, i, j, offset[j] + noise.sd[j] * out[i * d + j])


@compiled
def draw_samples(noise: Noise, offset: Floats, state: State, words: Words, drawn: Integers) -> None:
    """Picks a batch with replacement; x = the mean of the picked samples' constant gradients."""
    indices(state.random, noise.samples, words, drawn)
    for i in range(BLOCK):
        for b in range(noise.batch):
            state.picks[i, b] = drawn[i * noise.batch + b]
        for j in range(offset.size):
            total = noise.table[state.picks[i, 0], j]
            for b in range(1, noise.batch):
                total += noise.table[state.picks[i, b], j]
            widen(state.x, i, j, total / noise.batch)


@compiled
def take_given(noise: Noise, offset: Floats, state: State, path: int, t: int) -> None:
    """x = c + the rows given; past the last row, c alone and the last picks again."""
    for i in range(BLOCK):
        for j in range(offset.size):
            known = noise.kind == GIVEN and t + i < noise.given.shape[1]
            row = noise.given[path, t + i, j] if known else 0.0
            widen(state.x, i, j, offset[j] + row)
        if noise.kind == PICKED:
            row = min(t + i, noise.picked.shape[1] - 1)
            state.picks[i, :] = noise.picked[path, row, :]


@compiled
def draw_block(
    noise: Noise, problem: Problem, path: int, t: int, state: State, words: Words, work: Floats,
    out: Floats, drawn: Integers,
) -> None:  # fmt: skip
    """Fills state.x and state.picks for the steps t … t+BLOCK−1; the rest is working room."""
    if noise.kind == GAUSSIAN:
        draw_gaussian(noise, problem.offset, state, words, work, out)
    elif noise.kind == SAMPLES:
        draw_samples(noise, problem.offset, state, words, drawn)
    else:
        take_given(noise, problem.offset, state, path, t)
