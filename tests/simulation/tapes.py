"""Walking tapes from Python: one operation on arrays, and a whole gradient at given weights."""

from __future__ import annotations

import numpy as np

from simulation.kernels.records import LANES
from simulation.kernels.tape import evaluate


def apply(code, *arguments):
    """Return one operation of a tape on arrays (n,), n any number."""
    n = len(arguments[0])
    size = -(-n // LANES) * LANES
    inputs = np.zeros((len(arguments), size))
    inputs[:, :n] = arguments
    starts = np.arange(0, size, LANES)
    columns = [starts + size * k for k in range(len(arguments))]
    columns += [np.zeros_like(starts)] * (3 - len(arguments))
    results = starts + inputs.size
    rows = np.stack([np.full_like(starts, code), results, *columns], axis=1)
    out = np.empty(size)
    evaluate(rows, results, np.empty(inputs.size + size), inputs.ravel(), out)
    return out[:n]


def gradient(tape, parameters, w):
    """Return a tape's gradient (n, d) at weights (n, d), LANES rows at a time."""
    w = np.asarray(w, dtype=np.float64)
    padded = np.zeros((-(-len(w) // LANES) * LANES, w.shape[1]))
    padded[: len(w)] = w
    arrays = tape.arrays(parameters)
    found = np.empty_like(padded)
    for first in range(0, len(padded), LANES):
        out = np.empty(w.shape[1] * LANES)
        z = padded[first : first + LANES].T.ravel()
        evaluate(arrays.tape, arrays.results, arrays.slots, z, out)
        found[first : first + LANES] = out.reshape(-1, LANES).T
    return found[: len(w)]
