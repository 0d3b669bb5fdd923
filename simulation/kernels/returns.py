"""Share of the paths of the linear recursion that were beyond the radius and are back inside."""

import math

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.jit import jit
from simulation.kernels.moments import LONGEST, SLOTS, combine, first_power

Array = NDArray[np.float64]


@jit
def slots_at(table: Array, t: int, out: Array) -> None:
    """Write the slots of kernels/moments.py at step t < 2^LONGEST from those at powers of two."""
    out[:] = 0.0
    bit = 0
    while t:
        if t & 1:
            combine(out, table[bit], out)
        t >>= 1
        bit += 1


@jit
def both(
    earlier: float,
    earlier_sd: float,
    now: float,
    now_sd: float,
    correlation: float,
    radius: float,
    nodes: Array,
    weights: Array,
) -> float:
    """Return P(|X| ≥ radius, |Y| < radius) of a normal pair with means `earlier` and `now`.

    By quadrature over Y within 9 standard deviations, densest at ±radius; `nodes` and `weights` are
    of [0, 1].
    """
    low, high = max(-radius, now - 9.0 * now_sd), min(radius, now + 9.0 * now_sd)
    if low >= high:
        return 0.0
    half = 0.5 * (high - low)
    left = earlier_sd * math.sqrt(max(1.0 - correlation * correlation, 1e-30)) * math.sqrt(2.0)
    slope = correlation * earlier_sd / now_sd
    total = 0.0
    for end, inwards in ((low, half), (high, -half)):
        for k in range(nodes.size):
            u = nodes[k]
            y = end + inwards * u * u * u
            z = (y - now) / now_sd
            mean = earlier + slope * (y - now)
            tail = math.erfc((radius - mean) / left) + math.erfc((radius + mean) / left)
            total += weights[k] * u * u * math.exp(-0.5 * z * z) * tail
    return 1.5 * half * total / (now_sd * math.sqrt(2.0 * math.pi))


@jit
def returned_shares(
    ones: Array,
    start: Array,
    tilt: Array,
    sd: Array,
    centre: Array,
    radius: Array,
    times: Array,
    shares: Array,
    nodes: Array,
    weights: Array,
    out: Array,
) -> None:
    """out (M,): the largest P(|w_s − centre| ≥ radius, |w_t − centre| < radius), s < t = times.

    s is each of the `shares` of t, rounded. 0 without noise; NaN where `times` is.
    """
    table = np.empty((LONGEST, SLOTS))
    early, step, late = np.empty(SLOTS), np.empty(SLOTS), np.empty(SLOTS)
    for i in range(ones.shape[0]):
        out[i] = 0.0
        if not math.isfinite(times[i]):
            out[i] = math.nan
            continue
        if sd[i] == 0.0:
            continue
        t = int(times[i])
        first_power(ones[i], table[0])
        j = 1
        while j < LONGEST and (t >> j) > 0:
            combine(table[j - 1], table[j - 1], table[j])
            j += 1
        for share in shares:
            s = int(share * t + 0.5)
            if s < 1 or s >= t:
                continue
            slots_at(table, s, early)
            slots_at(table, t - s, step)
            combine(early, step, late)
            earlier, now = start[i] - centre[i], start[i] - centre[i]
            earlier += early[0] * start[i] + early[4] * tilt[i]
            now += late[0] * start[i] + late[4] * tilt[i]
            shared = (1.0 + step[0]) * early[6] + step[1] * early[7]  # Cov(w_s, w_t)/σ²
            before, after = sd[i] * math.sqrt(early[6]), sd[i] * math.sqrt(late[6])
            if not (before > 0.0 and math.isfinite(now) and math.isfinite(after)):
                continue
            rho = shared / math.sqrt(early[6] * late[6])
            found = both(earlier, before, now, after, rho, radius[i], nodes, weights)
            out[i] = max(out[i], found)
