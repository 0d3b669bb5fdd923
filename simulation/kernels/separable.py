"""Time stepping on landscapes that are separable in z: `quadratic` and `toy`."""

from simulation.kernels.jit import jit_borrow, jit_step
from simulation.kernels.records import LANES, TOY, Floats, Integers, Problem
from simulation.kernels.wide import load, store, where_less

UNROLLED = 4  # steps per coordinate in registers before the next coordinate


@jit_step
def power_of(problem: Problem) -> float:
    """Return the factor of z⁹ in the gradient: 10 on the toy (walls z¹⁰), otherwise 0."""
    return 10.0 if problem.code == TOY else 0.0


@jit_step
def advance_each(
    z: Floats, m: Floats, x: Floats, place: Integers, first: int, last: int, beta: Floats,
    eta_g: Floats, eta_m: Floats, eigenvalues: Floats, saddle: Floats, power: float,
    peak: Floats, far: Floats,
) -> None:  # fmt: skip
    """Make all the steps of `advance` coordinate by coordinate, each held in registers."""
    for j in range(0, z.size, LANES):
        q, momentum, p, f = load(z, j), load(m, j), load(peak, j), load(far, j)
        b, eg, em = load(beta, j), load(eta_g, j), load(eta_m, j)
        eigenvalue, middle = load(eigenvalues, j), load(saddle, j)
        for i in range(first, last):
            q2 = q * q
            away = (q - middle) * (q - middle)
            p = where_less(away, p, p, away)
            f = where_less(q2, f, f, q2)
            # The paper's (3): g = a + 10z⁹, a = λz + c + ξ. z⁹ takes longest: it is added last.
            wall, q8 = power * q, (q2 * q2) * (q2 * q2)
            a = eigenvalue * q + load(x[place[i]], j)
            line = b * momentum + a
            momentum = line + wall * q8  # Alg. 1, line 5: m = βm + g
            # Alg. 1, line 6: w = w − ηm
            q = ((q - eg * a) - em * line) - ((eg + em) * wall) * q8
        store(z, j, q)
        store(m, j, momentum)
        store(peak, j, p)
        store(far, j, f)


@jit_borrow
def advance(
    z: Floats, m: Floats, x: Floats, place: Integers, first: int, last: int, beta: Floats,
    eta_g: Floats, eta_m: Floats, eigenvalues: Floats, saddle: Floats, power: float,
    peak: Floats, far: Floats,
) -> None:  # fmt: skip
    """Advance by the steps whose noise is in the rows place[first:last] of x; all arrays are wide.

    peak, far: maxima over the steps of the squared distance from the saddle and of z², taken before
    each step; NaN while z is.
    """
    whole = first + (last - first) // UNROLLED * UNROLLED
    for i in range(first, whole, UNROLLED):  # a constant number of steps, so that LLVM unrolls
        advance_each(
            z, m, x, place, i, i + UNROLLED, beta, eta_g, eta_m, eigenvalues, saddle, power, peak,
            far,
        )  # fmt: skip
    advance_each(
        z, m, x, place, whole, last, beta, eta_g, eta_m, eigenvalues, saddle, power, peak, far
    )


@jit_step
def gradient(problem: Problem, z: Floats, out: Floats) -> None:
    """Write ∇f to out without its constant part; both are wide."""
    power = power_of(problem)
    for j in range(problem.dimension):
        q = load(z, j * LANES)
        q2 = q * q
        q4 = q2 * q2
        store(out, j * LANES, problem.eigenvalues[j] * q + (power * q) * (q4 * q4))
