"""Time stepping on a formula's landscape with a linear rule: the gradient is a walk of its tape."""

from simulation.kernels.jit import jit_borrow
from simulation.kernels.records import LANES, Floats, Problem, State
from simulation.kernels.step import measure
from simulation.kernels.tape import copy, walk
from simulation.kernels.wide import load, store


@jit_borrow
def advance(
    state: State, first: int, last: int, boost: int, beta: Floats, problem: Problem,
    peak: Floats, far: Floats,
) -> None:  # fmt: skip
    """Advance by the steps of state.place[first:last]: `step.advance` with z in the slots."""
    slots, results, m = state.slots, problem.results, state.body[1]
    eta_g, eta_m = state.eta[0], state.eta[1 + boost]
    z = slots[: m.size]
    copy(state.body[0], z)
    for i in range(first, last):
        measure(problem, z, peak, far)
        walk(problem.tape, slots)
        noise = state.x[state.place[i]]
        for j in range(0, z.size, LANES):
            g = load(slots, results[j // LANES]) + load(noise, j)
            momentum = load(beta, j) * load(m, j) + g  # Alg. 1, line 5: m = βm + g
            store(m, j, momentum)
            # Alg. 1, line 6: w = w − ηm
            store(z, j, (load(z, j) - load(eta_g, j) * g) - load(eta_m, j) * momentum)
    copy(z, state.body[0])
