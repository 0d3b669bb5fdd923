"""Guidance on β from h = η|λ₋| and the noise budget.

For heavy ball at the same step size. All functions broadcast over arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.model.parameters import ParameterError
from simulation.theory.one_step import growth_rate

Floats = NDArray[np.float64]

HALVINGS = 60  # bisection steps in log(1−β), to full precision
CLOSEST = 1e-12  # the smallest 1 − β considered


@dataclass(frozen=True, slots=True, eq=False)
class Guidance:
    """Values of β (…,) that delimit where momentum speeds up the escape.

    linear_end: the largest β whose speed-up is within 10 % of 1/(1−β); 1−β ≈ 2.85√h. balance: μ₁ =
    β^−½, where growth per step equals the decay of oscillations; 1−β ≈ (2/√3)√h. ninety_percent:
    the least β with 90 % of the largest possible speed-up; 1−β ≈ 0.211√h.
    """

    linear_end: Floats
    balance: Floats
    ninety_percent: Floats


def guidance(h: ArrayLike) -> Guidance:
    """Return the three values at h = η|λ₋| > 0 (…,), solved exactly rather than for small h.

    Raises ParameterError for h ≤ 0.
    """
    h = np.asarray(h, dtype=np.float64)
    if not np.all(h > 0):
        raise ParameterError("h", h.tolist(), "above 0: η|λ₋| of an escape direction", 1e-3)
    ceiling = growth_rate("momentum", 1 - CLOSEST, h, -1.0)
    plain = np.log1p(h)
    return Guidance(
        # S(β)(1−β) decreases from 1 at β = 0
        linear_end=1 - largest_gap(lambda q: rate(q, h) * q < 0.9 * plain, h),
        balance=1 - largest_gap(lambda q: balance_excess(q, h) < 0, h),
        ninety_percent=1 - largest_gap(lambda q: rate(q, h) >= 0.9 * ceiling, h),
    )


def rate(gap: Floats, h: Floats) -> Floats:
    """Return log μ₁ (...,) per step at β = 1 − gap (...,)."""
    return growth_rate("momentum", 1 - gap, h, -1.0)


def balance_excess(gap: Floats, h: Floats) -> Floats:
    """Return β^{−½} + β^{3/2} − 1 − β − h (...,) at β = 1 − gap.

    Computed as (1−s)²(1+s+s²)/s − h with s = √β and 1−s = gap/(1+s), which avoids cancellation.
    """
    s = np.sqrt(1 - gap)
    with np.errstate(divide="ignore"):
        return np.asarray((gap / (1 + s)) ** 2 * (1 + s + s * s) / s - h)


def largest_gap(holds: Callable[[Floats], NDArray[np.bool_]], like: Floats) -> Floats:
    """Return the largest gap 1−β (...,) in [CLOSEST, 1] where `holds`, by bisection.

    `holds` must be true below and false above that gap.
    """
    low, high = np.full(like.shape, np.log(CLOSEST)), np.zeros(like.shape)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        true = holds(np.exp(middle))
        low, high = np.where(true, middle, low), np.where(true, high, middle)
    return np.where(holds(np.ones(like.shape)), 1.0, np.exp(low))


def settled_price(momentum: ArrayLike, steepness: ArrayLike) -> Floats:
    """Return the settled variance over SGD's (…,) at c = ηλ₊ of the steepest direction.

    (1+β)(2−c)/[(1−β)(2(1+β)−c)], at the same step size, for 0 ≤ c < 2.
    """
    b, c = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (momentum, steepness)))
    return np.asarray((1 + b) * (2 - c) / ((1 - b) * (2 * (1 + b) - c)))


def noise_cap(budget: ArrayLike, steepness: ArrayLike = 0.0) -> Floats:
    """Return the largest β (…,) whose `settled_price` at c = ηλ₊ is at most the budget B ≥ 1.

    The price falls, then rises with β, from 1 at β = 0: all β up to the cap are within the budget.
    1−β is the smaller root q of 2Bq² − (B(4−c) + 2−c)q + 2(2−c) = 0; 1/B for c = 0. Raises
    ParameterError for B < 1 and for c outside [0, 2), where SGD does not settle.
    """
    b, c = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (budget, steepness)))
    if not np.all(b >= 1):
        raise ParameterError("budget", b.tolist(), "1 or more: SGD's own noise is 1", 1.0)
    if not np.all((c >= 0) & (c < 2)):
        raise ParameterError("step_size", c.tolist(), "ηλ₊ in [0, 2): SGD settles", 1.0)
    linear = b * (4 - c) + 2 - c
    root = np.sqrt(np.maximum(linear**2 - 16 * b * (2 - c), 0))
    return np.asarray(1 - 4 * (2 - c) / (linear + root))
