"""Time stepping on any landscape with any rule: gradient for all lanes, then the update."""

import numpy as np

from simulation.kernels.gradients import gradient
from simulation.kernels.jit import jit
from simulation.kernels.records import LANES, Floats, Problem, Rules, State

# Codes of rule families: a branch in `advance`, and in `momentum` if m is not βm + g.
LINEAR_STEP, ADAM_STEP, RMSPROP_STEP = range(3)
BETA2, ALPHA, EPSILON = 0.999, 0.99, 1e-8  # defaults of torch.optim's Adam and RMSprop


@jit
def turn(problem: Problem, v: Floats, sense: float) -> None:
    """Rotate the first plane of a wide vector by sense·θ: sense 1 is w = Qz, −1 is z = Qᵀw."""
    if problem.sine != 0.0:
        for lane in range(LANES):
            a, b = v[lane], v[LANES + lane]
            v[lane] = problem.cosine * a - sense * problem.sine * b
            v[LANES + lane] = sense * problem.sine * a + problem.cosine * b


@jit
def linear_step(body: Floats, g: Floats, beta: Floats, eta_g: Floats, eta_m: Floats) -> None:
    """Update of heavy ball, Nesterov and Algorithm 2."""
    z, m = body[0], body[1]
    for j in range(z.size):
        m[j] = beta[j] * m[j] + g[j]  # Alg. 1, line 5: m = βm + g
        z[j] = (z[j] - eta_g[j] * g[j]) - eta_m[j] * m[j]  # Alg. 1, line 6: w = w − ηm


@jit
def unbias(t: int, beta: Floats, unbiased: Floats) -> bool:
    """Write 1 − β^{t+1} to unbiased, wide; return True once it has rounded to 1 in every lane."""
    settled = True
    for lane in range(LANES):
        left = 1.0 - beta[lane] ** (t + 1)
        settled = settled and left == 1.0
        unbiased[lane::LANES] = left
    return settled


@jit
def adam_step(
    t: int, body: Floats, g: Floats, eta: Floats, unbiased: Floats, rules: Rules, problem: Problem
) -> None:
    """Update of Adam and AMSGrad as in torch.optim.Adam; m and v are in w's coordinates.

    g is overwritten.
    """
    z, m, v, highest = body[0], body[1], body[2], body[3]
    turn(problem, g, 1.0)
    root2 = np.sqrt(1.0 - BETA2 ** (t + 1))
    for j in range(z.size):
        m[j] = rules.beta[j] * m[j] + (1.0 - rules.beta[j]) * g[j]
        v[j] = BETA2 * v[j] + (1.0 - BETA2) * g[j] * g[j]
        highest[j] = max(highest[j], v[j]) if rules.maximal[j] == 1.0 else v[j]
        g[j] = eta[j] / unbiased[j] * m[j] / (np.sqrt(highest[j]) / root2 + EPSILON)
    turn(problem, g, -1.0)
    for j in range(z.size):
        z[j] -= g[j]


@jit
def rmsprop_step(body: Floats, g: Floats, beta: Floats, eta: Floats, problem: Problem) -> None:
    """Update of RMSProp as in torch.optim.RMSprop; m and v are in w's coordinates.

    g is overwritten.
    """
    z, m, v = body[0], body[1], body[2]
    turn(problem, g, 1.0)
    for j in range(z.size):
        v[j] = ALPHA * v[j] + (1.0 - ALPHA) * g[j] * g[j]
        m[j] = beta[j] * m[j] + g[j] / (np.sqrt(v[j]) + EPSILON)
        g[j] = eta[j] * m[j]
    turn(problem, g, -1.0)
    for j in range(z.size):
        z[j] -= g[j]


@jit
def measure(problem: Problem, z: Floats, peak: Floats, far: Floats) -> None:
    """Raise peak (LANES,) to the squared escape distance and far (wide) to z²."""
    for lane in range(LANES):
        distance = 0.0
        for e in range(problem.escape.shape[0]):
            along = 0.0
            for j in range(problem.dimension):
                along += problem.escape[e, j] * (z[j * LANES + lane] - problem.saddle[j])
            distance += along * along
        peak[lane] = distance if distance > peak[lane] else peak[lane]
    for j in range(z.size):
        far[j] = z[j] * z[j] if z[j] * z[j] > far[j] else far[j]


@jit
def advance(
    state: State, first: int, last: int, t: int, boost: int, rules: Rules, problem: Problem,
    g: Floats, peak: Floats, far: Floats,
) -> None:  # fmt: skip
    """Advance by the steps of state.place[first:last] from step t; g is scratch space."""
    body = state.body
    unbiased, settled = np.empty(g.size), rules.family != ADAM_STEP
    for i in range(first, last):
        measure(problem, body[0], peak, far)
        gradient(problem, state.picks[i], body[0], g)
        for j in range(g.size):
            g[j] += state.x[state.place[i], j]
        if not settled:
            settled = unbias(t + i - first, rules.beta, unbiased)
        if rules.family == ADAM_STEP:
            adam_step(t + i - first, body, g, state.eta[1], unbiased, rules, problem)
        elif rules.family == RMSPROP_STEP:
            rmsprop_step(body, g, rules.beta, state.eta[1], problem)
        else:
            linear_step(body, g, rules.beta, state.eta[0], state.eta[1 + boost])


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
