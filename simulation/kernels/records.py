"""The named bundles of arrays that kernels take; C contenders fill the first of LANES lanes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BLOCK = 128  # steps whose noise is drawn at once
GAUSSIAN, SAMPLES, NONE, GIVEN = range(4)
QUADRATIC, TOY = range(2)


class Rules(NamedTuple):
    """Per-lane coefficients: m ← βm + g, w ← w − η(νg + κm); eta[1] is Algorithm 2's boost."""

    beta: Floats  # (LANES,)
    nu: Floats  # (LANES,)
    kappa: Floats  # (LANES,)
    eta: Floats  # (2, LANES)
    period: int


class Problem(NamedTuple):
    """The landscape in eigen-coordinates z: code, dimension d and its numbers."""

    code: int
    eigenvalues: Floats  # (d,)
    offset: Floats  # (d,), the constant part of the gradient
    start: Floats  # (d,)
    saddle: Floats  # (d,)
    escape: Floats  # (k, d), orthonormal rows
    outs: Integers  # (k,), the coordinates that the rows of `escape` are, if they are any
    radius: float
    bound: float  # |z| beyond which a path has diverged
    confined: bool  # False: running off down the escape direction is no divergence


class Noise(NamedTuple):
    """How x, the noise and the constant part of the gradient, is drawn."""

    kind: int
    sd: Floats  # (d,)
    table: Floats  # (n, d), the samples' constant gradients
    batch: int
    given: Floats  # (paths, rows, d), GIVEN only


class Record(NamedTuple):
    """The recorded grid, filled in place: shapes as in Trajectories, eigen-coordinates."""

    steps: Integers  # (K,)
    w: Floats  # (C, P, K, d)
    momentum: Floats
    gradient: Floats
    stochastic_gradient: Floats
    escape_time: Integers  # (C, N)
    diverged_at: Integers  # (C, N)


class State(NamedTuple):
    """One path between two calls; t is `clock[0]`, the next record `clock[1]`."""

    clock: Integers  # (2,)
    random: NDArray[np.uint64]  # (4, LANES)
    z: Floats  # (d, LANES)
    m: Floats  # (d, LANES)
    x: Floats  # (BLOCK, d)
    live: Floats  # (LANES,), 1 while the lane runs
    limit: Floats  # (LANES,), R² until it has escaped, then ∞
