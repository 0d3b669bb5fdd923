"""Time stepping on landscapes that are separable in z: `quadratic` and `toy`."""

from simulation.kernels.jit import jit_borrow, jit_step
from simulation.kernels.records import LANES, TOY, Floats, Integers, Problem
from simulation.kernels.wide import load, store

UNROLLED = 4  # steps per coordinate in registers before the next coordinate


@jit_step
def power_of(problem: Problem) -> float:
    """Return the factor of z⁹ in the gradient: 10 on the toy (walls z¹⁰), otherwise 0."""
    return 10.0 if problem.code == TOY else 0.0


@jit_borrow
def advance(
    z: Floats, m: Floats, x: Floats, place: Integers, first: int, last: int, beta: Floats,
    eta_g: Floats, eta_m: Floats, eigenvalues: Floats, saddle: Floats, power: float,
    peak: Floats, far: Floats,
) -> None:  # fmt: skip
    """Advance by the steps whose noise is in the rows place[first:last] of x; all arrays are wide.

    peak, far: maxima over the steps of the squared distance from the saddle and of z², taken before
    each step.
    """
    whole = first + (last - first) // UNROLLED * UNROLLED
    for i in range(first, whole, UNROLLED):
        row0, row1, row2, row3 = x[place[i]], x[place[i + 1]], x[place[i + 2]], x[place[i + 3]]
        for j in range(z.size):
            q, momentum, p, f = z[j], m[j], peak[j], far[j]
            for s in range(UNROLLED):
                noise = row0[j] if s == 0 else row1[j] if s == 1 else row2[j] if s == 2 else row3[j]
                q2 = q * q
                q4 = q2 * q2
                away = (q - saddle[j]) * (q - saddle[j])
                p = away if away > p else p
                f = q2 if q2 > f else f
                # the paper's (3): g = λz + c + ξ + 10z⁹
                g = (eigenvalues[j] * q + noise) + (power * q) * (q4 * q4)
                momentum = beta[j] * momentum + g  # Alg. 1, line 5: m = βm + g
                q = (q - eta_g[j] * g) - eta_m[j] * momentum  # Alg. 1, line 6: w = w − ηm
            z[j], m[j], peak[j], far[j] = q, momentum, p, f
    for i in range(whole, last):  # the same for the remaining steps
        row = x[place[i]]
        for j in range(z.size):
            q = z[j]
            q2 = q * q
            q4 = q2 * q2
            away = (q - saddle[j]) * (q - saddle[j])
            peak[j] = away if away > peak[j] else peak[j]
            far[j] = q2 if q2 > far[j] else far[j]
            g = (eigenvalues[j] * q + row[j]) + (power * q) * (q4 * q4)
            momentum = beta[j] * m[j] + g
            z[j] = (q - eta_g[j] * g) - eta_m[j] * momentum
            m[j] = momentum


@jit_step
def gradient(problem: Problem, z: Floats, out: Floats) -> None:
    """Write ∇f to out without its constant part; both are wide."""
    power = power_of(problem)
    for j in range(problem.dimension):
        q = load(z, j * LANES)
        q2 = q * q
        q4 = q2 * q2
        store(out, j * LANES, problem.eigenvalues[j] * q + (power * q) * (q4 * q4))
