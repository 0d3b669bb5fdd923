"""Step-by-step comparison with torch.optim on the same noise or the same samples."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Contender, Experiment, simulate
from simulation.landscapes.registry import landscape_of
from simulation.rules import RULES
from tests.simulation import oracle

pytestmark = pytest.mark.long

torch = pytest.importorskip("torch", reason="torch 2.13.0, the oracle, is not installed")

STEPS = 2_000
OPTIMIZERS = {
    "momentum": lambda w, lr, beta: torch.optim.SGD([w], lr=lr, momentum=beta),
    "nesterov": lambda w, lr, beta: torch.optim.SGD([w], lr=lr, momentum=beta, nesterov=True),
    "adam": lambda w, lr, beta: torch.optim.Adam([w], lr=lr, betas=(beta, 0.999)),
    "amsgrad": lambda w, lr, beta: torch.optim.Adam([w], lr=lr, betas=(beta, 0.999), amsgrad=True),
    "rmsprop": lambda w, lr, beta: torch.optim.RMSprop([w], lr=lr, momentum=beta),
}
CONTENDERS = [("momentum", 0.0), ("momentum", 0.9), ("momentum", 0.999), ("nesterov", 0.9),
              ("adam", 0.9), ("adam", 0.5), ("amsgrad", 0.9), ("rmsprop", 0.0),
              ("rmsprop", 0.9)]  # fmt: skip
# Phase retrieval's smaller steps: beyond them a path at rest amplifies the last bit. RMSProp's step
# does not shrink with the gradient.
PHASE_STEPS = {("momentum", 0.999): 5e-6, ("rmsprop", 0.9): 5e-5}
EVERY_CONTENDER = pytest.mark.parametrize(("rule", "beta"), CONTENDERS)


def test_every_rule_that_torch_has_is_compared():
    assert set(OPTIMIZERS) == {r.name for r in RULES.values() if not r.boosted}


def walk(rule: str, beta: float, step_size: float, start, gradient) -> np.ndarray:
    """w (T+1, d) of torch's optimizer on the gradients gradient(t, w)."""
    w = torch.tensor(start.copy(), requires_grad=True)
    optimizer = OPTIMIZERS[rule](w, step_size, beta)
    out = [start]
    for t in range(STEPS):
        w.grad = gradient(t, w.detach())
        optimizer.step()
        out.append(w.detach().numpy().copy())
    return np.array(out)


@EVERY_CONTENDER
@pytest.mark.parametrize("landscape", ["toy", "quadratic"])
@pytest.mark.parametrize("rotation", [0.0, 30.0])
def test_with_the_same_noise(rule, beta, landscape, rotation):
    experiment = Experiment(
        landscape=landscape, rotation=rotation, eigenvalues=(1.0, 0.3, -0.1), steps=STEPS, paths=1,
        step_size=2e-3 if beta < 0.99 else 2e-5, noise="gaussian", start=(0.02, 0.01),
        contenders=(Contender(rule, beta),),
    )  # fmt: skip
    noise = 0.1 * np.random.default_rng(5).standard_normal((STEPS, 1, 3))
    q = landscape_of(experiment).basis(experiment)
    a = torch.tensor(q @ np.diag(experiment.eigenvalues) @ q.T)
    turn = torch.tensor(q)

    def gradient(t, w):
        walls = turn @ (10 * (turn.T @ w) ** 9) if landscape == "toy" else 0.0
        return a @ w + walls + torch.tensor(noise[t, 0])

    start = landscape_of(experiment).start(experiment)
    theirs = walk(rule, beta, experiment.step_size, start, gradient)
    ours = simulate(experiment, noise=noise)
    assert oracle.relative_error(ours.w[0, 0], theirs[ours.steps]) <= 1e-12


@EVERY_CONTENDER
def test_with_the_same_samples_of_the_papers_toy(rule, beta):
    step_size = 2e-3 if beta < 0.99 else 2e-5
    contenders = (Contender(rule, beta),)
    experiment = Experiment(steps=STEPS, step_size=step_size, contenders=contenders)
    picks = np.random.default_rng(6).integers(0, experiment.samples, (STEPS, 1))
    b = torch.tensor(landscape_of(experiment).sample_table(experiment))
    a = torch.tensor(experiment.eigenvalues, dtype=torch.float64)

    def gradient(t, w):  # of the paper's (3) at the drawn sample
        return a * w + b[picks[t, 0]] + 10 * w**9

    theirs = walk(rule, beta, experiment.step_size, np.zeros(2), gradient)
    ours = simulate(experiment, noise=picks)
    assert oracle.relative_error(ours.w[0, 0], theirs[ours.steps]) <= 1e-12


@EVERY_CONTENDER
def test_phase_retrieval_with_the_same_batches(rule, beta):
    step_size = PHASE_STEPS.get((rule, beta), 5e-4)
    experiment = Experiment(
        landscape="phase-retrieval", steps=STEPS, paths=1, step_size=step_size,
        contenders=(Contender(rule, beta),),
    )  # fmt: skip
    picks = np.random.default_rng(7).integers(0, experiment.samples, (STEPS, 1, experiment.batch))
    a, y = (torch.tensor(part) for part in landscape_of(experiment).measurements(experiment))

    def gradient(t, w):  # by automatic differentiation of the paper's (4) on the batch
        free = w.clone().requires_grad_(True)
        batch = picks[t, 0]
        (((a[batch] @ free) ** 2 - y[batch]) ** 2).mean().backward()
        return free.grad

    start = landscape_of(experiment).start(experiment)
    theirs = walk(rule, beta, step_size, start, gradient)
    ours = simulate(experiment, noise=picks)
    assert oracle.relative_error(ours.w[0, 0], theirs[ours.steps]) <= 1e-10
