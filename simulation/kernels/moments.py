"""Mean and covariance of the linear recursion x ← Ax + u(c + ξ) at any step, by doubling.

Powers are stored as D_t = Aᵗ − I: near a saddle A differs from I by η|λ|/(1−β), often 1e-5, and
rounding A itself to 1e-16 would cost t·1e-16 of the growth.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.jit import jit

Array = NDArray[np.float64]
Steps = NDArray[np.int64]

SLOTS = 9  # D: ww, wm, mw, mm; r = Σ Aʲu: w, m; P = Σ AʲuuᵀAʲᵀ: ww, wm, mm
LONGEST = 53  # powers of two tried before a path counts as never escaping


@jit
def combine(a: Array, b: Array, out: Array) -> None:
    """Write the slots after s + t steps from those after s (a) and t (b); out may be a or b."""
    d11, d12, d21, d22 = a[0], a[1], a[2], a[3]
    e11, e12, e21, e22 = b[0], b[1], b[2], b[3]
    r1, r2 = b[4], b[5]
    p11, p12, p22 = b[6], b[7], b[8]
    # D_{s+t} = D_s + D_t + D_s D_t
    o11 = d11 + e11 + (d11 * e11 + d12 * e21)
    o12 = d12 + e12 + (d11 * e12 + d12 * e22)
    o21 = d21 + e21 + (d21 * e11 + d22 * e21)
    o22 = d22 + e22 + (d21 * e12 + d22 * e22)
    # r_{s+t} = r_s + Aˢ r_t
    s1 = a[4] + r1 + (d11 * r1 + d12 * r2)
    s2 = a[5] + r2 + (d21 * r1 + d22 * r2)
    # P_{s+t} = P_s + Aˢ P_t Aˢᵀ
    a11, a22 = 1.0 + d11, 1.0 + d22
    t11, t12 = a11 * p11 + d12 * p12, a11 * p12 + d12 * p22
    t21, t22 = d21 * p11 + a22 * p12, d21 * p12 + a22 * p22
    q11 = a[6] + (t11 * a11 + t12 * d12)
    q12 = a[7] + (t11 * d21 + t12 * a22)
    q22 = a[8] + (t21 * d21 + t22 * a22)
    out[0], out[1], out[2], out[3] = o11, o12, o21, o22
    out[4], out[5] = s1, s2
    out[6], out[7], out[8] = q11, q12, q22


@jit
def first_power(one: Array, out: Array) -> None:
    """Write the slots after one step; one = (A − I as ww, wm, mw, mm; u as w, m)."""
    for i in range(6):
        out[i] = one[i]
    out[6], out[7], out[8] = one[4] * one[4], one[4] * one[5], one[5] * one[5]


@jit
def powers_at(ones: Array, steps: Steps, out: Array) -> None:
    """out (M, K, SLOTS): slots of M recursions, given by ones (M, 6), at K steps ≥ 0."""
    bits = 1
    for t in steps:
        while bits < LONGEST and t >> bits:
            bits += 1
    table = np.empty((bits, SLOTS))
    for i in range(ones.shape[0]):
        first_power(ones[i], table[0])
        for j in range(1, bits):
            combine(table[j - 1], table[j - 1], table[j])
        for k in range(steps.size):
            row = out[i, k]
            row[:] = 0.0
            t = steps[k]
            for j in range(bits):
                if (t >> j) & 1:
                    combine(row, table[j], row)


@jit
def outside(
    slots: Array, start: float, tilt: float, sd: float, centre: float, radius: float
) -> float:
    """Return P(|w_t − centre| ≥ radius); 1 if the moments overflow."""
    mean, spread = start - centre, 0.0
    if start != 0.0:  # a power may be infinite: ∞ · 0 counts as 0
        mean += slots[0] * start
    if tilt != 0.0:
        mean += slots[4] * tilt
    if sd != 0.0:
        spread = sd * math.sqrt(max(slots[6], 0.0))
    if not (math.isfinite(mean) and math.isfinite(spread)):
        return 1.0
    if spread == 0.0:
        return 1.0 if abs(mean) >= radius else 0.0
    scale = spread * math.sqrt(2.0)
    return 0.5 * (math.erfc((radius - mean) / scale) + math.erfc((radius + mean) / scale))


@jit
def first_steps(
    ones: Array,
    start: Array,
    tilt: Array,
    sd: Array,
    centre: Array,
    radius: Array,
    share: Array,
    out: Steps,
) -> None:
    """out (M,): the first t with P(|w_t − centre| ≥ radius) ≥ share; −1 if there is none.

    Bisection between powers of two: exact if the probability does not decrease with t.
    """
    table = np.empty((LONGEST, SLOTS))
    here, there = np.empty(SLOTS), np.empty(SLOTS)
    for i in range(ones.shape[0]):
        here[:] = 0.0
        out[i] = -1
        known = (start[i], tilt[i], sd[i], centre[i], radius[i])
        if outside(here, *known) >= share[i]:
            out[i] = 0
            continue
        first_power(ones[i], table[0])
        j = 0
        while j < LONGEST and outside(table[j], *known) < share[i]:
            j += 1
            if j < LONGEST:
                combine(table[j - 1], table[j - 1], table[j])
        if j == LONGEST:
            continue
        t = 0
        for b in range(j - 1, -1, -1):
            combine(here, table[b], there)
            if outside(there, *known) < share[i]:
                here[:] = there
                t += 1 << b
        out[i] = t + 1
