"""Gradients of all landscapes, for all lanes at once, without their constant part."""

import numpy as np

from simulation.kernels.jit import jit
from simulation.kernels.records import (
    LANES,
    MONKEY,
    NETWORK,
    PHASE,
    QUADRATIC,
    TOY,
    Floats,
    Integers,
    Problem,
)
from simulation.kernels.separable import gradient as separable_gradient


@jit
def network_gradient(problem: Problem, z: Floats, out: Floats) -> None:
    """f = ½‖UVᵀ − M‖²: ∂U = (UVᵀ − M)V, ∂V = (UVᵀ − M)ᵀU; z holds U, then V, row by row."""
    k = problem.eigenvalues.size
    half = k * k
    out[:] = 0.0
    for row in range(k):
        for column in range(k):
            for lane in range(LANES):
                error = -problem.eigenvalues[row] if row == column else 0.0
                for i in range(k):
                    u = z[(row * k + i) * LANES + lane]
                    error += u * z[(half + column * k + i) * LANES + lane]
                for i in range(k):
                    u, v = (row * k + i) * LANES + lane, (half + column * k + i) * LANES + lane
                    out[u] += error * z[v]
                    out[v] += error * z[u]


@jit
def monkey_gradient(z: Floats, out: Floats) -> None:
    """Gradient of f = x³ − 3xy² + ¾(x² + y²)²."""
    for lane in range(LANES):
        x, y = z[lane], z[LANES + lane]
        ring = 3.0 * (x * x + y * y)
        out[lane] = 3.0 * (x * x - y * y) + ring * x
        out[LANES + lane] = -6.0 * x * y + ring * y


@jit
def phase_gradient(problem: Problem, picks: Integers, z: Floats, out: Floats) -> None:
    """f = mean of ((aᵀw)² − y)² over the picked samples: 4·mean of ((aᵀw)² − y)(aᵀw)a."""
    out[:] = 0.0
    along = np.empty(LANES)
    at, to = z.reshape(problem.dimension, LANES), out.reshape(problem.dimension, LANES)
    lanes = at.shape[1]  # not LANES: unrolled loops are not vectorised
    for i in picks:
        a = problem.vectors[i]
        along[:] = 0.0
        for j in range(a.size):
            for lane in range(lanes):
                along[lane] += a[j] * at[j, lane]
        for lane in range(lanes):
            along[lane] *= along[lane] * along[lane] - problem.targets[i]
        for j in range(a.size):
            for lane in range(lanes):
                to[j, lane] += a[j] * along[lane]
    for j in range(out.size):
        out[j] *= 4.0 / picks.size


@jit
def gradient(problem: Problem, picks: Integers, z: Floats, out: Floats) -> None:
    """Write ∇f (over the picked samples, if f is a mean over samples) to out; both are wide."""
    if problem.code == PHASE:
        phase_gradient(problem, picks, z, out)
    elif problem.code == NETWORK:
        network_gradient(problem, z, out)
    elif problem.code == MONKEY:
        monkey_gradient(z, out)
    elif problem.code in (QUADRATIC, TOY):
        separable_gradient(problem, z, out)
    else:
        out[:] = np.nan  # unknown code: every path diverges immediately
