"""Independent NumPy implementation of the steps, as a reference for the kernels."""

from __future__ import annotations

from functools import partial

import numpy as np

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment

BETA2, ALPHA, EPSILON = 0.999, 0.99, 1e-8


def heavy_ball(beta, experiment, eta, t, state, g):
    w, m, *kept = state
    m = beta * m + g
    return w - eta * m, m, *kept


def nesterov(beta, experiment, eta, t, state, g):
    w, m, *kept = state
    m = beta * m + g
    return w - eta * (g + beta * m), m, *kept


def boosted(beta, experiment, eta, t, state, g):
    large = t % experiment.period == 0
    return heavy_ball(beta, experiment, experiment.boost if large else eta, t, state, g)


def adam(beta, experiment, eta, t, state, g, amsgrad=False):
    w, m, v, highest = state
    m = beta * m + (1 - beta) * g
    v = BETA2 * v + (1 - BETA2) * g**2
    highest = np.maximum(highest, v)
    root = np.sqrt(highest if amsgrad else v)
    root = root / np.sqrt(1 - BETA2 ** (t + 1)) + EPSILON
    return w - eta / (1 - beta ** (t + 1)) * m / root, m, v, highest


def rmsprop(beta, experiment, eta, t, state, g):
    w, m, v, highest = state
    v = ALPHA * v + (1 - ALPHA) * g**2
    m = beta * m + g / (np.sqrt(v) + EPSILON)
    return w - eta * m, m, v, highest


# Rule name → one step: β, the experiment, η, t, the state (w, m, v, v̂), each (paths, d), and g in,
# the state out.
STEPS = {
    "momentum": heavy_ball,
    "nesterov": nesterov,
    "boosted": boosted,
    "adam": adam,
    "amsgrad": partial(adam, amsgrad=True),
    "rmsprop": rmsprop,
}


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
                given = (contender.momentum, experiment, step_size, t, state, g(t, state[0]))
                state = STEPS[contender.rule](*given)
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
