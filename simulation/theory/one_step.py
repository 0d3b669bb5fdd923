"""One eigen-direction of the quadratic model: transition matrix, roots, growth, stability.

h = −ηλ, and the state is x = (w_t, m_{t−1}); x' = Ax + u(c + ξ). All functions broadcast over NumPy
arrays of momentum, step size and eigenvalue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.model.parameters import ParameterError
from simulation.rules import RULES
from simulation.rules.record import Rule

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


LINEAR_RULES: Mapping[str, Rule] = MappingProxyType(
    {name: rule for name, rule in RULES.items() if rule.exact}
)
"""Rule name → its record, for the rules covered by the exact theory."""


def linear_names() -> str:
    """Return the names of LINEAR_RULES for a sentence: `momentum and Nesterov`."""
    *others, last = (rule.inline or rule.label for rule in LINEAR_RULES.values())
    return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True, slots=True, eq=False)
class OneStep:
    """One step m' = βm + λw + c + ξ, w' = w − η(νg + κm') of a linear rule; arrays (…,).

    change: A − I as ww, wm, mw, mm, and push: u, of x' = Ax + u(c + ξ), x = (w, m). δ = μ − 1
    solves δ² + gap·δ − drive = 0 (drive is h for heavy ball and Nesterov); product is μ₁μ₂.
    """

    change: tuple[Floats, Floats, Floats, Floats]
    push: tuple[Floats, Floats]
    gap: Floats
    drive: Floats
    product: Floats


def linear_weights(rule: str, momentum: Floats) -> tuple[Any, Any]:
    """Return ν and κ (each a number or …,) of a linear rule; raises ParameterError for others."""
    weights = RULES[rule].weights if rule in LINEAR_RULES else None
    if weights is None:
        reason = "the exact theory is for " + " and ".join(LINEAR_RULES)
        raise ParameterError("rule", rule, "", next(iter(LINEAR_RULES)), reason=reason)
    return weights(momentum)


def linear_step(rule: str, b: Floats, e: Floats, x: Floats) -> OneStep:
    """Return the OneStep of `rule` at β, η, λ of one shape (…,); raises as `linear_weights`."""
    nu, kappa = linear_weights(rule, b)
    h = -e * x
    return OneStep(
        change=(-e * (nu + kappa) * x, -e * kappa * b, x, b - 1),
        push=(-e * (nu + kappa), np.ones_like(e)),
        gap=1 - b - h * (nu + kappa),
        drive=h * (nu * (1 - b) + kappa),
        product=b * (1 + nu * h),
    )


def broadcast(*values: ArrayLike) -> tuple[Floats, ...]:
    """Return the values as float64 arrays of one common shape."""
    return np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))


def as_contiguous(values: ArrayLike) -> Floats:
    """Return a flat copy (n,), because kernels are compiled for writable contiguous arrays."""
    return np.array(values, dtype=np.float64).ravel()


def transition(
    rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike
) -> tuple[Floats, Floats]:
    """Return A (…, 2, 2) and u (…, 2) of one step, x' = Ax + u(c + ξ) with x = (w_t, m_{t−1}).

    Raises ParameterError for a rule without closed forms.
    """
    b, e, x = broadcast(momentum, step_size, eigenvalue)
    one = linear_step(rule, b, e, x)
    ww, wm, mw, mm = one.change
    A = np.stack([np.stack([1 + ww, wm], -1), np.stack([mw, 1 + mm], -1)], -2)
    return A, np.stack(one.push, -1)


def roots(
    rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike
) -> tuple[Complexes, Complexes]:
    """Return the eigenvalues μ₁, μ₂ of A (each …, complex), |μ₁| ≥ |μ₂|.

    Heavy ball μ² − (1+β−ηλ)μ + β = 0; Nesterov μ² − (1+β)(1−ηλ)μ + β(1−ηλ) = 0. A real μ₁ > 1 is
    accurate to a few ulp of μ₁ − 1.
    """
    b, e, x = broadcast(momentum, step_size, eigenvalue)
    one = linear_step(rule, b, e, x)
    gap, drive = one.gap, one.drive
    square = gap * gap + 4 * drive
    root = np.sqrt(square.astype(np.complex128))
    trace = 2 - gap  # μ₁ + μ₂
    # the root on the side of the trace, free of cancellation; the other from the product
    side = np.where(trace >= 0, 1.0, -1.0)
    first = 1 + 0.5 * (side * root - gap)
    growing = (drive > 0) & (trace >= 0)
    first = np.where(growing, 1 + growth(rule, b, e, x), first)
    with np.errstate(divide="ignore", invalid="ignore"):
        second = np.where(first == 0, 0, one.product / first)
    second = np.where(square < 0, first.conj(), second)
    return first.astype(np.complex128), second.astype(np.complex128)


def growth(rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike) -> Floats:
    """Return δ = μ₁ − 1 of the growing mode (…,): 2h/(b + √(b²+4h)), b = gap; NaN where λ > 0."""
    b, e, x = broadcast(momentum, step_size, eigenvalue)
    one = linear_step(rule, b, e, np.where(x <= 0, x, np.nan))
    gap, drive = one.gap, one.drive
    root = np.sqrt(gap * gap + 4 * drive)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.where(drive == 0, np.maximum(-gap, 0), 2 * drive / (gap + root))
    return np.where(gap < 0, 0.5 * (root - gap), rising)


def growth_rate(
    rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike
) -> Floats:
    """Return log|μ₁| per step (…,): positive where the direction grows, negative where it decays.

    The e-folding time is its inverse, in steps.
    """
    b, e, x = broadcast(momentum, step_size, eigenvalue)
    one = linear_step(rule, b, e, x)
    with np.errstate(divide="ignore", invalid="ignore"):
        settling = np.where(
            one.gap * one.gap + 4 * one.drive < 0,
            0.5 * np.log(np.abs(one.product)),  # |μ|² = μ₁μ₂ of a complex pair
            np.log(np.abs(roots(rule, b, e, x)[0])),
        )
        return np.where(x <= 0, np.log1p(growth(rule, b, e, x)), settling)


def largest_stable_step(rule: str, momentum: ArrayLike, eigenvalue: ArrayLike) -> Floats:
    """Return the largest stable η in a direction of curvature λ (…,); ∞ where λ ≤ 0.

    Heavy ball ηλ < 2(1+β); Nesterov ηλ < 2(1+β)/(1+2β); NaN for a rule without such a limit (Adam).
    """
    b, x = broadcast(momentum, eigenvalue)
    limit = RULES[rule].stable
    if limit is None:
        return np.full(x.shape, np.nan)
    with np.errstate(divide="ignore"):
        return np.where(x > 0, limit.at(b) / np.maximum(x, 0), np.inf)


def is_oscillatory(
    rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike
) -> NDArray[np.bool_]:
    """Return whether μ is complex (…,), so that the direction oscillates.

    For heavy ball: β > (1−√(ηλ))².
    """
    b, e, x = broadcast(momentum, step_size, eigenvalue)
    one = linear_step(rule, b, e, x)
    out: NDArray[np.bool_] = one.gap * one.gap + 4 * one.drive < 0
    return out


def speed_up(rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike) -> Floats:
    """Return S(β) = log μ₁(β)/log μ₁(0) at the same η (…,), for λ < 0; NaN elsewhere.

    About 1/(1−β) while 1−β ≫ √h, then constant at about 1/√h.
    """
    b, e, x = broadcast(momentum, step_size, eigenvalue)
    x = np.where(x < 0, x, np.nan)
    return growth_rate(rule, b, e, x) / np.log1p(-e * x)


@dataclass(frozen=True, slots=True, eq=False)
class Lemma4:
    """The paper's Lemma 4 and the exact response, as logarithms (…, K).

    product: Σ_{j≤n} log(1 + ηθ_j|λ|), θ_j = (1−β^j)/(1−β): growth of a perturbation by Lemma 4.
    response: log e_n of the exact linear recursion; never above the product.
    """

    product: Floats
    response: Floats


def lemma4(
    momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike, steps: ArrayLike
) -> Lemma4:
    """Return Lemma 4 at `steps` n (K,), integers ≥ 0, for heavy ball along λ < 0.

    e_n = k_{n+1} − βk_n, k_j = (μ₁ʲ−μ₂ʲ)/(μ₁−μ₂). Takes time and memory ∝ max(steps). Raises
    ParameterError if an eigenvalue is not negative. Source: the paper's Lemma 4.
    """
    b, e, x = (v[..., None] for v in broadcast(momentum, step_size, eigenvalue))
    if not np.all(x < 0):
        raise ParameterError("eigenvalue", eigenvalue, "below 0: Lemma 4 needs λ < 0", -0.1)
    n = np.asarray(steps, dtype=np.int64)
    j = np.arange(1, int(n.max(initial=0)) + 1)
    theta = (1 - b**j) / (1 - b)
    sums: Floats = np.cumsum(np.log1p(-e * x * theta), axis=-1)
    product: Floats = np.concatenate([np.zeros_like(x), sums], axis=-1)[..., n]
    first, second = (m.real for m in roots("momentum", b, e, x))
    # e_n = [(μ₁−β)μ₁ⁿ + (β−μ₂)μ₂ⁿ]/(μ₁−μ₂)
    tail = (b - second) * (second / first) ** n
    response = n.astype(np.float64) * np.log(first) + np.log((first - b + tail) / (first - second))
    return Lemma4(product, response)
