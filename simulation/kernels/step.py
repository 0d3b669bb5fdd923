"""Time stepping on any landscape with any rule: gradient for all lanes, then the update."""

import numpy as np

from simulation.kernels.events import squared_distance
from simulation.kernels.gradients import gradient
from simulation.kernels.jit import jit, jit_borrow, jit_step
from simulation.kernels.records import LANES, Floats, Problem, Rules, Scratch, State
from simulation.kernels.wide import load, maximum, sqrt, store, where_equal, where_less

# Codes of rule families: a branch in `advance`, and in `momentum` if m is not βm + g.
LINEAR_STEP, ADAM_STEP, RMSPROP_STEP = range(3)
BETA2, ALPHA, EPSILON = 0.999, 0.99, 1e-8  # defaults of torch.optim's Adam and RMSprop


@jit_step
def turn(problem: Problem, v: Floats, sense: float) -> None:
    """Rotate the first plane of a wide vector by sense·θ: sense 1 is w = Qz, −1 is z = Qᵀw."""
    if problem.sine != 0.0:
        cosine, sine = problem.cosine, sense * problem.sine
        a, b = load(v, 0), load(v, LANES)
        store(v, 0, cosine * a - sine * b)
        store(v, LANES, sine * a + cosine * b)


@jit_step
def linear_step(
    z: Floats, m: Floats, g: Floats, beta: Floats, eta_g: Floats, eta_m: Floats
) -> None:
    """Update of heavy ball, Nesterov and Algorithm 2."""
    for j in range(0, z.size, LANES):
        gradient = load(g, j)
        momentum = load(beta, j) * load(m, j) + gradient  # Alg. 1, line 5: m = βm + g
        store(m, j, momentum)
        # Alg. 1, line 6: w = w − ηm
        store(z, j, (load(z, j) - load(eta_g, j) * gradient) - load(eta_m, j) * momentum)


@jit_borrow
def unbias(t: int, beta: Floats, unbiased: Floats) -> bool:
    """Write 1 − β^{t+1} to unbiased, wide; return True once it has rounded to 1 in every lane."""
    settled = True
    for lane in range(LANES):
        left = 1.0 - beta[lane] ** (t + 1)
        settled = settled and left == 1.0
        unbiased[lane::LANES] = left
    return settled


@jit_step
def adam_step(
    t: int, m: Floats, v: Floats, highest: Floats, g: Floats, eta: Floats, unbiased: Floats,
    rules: Rules,
) -> None:  # fmt: skip
    """Replace g by the step of Adam and AMSGrad, as in torch.optim.Adam; all in w's coordinates."""
    root2 = np.sqrt(1.0 - BETA2 ** (t + 1))
    for j in range(0, g.size, LANES):
        gradient, b = load(g, j), load(rules.beta, j)
        mean = b * load(m, j) + (1.0 - b) * gradient
        square = BETA2 * load(v, j) + (1.0 - BETA2) * gradient * gradient
        top = where_equal(load(rules.maximal, j), 1.0, maximum(load(highest, j), square), square)
        store(m, j, mean)
        store(v, j, square)
        store(highest, j, top)
        store(g, j, load(eta, j) / load(unbiased, j) * mean / (sqrt(top) / root2 + EPSILON))


@jit_step
def rmsprop_step(m: Floats, v: Floats, g: Floats, beta: Floats, eta: Floats) -> None:
    """Replace g by the step of RMSProp, as in torch.optim.RMSprop; all in w's coordinates."""
    for j in range(0, g.size, LANES):
        gradient = load(g, j)
        square = ALPHA * load(v, j) + (1.0 - ALPHA) * gradient * gradient
        momentum = load(beta, j) * load(m, j) + gradient / (sqrt(square) + EPSILON)
        store(v, j, square)
        store(m, j, momentum)
        store(g, j, load(eta, j) * momentum)


@jit_step
def measure(problem: Problem, z: Floats, peak: Floats, far: Floats) -> None:
    """Raise peak (LANES,) to the squared escape distance and far (wide) to z²; NaN while z is."""
    highest, distance = load(peak, 0), squared_distance(problem, z)
    store(peak, 0, where_less(distance, highest, highest, distance))
    for j in range(0, z.size, LANES):
        farthest, q = load(far, j), load(z, j)
        q2 = q * q
        store(far, j, where_less(q2, farthest, farthest, q2))


@jit_borrow
def advance(
    state: State, first: int, last: int, t: int, boost: int, rules: Rules, problem: Problem,
    scratch: Scratch,
) -> None:  # fmt: skip
    """Advance by the steps of state.place[first:last] from step t."""
    g, unbiased = scratch.g, scratch.unbiased
    z, m, v, highest = state.body[0], state.body[1], state.body[2], state.body[3]
    eta_g, eta_m, eta = state.eta[0], state.eta[1 + boost], state.eta[1]
    settled = rules.family != ADAM_STEP
    for i in range(first, last):
        measure(problem, z, scratch.peak, scratch.far)
        gradient(problem, state.picks[i], state.slots, z, g)
        for c in range(problem.dimension):
            store(g, c * LANES, load(g, c * LANES) + state.x[state.place[i], c])
        if rules.family == LINEAR_STEP:
            linear_step(z, m, g, rules.beta, eta_g, eta_m)
            continue
        turn(problem, g, 1.0)
        if rules.family == ADAM_STEP:
            if not settled:
                settled = unbias(t + i - first, rules.beta, unbiased)
            adam_step(t + i - first, m, v, highest, g, eta, unbiased, rules)
        elif rules.family == RMSPROP_STEP:
            rmsprop_step(m, v, g, rules.beta, eta)
        else:
            g[:] = np.nan  # a step without a branch: every path diverges at once
        turn(problem, g, -1.0)
        for j in range(0, g.size, LANES):
            store(z, j, load(z, j) - load(g, j))


@jit
def momentum(body: Floats, g: Floats, rules: Rules, problem: Problem, m: Floats) -> None:
    """Write m_t, computed at w_t from g_t, to m; both are in the kernel's coordinates."""
    m[:] = g
    if rules.family == ADAM_STEP:  # m is stored in w's coordinates and is an average
        turn(problem, m, 1.0)
        m[:] = (1.0 - rules.beta) * m
    if rules.family == RMSPROP_STEP:
        turn(problem, m, 1.0)
        m[:] = m / (np.sqrt(ALPHA * body[2] + (1.0 - ALPHA) * m * m) + EPSILON)
    m += rules.beta * body[1]
    if rules.family != LINEAR_STEP:
        turn(problem, m, -1.0)
