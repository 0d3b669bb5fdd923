"""Time stepping on a formula's landscape with a linear rule: the gradient is a walk of its tape."""

from simulation.kernels.jit import jit_borrow
from simulation.kernels.records import LANES, Problem, Rules, Scratch, State
from simulation.kernels.step import measure
from simulation.kernels.tape import copy, walk
from simulation.kernels.wide import load, store


@jit_borrow
def advance(
    state: State, first: int, last: int, boost: int, rules: Rules, problem: Problem,
    scratch: Scratch,
) -> None:  # fmt: skip
    """Advance by the steps of state.place[first:last]: `step.advance` with z in the slots."""
    slots, results, beta, m = state.slots, problem.results, rules.beta, state.body[1]
    eta_g, eta_m = state.eta[0], state.eta[1 + boost]
    z = slots[: m.size]
    copy(state.body[0], z)
    for i in range(first, last):
        measure(problem, z, scratch.peak, scratch.far)
        walk(problem.tape, slots)
        row = state.place[i]
        for c in range(problem.dimension):
            j = c * LANES
            g = load(slots, results[c]) + state.x[row, c]
            momentum = load(beta, j) * load(m, j) + g  # Alg. 1, line 5: m = βm + g
            store(m, j, momentum)
            # Alg. 1, line 6: w = w − ηm
            store(z, j, (load(z, j) - load(eta_g, j) * g) - load(eta_m, j) * momentum)
    copy(z, state.body[0])
