"""Logarithms of the products Π_{s<τ} (1 − ηθ_sλ) in the paper's APCG (6)."""

import math

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.jit import jit

Array = NDArray[np.float64]


@jit
def log_products(x: Array, beta: Array, horizon: int, out: Array) -> None:
    """out[i] = Σ_{s=1}^{τ−1} log(1 − x θ_s), x = ηλ, θ_s = (1−β^s)/(1−β); NaN if a factor is ≤ 0.

    1 − xθ_s = (1 − xθ_∞)(1 + yβ^s) with y = xθ_∞/(1 − xθ_∞). Factors are multiplied one by one
    until |yβ^s| ≤ 0.9; the remainder is Σ_n (−1)^{n+1} y^n/n · Σ_s β^{ns}, a geometric series in s.
    """
    for i in range(x.size):
        b = beta[i]
        last = horizon - 1
        limit = x[i] / (1.0 - b)  # xθ_∞
        # θ_s grows with s, so the last factor is the smallest.
        if 1.0 - limit * (1.0 - b**last) <= 0.0:
            out[i] = math.nan
            continue
        total, s, kept = 0.0, 0, 1.0  # kept = β^s
        rest = 1.0 - limit
        # Multiply factors until the series converges; y = limit·kept/rest.
        while s < last and not abs(limit * kept * b) <= 0.9 * rest:
            s += 1
            kept *= b
            total += math.log1p(-limit * (1.0 - kept))
        count = last - s
        if count > 0:
            total += count * math.log1p(-limit)
            y = limit * kept / rest
            power, n = 1.0, 0
            while n < 2000:
                n += 1
                power *= -y
                ratio = b**n
                if ratio == 0.0:
                    break
                # Σ_{s=1}^{count} β^{ns}
                run = ratio * -math.expm1(n * count * math.log(b)) / -math.expm1(n * math.log(b))
                term = -power * run / n
                total += term
                if abs(term) <= 1e-17 * abs(total):
                    break
        out[i] = total
