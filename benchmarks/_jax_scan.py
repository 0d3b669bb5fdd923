"""Compiled float64 JAX version of the toy race; run by benchmarks/engine.py in a Python with jax.

Reads the experiment as one line of JSON; then, for each line with a noise and a task, runs the race
and prints its seconds. Task "everything" computes what simulate() returns: w, m, ∇f(w) and g of
every contender on the recorded steps, escape times and divergence. Task "last" computes only w and
m after the last step.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from itertools import product

import jax
import jax.numpy as jnp
from jax import lax

UNROLLS = 1, 4, 16  # of a scan over single steps


def slope(told, w):
    """∇f(w) = a ∘ w + 10 w⁹, rows (…, 2)."""
    return told["eigenvalues"] * w + 10 * w**9


def move(told, w, m, xi):
    """One step of heavy ball: m ← βm + g, w ← w − ηm."""
    m = told["beta"] * m + (slope(told, w) + xi)
    return w - told["eta"] * m, m


def along(told, w):
    """Distance along the way out, rows (…, 2) to (…,)."""
    return jnp.abs((w - told["saddle"]) @ told["escape"][0])


def last(told, noise, rest, never, unroll):
    """Nothing is kept on the way."""
    way = partial(lax.scan, lambda state, xi: (move(told, *state, xi), None), unroll=unroll)
    return *way((rest, rest), noise)[0], never, never


def every_step(told, noise, rest, never, unroll):
    """The scan gives w and m of every step; what is asked for is picked out afterwards."""

    def step(state, xi):
        after = move(told, *state, xi)
        return after, (state[0], after[1])

    _, (w, m) = lax.scan(step, (rest, rest), noise, unroll=unroll)

    def first(seen):
        return jnp.where(seen.any(axis=0), seen.argmax(axis=0), never)

    diverged_at = first(~(jnp.abs(w).max(axis=2) <= told["bound"]))
    return w[told["grid"]], m[told["grid"]], first(along(told, w) >= told["radius"]), diverged_at


def again_where_passed(told, noise, rest, never, unroll):
    """simulate()'s own way: a stretch between two recorded steps runs on its largest w − w* alone;
    one that may have passed the radius or the bound runs again, with a look at each step.
    """

    def quick(t, state):
        w, m, peak = state
        w, m = move(told, w, m, noise[t])
        return w, m, jnp.fmax(peak, jnp.abs(w - told["saddle"]))

    def careful(t, state):
        w, m, escape_time, diverged_at = state
        w, m = move(told, w, m, noise[t])
        out = (along(told, w) >= told["radius"]) & (escape_time < 0)
        far = ~(jnp.abs(w).max(axis=1) <= told["bound"]) & (diverged_at < 0)
        return w, m, jnp.where(out, t + 1, escape_time), jnp.where(far, t + 1, diverged_at)

    def record(state, span):
        w, m, escape_time, diverged_at = state
        *ahead, peak = lax.fori_loop(*span, quick, (w, m, jnp.zeros_like(w)))
        out = (peak @ jnp.abs(told["escape"][0]) >= told["radius"]) & (escape_time < 0)
        near = told["bound"] - jnp.abs(told["saddle"]).max()
        far = ~(peak.max(axis=1) <= near) & (diverged_at < 0)
        state = lax.cond(
            (out | far).any(),
            lambda: lax.fori_loop(*span, careful, state),
            lambda: (*ahead, escape_time, diverged_at),
        )
        return state, (state[0], move(told, *state[:2], noise[span[1]])[1])

    grid = told["grid"]
    spans = jnp.concatenate([jnp.zeros(1, grid.dtype), grid[:-1]]), grid
    (_, _, *seen), (w, m) = lax.scan(record, (rest, rest, never, never), spans)
    return w, m, *seen


WAYS = {way.__name__: way for way in (last, every_step, again_where_passed)}
TASKS = {
    "last": [*product(["last"], UNROLLS)],
    "everything": [*product(["every_step"], UNROLLS), ("again_where_passed", 1)],
}


@partial(jax.jit, static_argnames=("drawn", "steps", "way", "unroll"))
def race(key, told, drawn, steps, way, unroll):
    """All contenders (C, 2) side by side; all the noise drawn first, in one call."""
    rows = steps if way == "last" else steps + 1  # a record at the last step draws one more
    if drawn:
        noise = told["table"][jax.random.randint(key, (rows,), 0, len(told["table"]))]
    else:
        noise = jax.random.normal(key, (rows, 2), jnp.float64) * told["sd"]
    rest = jnp.broadcast_to(told["start"], (len(told["beta"]), 2))
    w, m, *seen = WAYS[way](told, noise, rest, jnp.full(len(rest), -1), unroll)
    if way == "last":
        return w, m
    gradient = slope(told, w)
    return w, m, gradient, gradient + noise[told["grid"]][:, None], *seen


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    given = json.loads(sys.stdin.readline())
    steps = given.pop("steps")
    told = {name: jnp.array(value) for name, value in given.items()}
    told["beta"] = told["beta"][:, None]

    def seconds(drawn: bool, way: str, unroll: int) -> float:
        began = time.perf_counter()
        jax.block_until_ready(race(jax.random.key(0), told, drawn, steps, way, unroll))
        return time.perf_counter() - began

    def fastest(noise: str, task: str) -> tuple[str, int]:
        drawn = noise == "samples"
        return min(TASKS[task], key=lambda how: min(seconds(drawn, *how) for _ in range(4)))

    hows = {
        f"{noise} {task}": fastest(noise, task)
        for noise, task in product(("samples", "gaussian"), TASKS)
    }
    print(json.dumps([jax.__version__, hows]), flush=True)
    for line in sys.stdin:
        print(seconds(line.startswith("samples"), *hows[line.strip()]), flush=True)


if __name__ == "__main__":
    main()
