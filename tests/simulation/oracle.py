"""An independent NumPy loop over steps, written from the equations, to hold the kernels against."""

from __future__ import annotations

import numpy as np

from simulation.experiment import Experiment
from simulation.landscapes import landscape_of

BETA2, EPSILON = 0.999, 1e-8


def update(contender, experiment, step_size, t, state, g):
    """One step of one rule: w, m, v, v̂ (paths, d) in, the same out."""
    w, m, v, highest = state
    beta = contender.momentum
    if contender.rule in ("adam", "amsgrad"):
        m = beta * m + (1 - beta) * g
        v = BETA2 * v + (1 - BETA2) * g**2
        highest = np.maximum(highest, v)
        root = np.sqrt(highest if contender.rule == "amsgrad" else v)
        root = root / np.sqrt(1 - BETA2 ** (t + 1)) + EPSILON
        return w - step_size / (1 - beta ** (t + 1)) * m / root, m, v, highest
    m = beta * m + g
    if contender.rule == "nesterov":
        return w - step_size * (g + beta * m), m, v, highest
    if contender.rule == "boosted" and t % experiment.period == 0:
        return w - experiment.boost * m, m, v, highest
    return w - step_size * m, m, v, highest


def stochastic_gradients(experiment: Experiment, noise):
    """g(t, w) (paths, d) from a noise array, or from sample numbers (steps, paths, batch)."""
    landscape = landscape_of(experiment)
    if not np.issubdtype(noise.dtype, np.integer):
        return lambda t, w: landscape.gradient(experiment, w) + noise[t]
    if experiment.landscape == "phase-retrieval":
        a, y = landscape.measurements(experiment)

        def of_batch(t, w):
            along = np.einsum("pbd,pd->pb", a[noise[t]], w)
            weights = 4 * (along**2 - y[noise[t]]) * along
            return np.einsum("pb,pbd->pd", weights, a[noise[t]]) / noise.shape[2]

        return of_batch
    b = landscape.sample_table(experiment)
    basis = landscape.basis(experiment)

    def of_samples(t, w):
        away = b[noise[t]].mean(axis=1) - b.mean(axis=0)
        return landscape.gradient(experiment, w) + away @ basis.T

    return of_samples


def paths(experiment: Experiment, noise, step_sizes) -> np.ndarray:
    """w (C, N, T+1, d) of every contender at every step; inf and nan once it overflows."""
    g = stochastic_gradients(experiment, noise)
    w0 = landscape_of(experiment).start(experiment)
    out = []
    for contender, step_size in zip(experiment.contenders, step_sizes, strict=True):
        w = np.tile(w0, (experiment.paths, 1))
        state = (w, np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))
        walk = [w]
        with np.errstate(all="ignore"):
            for t in range(experiment.steps):
                state = update(contender, experiment, step_size, t, state, g(t, state[0]))
                walk.append(state[0])
        out.append(np.array(walk).transpose(1, 0, 2))
    return np.array(out)


def first(happened: np.ndarray) -> np.ndarray:
    """The first step (last axis) at which something happened, −1 if never."""
    return np.where(happened.any(axis=-1), happened.argmax(axis=-1), -1)


def relative_error(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest |ours − theirs| over the running maximum of |theirs|; (..., K, d)."""
    scale = np.maximum.accumulate(np.abs(theirs).max(axis=-1), axis=-1)
    error = np.abs(ours - theirs).max(axis=-1)
    return float((error / np.maximum(scale, 1e-300)).max())
