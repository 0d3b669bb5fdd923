"""Tail probabilities and quantiles of the folded normal distribution, |a + N(0, 1)|."""

import math

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.jit import jit

Array = NDArray[np.float64]

_ROOT2 = math.sqrt(2.0)
_DENSITY = 1.0 / math.sqrt(2.0 * math.pi)


@jit
def folded_tail(a: Array, x: Array, out: Array) -> None:
    """out[i] = P(|a[i] + N(0, 1)| ≥ x[i]) for x ≥ 0."""
    for i in range(x.size):
        out[i] = 0.5 * (math.erfc((x[i] - a[i]) / _ROOT2) + math.erfc((x[i] + a[i]) / _ROOT2))


@jit
def folded_quantile(a: Array, tail: Array, one_sided: Array, two_sided: Array, out: Array) -> None:
    """out[i] = x with P(|a[i] + N(0, 1)| ≥ x) = tail[i], for a ≥ 0 and 0 < tail < 1.

    one_sided = Φ⁻¹(1 − tail), two_sided = Φ⁻¹(1 − tail/2). They bracket the root: |a + N| is at
    least a + N and, for a ≥ 0, stochastically at least |N|; and at most a + |N|.
    """
    for i in range(a.size):
        low = max(a[i] + one_sided[i], two_sided[i])
        high = a[i] + two_sided[i]
        x = low
        if a[i] == 0.0:
            out[i] = two_sided[i]
            continue
        if a[i] > 9.0 and low > 0.5 * a[i]:  # the folded tail is below 1e-40
            out[i] = a[i] + one_sided[i]
            continue
        for _ in range(60):
            near, far = x - a[i], x + a[i]
            if tail[i] <= 0.5:
                gap = 0.5 * (math.erfc(near / _ROOT2) + math.erfc(far / _ROOT2)) - tail[i]
            else:  # 1 − tail from erf, which avoids cancellation
                gap = (1.0 - tail[i]) - 0.5 * (math.erf(near / _ROOT2) + math.erf(far / _ROOT2))
            if gap > 0.0:
                low = max(low, x)
            else:
                high = min(high, x)
            slope = _DENSITY * (math.exp(-0.5 * near * near) + math.exp(-0.5 * far * far))
            step = gap / slope if slope > 0.0 else high - low
            after = x + step
            if not low <= after <= high:
                after = 0.5 * (low + high)
            moved = abs(after - x)
            x = after
            if moved <= 4e-16 * x or moved == 0.0:
                break
        out[i] = x
