"""Named tuples of arrays that kernels take as arguments.

LANES contenders run side by side, one per SIMD lane: a wide array (d·LANES,) holds coordinate j of
lane l at j·LANES + l.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

LANES = 8  # most contenders; also the number of generators per path
BLOCK = 256  # steps whose noise is drawn together, which decides who gets which random number;
# also the most steps between two checks for events: longer ones are no faster
GAUSSIAN, SAMPLES, NONE, GIVEN, PICKED = range(5)  # kinds of noise
QUADRATIC, TOY, NETWORK, PHASE, FORMULA = range(5)  # codes of landscapes


class Rules(NamedTuple):
    """Coefficients of the update rules, wide: m ← βm + g, w ← w − (ην)g − (ηκ)m."""

    beta: Floats
    eta: Floats  # (3, wide): ην (η for Nesterov, 0 for heavy ball), ηκ (η for heavy ball, ηβ for
    # Nesterov), and ηκ at the steps t mod T_thred = 0 of Algorithm 2
    maximal: Floats  # 1 for AMSGrad, whose v̂ never decreases
    period: int  # T_thred; 0 if no rule is boosted
    family: int  # step.py's code of the step that all lanes take


class TapeArrays(NamedTuple):
    """∇f as operations on slots of LANES numbers (tape.py); these fields of a Problem."""

    tape: Integers
    results: Integers
    slots: Floats


class Problem(NamedTuple):
    """The landscape in the coordinates z used by the kernel."""

    code: int
    dimension: int  # d
    eigenvalues: Floats  # (d,); for NETWORK the spectrum of M (k,)
    offset: Floats  # (d,), the constant part of ∇f
    start: Floats  # (d,)
    saddle: Floats  # (d,)
    escape: Floats  # (k, d), orthonormal rows
    cosine: float  # of the rotation angle of the first plane
    sine: float
    vectors: Floats  # (n, d), PHASE: the a_i
    targets: Floats  # (n,), PHASE: the y_i
    tape: Integers  # (n, 5), FORMULA: operations of ∇f on slots; otherwise (0, 5)
    results: Integers  # (d,), FORMULA: indices of ∂f/∂z in slots; otherwise (0,)
    slots: Floats  # (slots·LANES,), FORMULA: z's place, constants, scratch space; otherwise (0,)
    radius: float
    bound: float  # a path with |z| above it has diverged
    falling: Floats  # (d,), 1 where f → −∞ along z_j: running off there is not divergence


class Noise(NamedTuple):
    """Noise of a step: x = shift + scale·row; a row is ξ, a sum of b_i, or given."""

    kind: int
    shift: Floats  # (BLOCK·d,), d numbers repeated: the constant part of ∇f, without b̄
    scale: Floats  # (BLOCK·d,): σ, or 1/batch, or 1
    table: Floats  # (n, d): the samples' b_i
    samples: int  # n
    batch: int
    given: Floats  # (paths, rows, d), GIVEN
    picked: Integers  # (paths, rows, batch), PICKED


class Record(NamedTuple):
    """Output of a run, filled in place: shapes as in Trajectories, coordinates as in Problem."""

    steps: Integers  # (K,)
    w: Floats  # (C, P, K, d)
    momentum: Floats
    gradient: Floats
    stochastic_gradient: Floats
    escape_time: Integers  # (C, N)
    diverged_at: Integers  # (C, N)


class State(NamedTuple):
    """State of one path between two calls."""

    clock: Integers  # (2,): t, and the next index on the recording grid
    random: Words  # (4, LANES)
    body: Floats  # (4, d·LANES): z, m and what else the family has: v, v̂ of Adam
    eta: Floats  # (3, wide): as in Rules, 0 in finished lanes
    x: Floats  # (max(BLOCK, n), d): the noise and constant gradient of a step
    place: Integers  # (BLOCK,): index of each step's row of x
    picks: Integers  # (BLOCK, batch): each step's samples, PHASE only, else (BLOCK, 0)
    slots: Floats  # a copy of the problem's: z's place and scratch space of FORMULA
    live: Floats  # (LANES,), 1 while the lane is running
    limit: Floats  # (LANES,), R² until the lane has escaped, then ∞


class Scratch(NamedTuple):
    """Working arrays of the loops over steps."""

    g: Floats  # wide
    unbiased: Floats  # wide
    peak: Floats  # (LANES,), or wide on separable landscapes: largest squared escape distance
    far: Floats  # wide: largest z²
