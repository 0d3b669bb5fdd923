"""Time stepping on landscapes that are separable in z: `quadratic` and `toy`."""

from simulation.kernels.jit import jit_borrow, jit_step
from simulation.kernels.records import LANES, TOY, Floats, Problem, Rules, Scratch, State
from simulation.kernels.wide import load, store, where_less

UNROLLED = 4  # steps per coordinate in registers before the next coordinate


@jit_step
def power_of(problem: Problem) -> float:
    """Return the factor of z⁹ in the gradient: 10 on the toy (walls z¹⁰), otherwise 0."""
    return 10.0 if problem.code == TOY else 0.0


@jit_step
def advance_each(
    state: State, first: int, last: int, boost: int, rules: Rules, problem: Problem,
    peak: Floats, far: Floats,
) -> None:  # fmt: skip
    """Make the steps of `advance` coordinate by coordinate, each in registers."""
    z, m, x, place = state.body[0], state.body[1], state.x, state.place
    power = power_of(problem)
    for c in range(problem.dimension):
        j = c * LANES
        q, momentum, p, f = load(z, j), load(m, j), load(peak, j), load(far, j)
        beta = load(rules.beta, j)
        eta_g, eta_m = load(state.eta[0], j), load(state.eta[1 + boost], j)
        for i in range(first, last):
            q2 = q * q
            away = (q - problem.saddle[c]) * (q - problem.saddle[c])
            p = where_less(away, p, p, away)
            f = where_less(q2, f, f, q2)
            # The paper's (3): g = a + 10z⁹, a = λz + c + ξ. z⁹ takes longest: it is added last.
            wall, q8 = power * q, (q2 * q2) * (q2 * q2)
            a = problem.eigenvalues[c] * q + x[place[i], c]
            line = beta * momentum + a
            momentum = line + wall * q8  # Alg. 1, line 5: m = βm + g
            # Alg. 1, line 6: w = w − ηm; in general w − ηνg − ηκm, the terms of z⁹ together
            q = ((q - eta_g * a) - eta_m * line) - ((eta_g + eta_m) * wall) * q8
        store(z, j, q)
        store(m, j, momentum)
        store(peak, j, p)
        store(far, j, f)


@jit_borrow
def advance(
    state: State, first: int, last: int, boost: int, rules: Rules, problem: Problem,
    scratch: Scratch,
) -> None:  # fmt: skip
    """Advance by the steps of state.place[first:last] with a rule of the linear family.

    scratch.peak and far, both wide: maxima over the steps of the squared distance from the saddle
    and of z², taken before each step; NaN while z is.
    """
    peak, far = scratch.peak, scratch.far
    whole = first + (last - first) // UNROLLED * UNROLLED
    for i in range(first, whole, UNROLLED):  # a constant number of steps, so that LLVM unrolls
        advance_each(state, i, i + UNROLLED, boost, rules, problem, peak, far)
    advance_each(state, whole, last, boost, rules, problem, peak, far)


@jit_step
def gradient(problem: Problem, z: Floats, out: Floats) -> None:
    """Write ∇f to out without its constant part; both are wide."""
    power = power_of(problem)
    for j in range(problem.dimension):
        q = load(z, j * LANES)
        q2 = q * q
        q4 = q2 * q2
        store(out, j * LANES, problem.eigenvalues[j] * q + (power * q) * (q4 * q4))
