"""Gradients of all landscapes, for all lanes at once, without their constant part."""

import numpy as np

from simulation.kernels.jit import jit_step
from simulation.kernels.records import (
    FORMULA,
    LANES,
    NETWORK,
    PHASE,
    QUADRATIC,
    TOY,
    Floats,
    Integers,
    Problem,
)
from simulation.kernels.separable import gradient as separable_gradient
from simulation.kernels.tape import evaluate
from simulation.kernels.wide import broadcast, load, store


@jit_step
def network_gradient(spectrum: Floats, z: Floats, out: Floats) -> None:
    """f = ½‖UVᵀ − M‖²: ∂U = (UVᵀ − M)V, ∂V = (UVᵀ − M)ᵀU; z holds U, then V, row by row."""
    k = spectrum.size
    size = k * LANES  # of a row
    first_v = k * size
    out[:] = 0.0
    for row in range(k):
        for column in range(k):
            u0, v0 = row * size, first_v + column * size
            error = broadcast(-spectrum[row] if row == column else 0.0)
            for i in range(0, size, LANES):
                error = error + load(z, u0 + i) * load(z, v0 + i)
            for i in range(0, size, LANES):
                u, v = load(z, u0 + i), load(z, v0 + i)
                store(out, u0 + i, load(out, u0 + i) + error * v)
                store(out, v0 + i, load(out, v0 + i) + error * u)


@jit_step
def phase_gradient(problem: Problem, picks: Integers, z: Floats, out: Floats) -> None:
    """f = mean of ((aᵀw)² − y)² over the picked samples: 4·mean of ((aᵀw)² − y)(aᵀw)a."""
    out[:] = 0.0
    for i in picks:
        a = problem.vectors[i]
        along = broadcast(0.0)
        for j in range(a.size):
            along = along + a[j] * load(z, j * LANES)
        along = along * (along * along - problem.targets[i])
        for j in range(a.size):
            store(out, j * LANES, load(out, j * LANES) + a[j] * along)
    scale = 4.0 / picks.size
    for j in range(0, out.size, LANES):
        store(out, j, load(out, j) * scale)


@jit_step
def gradient(problem: Problem, picks: Integers, slots: Floats, z: Floats, out: Floats) -> None:
    """Write ∇f (over the picked samples, if f is a mean over samples) to out; both are wide.

    slots: scratch space, `State.slots`.
    """
    if problem.code == PHASE:
        phase_gradient(problem, picks, z, out)
    elif problem.code == NETWORK:
        network_gradient(problem.eigenvalues, z, out)
    elif problem.code == FORMULA:
        evaluate(problem.tape, problem.results, slots, z, out)
    elif problem.code in (QUADRATIC, TOY):
        separable_gradient(problem, z, out)
    else:
        out[:] = np.nan  # unknown code: every path diverges immediately
