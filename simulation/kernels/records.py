"""The named bundles of arrays that kernels take.

LANES contenders side by side make one SIMD lane each: a wide array (d·LANES,) holds coordinate j
of lane l at j·LANES + l. Source: DESIGN.md section 4.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

LANES = 8  # the most contenders, and the generators a path
BLOCK = 256  # steps whose noise is drawn at once
GAUSSIAN, SAMPLES, NONE, GIVEN, PICKED = range(5)  # kinds of noise
QUADRATIC, TOY, NETWORK, MONKEY, PHASE = range(5)  # codes of landscapes


class Rules(NamedTuple):
    """The update rules' coefficients, wide: m ← βm + g, w ← w − (ην)g − (ηκ)m."""

    beta: Floats
    eta: Floats  # (3, wide): ην (η for Nesterov, 0 for heavy ball), ηκ (η for heavy ball, ηβ for
    # Nesterov), and ηκ at the steps t mod T_thred = 0 of Algorithm 2
    maximal: Floats  # 1 for AMSGrad, whose v̂ never falls
    period: int  # T_thred; 0 when no rule is boosted
    family: int  # of the step that all lanes take: one of step.py's codes


class Problem(NamedTuple):
    """The landscape in the coordinates z that the kernel runs in."""

    code: int
    dimension: int  # d
    eigenvalues: Floats  # (d,); for NETWORK the spectrum of M (k,)
    offset: Floats  # (d,), the constant part of ∇f
    start: Floats  # (d,)
    saddle: Floats  # (d,)
    escape: Floats  # (k, d), orthonormal rows
    cosine: float  # of the angle by which the first plane is turned
    sine: float
    vectors: Floats  # (n, d), PHASE: the a_i
    targets: Floats  # (n,), PHASE: the y_i
    radius: float
    bound: float  # |z| beyond which a path has diverged
    bounded_below: bool  # False: running off down the way out is no divergence


class Noise(NamedTuple):
    """How a step's noise is drawn: x = shift + scale·row, a row being ξ, a sum of b_i, or given."""

    kind: int
    shift: Floats  # (BLOCK·d,), d numbers over and over: the constant part of ∇f, without b̄
    scale: Floats  # (BLOCK·d,): σ, or 1/batch, or 1
    table: Floats  # (n, d): the samples' b_i
    samples: int  # n
    batch: int
    given: Floats  # (paths, rows, d), GIVEN
    picked: Integers  # (paths, rows, batch), PICKED


class Record(NamedTuple):
    """The result, filled in place: shapes as in Trajectories, coordinates as in Problem."""

    steps: Integers  # (K,)
    w: Floats  # (C, P, K, d)
    momentum: Floats
    gradient: Floats
    stochastic_gradient: Floats
    escape_time: Integers  # (C, N)
    diverged_at: Integers  # (C, N)


class State(NamedTuple):
    """One path between two calls."""

    clock: Integers  # (2,): t, and the next place on the recording grid
    random: Words  # (4, LANES)
    body: Floats  # (4, d·LANES): z, m and, for adaptive rules, v, v̂
    eta: Floats  # (3, wide): the rules', 0 where a lane is done
    x: Floats  # (max(BLOCK, n), d·LANES), wide: the noise and constant gradient of a step
    place: Integers  # (BLOCK,): which row of x is each step's
    picks: Integers  # (BLOCK, batch): each step's samples, PHASE only, else (BLOCK, 0)
    live: Floats  # (LANES,), 1 while the lane runs
    limit: Floats  # (LANES,), R² until it has escaped, then ∞


class Interleaved(NamedTuple):
    """What the separable loop needs, wide; g is working room for the other one."""

    separable: bool
    eigenvalues: Floats
    saddle: Floats
    power: float
    g: Floats
