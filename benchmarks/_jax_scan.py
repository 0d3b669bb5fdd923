"""The toy's race in JAX, compiled, float64: run by benchmarks/engine.py in a Python that has jax.

Reads one line of JSON, the experiment; then, for each line naming a noise, runs the whole race
and answers with its seconds.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial

import jax
import jax.numpy as jnp

UNROLLS = 1, 4, 16  # the fastest is the one that is timed


@partial(jax.jit, static_argnames=("drawn", "steps", "unroll"))
def race(key, beta, eta, eigenvalues, sd, table, drawn, steps, unroll):
    """All contenders (C, 2) side by side; all the noise drawn first, in one call."""
    if drawn:
        noise = table[jax.random.randint(key, (steps,), 0, len(table))]
    else:
        noise = jax.random.normal(key, (steps, 2), jnp.float64) * sd

    def step(state, xi):
        w, m = state
        m = beta * m + (eigenvalues * w + 10 * w**9 + xi)
        return (w - eta * m, m), None

    rest = jnp.zeros((len(beta), 2))
    return jax.lax.scan(step, (rest, rest), noise, unroll=unroll)[0]


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    told = json.loads(sys.stdin.readline())
    beta, sd = jnp.array(told["beta"])[:, None], jnp.array(told["sd"])
    given = beta, told["eta"], jnp.array(told["eigenvalues"]), sd, jnp.array(told["table"])

    def seconds(drawn: bool, unroll: int) -> float:
        began = time.perf_counter()
        race(jax.random.key(0), *given, drawn, told["steps"], unroll)[0].block_until_ready()
        return time.perf_counter() - began

    def fastest(drawn: bool) -> int:
        return min(UNROLLS, key=lambda unroll: min(seconds(drawn, unroll) for _ in range(4)))

    unrolls = {drawn: fastest(drawn) for drawn in (True, False)}
    print(json.dumps([jax.__version__, unrolls[True], unrolls[False]]), flush=True)
    for line in sys.stdin:
        drawn = line.strip() == "samples"
        print(seconds(drawn, unrolls[drawn]), flush=True)


if __name__ == "__main__":
    main()
