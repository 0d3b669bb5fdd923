"""Law of the escape time along one growing eigen-direction.

Two forms. The growing mode, w_t ≈ w* + μ₁ᵗZ with Z ~ N(m_Z, s_Z²), has closed forms and is accurate
for R ≳ 5 s_Z. The exact marginal P(|w_t − w_ref| ≥ R) holds at every R; as a law of the first
passage it is a lower bound on P(T ≤ t).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.kernels.moments import first_steps
from simulation.kernels.normal_distribution import folded_quantile as folded_quantile_kernel
from simulation.kernels.normal_distribution import folded_tail as folded_tail_kernel
from simulation.theory.moments import moments, one_step
from simulation.theory.one_step import as_contiguous, broadcast, growth

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_NORMAL = NormalDist()


def normal_quantile(share: float) -> float:
    """Return Φ⁻¹(share) for 0 < share < 1."""
    return _NORMAL.inv_cdf(share)


def normal_cdf(x: ArrayLike) -> Floats:
    """Return Φ(x) (…,)."""
    below = np.asarray(x, dtype=np.float64)
    # |0 + N| ≥ |x| with probability 2Φ(−|x|)
    tail = 0.5 * folded_tail(np.zeros_like(below), np.abs(below))
    return np.where(below < 0, tail, 1 - tail)


def folded_tail(shift: ArrayLike, x: ArrayLike) -> Floats:
    """Return P(|shift + N(0, 1)| ≥ x) (…,); 1 for x ≤ 0."""
    a, at = broadcast(shift, x)
    out = np.empty(a.size)
    folded_tail_kernel(as_contiguous(a), as_contiguous(np.maximum(at, 0)), out)
    return out.reshape(a.shape)


def folded_quantile(shift: ArrayLike, share: ArrayLike) -> Floats:
    """Return the x with P(|shift + N(0, 1)| ≤ x) = share (…,), 0 < share < 1.

    Accurate to a few ulp; bracketed Newton's method.
    """
    a, p = broadcast(shift, share)
    levels, index = np.unique(np.asarray(share, dtype=np.float64), return_inverse=True)
    pairs = np.array([(normal_quantile(float(q)), normal_quantile(0.5 + 0.5 * float(q)))
                      for q in levels])  # fmt: skip
    one, two = np.moveaxis(pairs[index].reshape(*np.shape(share), 2), -1, 0)
    one, two = np.broadcast_to(one, a.shape), np.broadcast_to(two, a.shape)
    out = np.empty(a.size)
    shifts, tails, ones, twos = (as_contiguous(v) for v in (np.abs(a), 1 - p, one, two))
    folded_quantile_kernel(shifts, tails, ones, twos, out)
    return out.reshape(a.shape)


@dataclass(frozen=True, slots=True, eq=False)
class GrowingMode:
    """w_t ≈ rest + μ₁ᵗZ: rate = log μ₁ per step; Z ~ N(mean, sd²); rest = w* = −c/λ. All (…,)."""

    rate: Floats
    mean: Floats
    sd: Floats
    rest: Floats


def growing_mode(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    *,
    noise_sd: ArrayLike = 0.0,
    tilt: ArrayLike = 0.0,
    start: ArrayLike = 0.0,
    start_momentum: ArrayLike = 0.0,
) -> GrowingMode:
    """Return the growing mode along λ < 0 (NaN elsewhere); arguments as in `moments`.

    Heavy ball: s_Z = ησμ₁/[(μ₁−μ₂)√(μ₁²−1)], m_Z = μ₁[(1−μ₂)(w₀−w*) − μ₂ηm₋₁]/(μ₁−μ₂). Nesterov:
    s_Z = ησa₁μ₁/√(μ₁²−1), a₁ = (1+β−μ₂/(1+h))/(μ₁−μ₂). Both are computed from the eigenvectors of
    A, which is equivalent and avoids cancellation. Raises ParameterError for a rule without closed
    forms.
    """
    b, e, x, sd, c, w, m = broadcast(
        momentum, step_size, eigenvalue, noise_sd, tilt, start, start_momentum
    )
    x = np.where(x < 0, x, np.nan)
    delta = growth(rule, b, e, x)
    one = one_step(rule, b, e, x)
    _, wm, mw, mm, uw, um = np.moveaxis(one, -1, 0)
    # Right and left eigenvectors of A − I for δ: (1, mw/(δ − mm)) and (1, wm/(δ − mm)).
    right, left = mw / (delta - mm), wm / (delta - mm)
    scale = 1 / (1 + left * right)
    rest = -c / x
    mean = scale * ((w - rest) + left * m)
    # Z = … + Σ_t μ₁^{−t−1} (left·u) ξ_t, a geometric sum of variances: 1/(μ₁²−1) = 1/(δ(2+δ))
    push = np.abs(scale * (uw + left * um))
    with np.errstate(divide="ignore"):
        spread_z = sd * push / np.sqrt(delta * (2 + delta))
    return GrowingMode(np.log1p(delta), mean, spread_z, rest)


@dataclass(frozen=True, slots=True, eq=False)
class EscapeLaw:
    """The escape time past `radius` (…,) in the growing mode: P(T ≤ t) = P(|Z| ≥ Rμ₁⁻ᵗ).

    Distances are from the rest w* = −c/λ. Accurate for R ≳ 5 s_Z; all results in steps.
    """

    mode: GrowingMode
    radius: Floats

    def cdf(self, steps: ArrayLike) -> Floats:
        """Return P(T ≤ t) (…, K) at times `steps` (K,)."""
        mode = self.mode
        t = np.asarray(steps, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            level = self.radius[..., None] * np.exp(-mode.rate[..., None] * t) / mode.sd[..., None]
            return folded_tail((mode.mean / mode.sd)[..., None], level)

    def quantile(self, share: ArrayLike) -> Floats:
        """Return the time (…, Q) by which a `share` (Q,) of all paths has escaped; ∞ if none does.

        t_p = log(R/q)/log μ₁ with q the 1−p quantile of |Z|: s_Z Φ⁻¹(1−p/2) where m_Z = 0.
        """
        mode = self.mode
        p = np.atleast_1d(np.asarray(share, dtype=np.float64))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (mode.mean / mode.sd)[..., None]
            noisy = mode.sd[..., None] * folded_quantile(np.nan_to_num(ratio), 1 - p)
            size = np.where(mode.sd[..., None] > 0, noisy, np.abs(mode.mean)[..., None])
            t = np.log(self.radius[..., None] / size) / mode.rate[..., None]
        return np.maximum(t, 0)

    def mean(self) -> Floats:
        """Return E[T] (…,): (log R − E log|Z|)/log μ₁ + ½, the ½ because steps are integers."""
        first, _ = log_moments(self.mode)
        return (np.log(self.radius) - first) / self.mode.rate + 0.5

    def sd(self) -> Floats:
        """Return the standard deviation of T (…,): sd(log|Z|)/log μ₁; (π/√8)/log μ₁ if m_Z = 0."""
        _, second = log_moments(self.mode)
        return np.sqrt(second) / self.mode.rate


def escape_law(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    *,
    radius: ArrayLike,
    **noise: ArrayLike,
) -> EscapeLaw:
    """Return the growing-mode law of the escape past `radius`; `noise` as in `growing_mode`."""
    mode = growing_mode(rule, momentum, step_size, eigenvalue, **noise)
    return EscapeLaw(mode, np.broadcast_to(np.asarray(radius, dtype=np.float64), mode.rate.shape))


def log_moments(mode: GrowingMode) -> tuple[Floats, Floats]:
    """Return the mean and variance (each …,) of log|Z|.

    Z²/s_Z² is a Poisson(m_Z²/2s_Z²) mixture of χ² with 1 + 2j degrees of freedom, whose logarithm
    has mean log 2 + ψ(½+j) and variance ψ₁(½+j).
    """
    out = [
        _log_moments(float(m), float(s))
        for m, s in zip(np.ravel(mode.mean), np.ravel(mode.sd), strict=True)
    ]
    first, second = np.array(out).reshape(*mode.mean.shape, 2).T
    return first.T, second.T


def _log_moments(mean: float, sd: float) -> tuple[float, float]:
    if not sd > 0:
        return (math.log(abs(mean)), 0.0) if mean else (-math.inf, 0.0)
    a = abs(mean) / sd
    if a > 30:  # log|a + N| = log a + N/a − N²/2a² + …
        v = 1 / a**2
        return math.log(abs(mean)) - v / 2 - 3 * v * v / 4, v + 2.5 * v * v
    j = np.arange(int(a * a / 2 + 12 * a + 40))
    half = 0.5 + j
    # ψ(½+j) = ψ(½) + Σ 1/(½+i), ψ₁(½+j) = π²/2 − Σ 1/(½+i)²
    digamma = -np.euler_gamma - 2 * math.log(2) + np.concatenate([[0], np.cumsum(1 / half[:-1])])
    trigamma = math.pi**2 / 2 - np.concatenate([[0], np.cumsum(1 / half[:-1] ** 2)])
    log_weight = j * (math.log(a * a / 2) if a else -math.inf) if a else np.where(j, -np.inf, 0.0)
    log_weight = log_weight - np.array([math.lgamma(k + 1) for k in j]) - a * a / 2
    weight = np.exp(log_weight)
    chi = math.log(2) + digamma
    first = float(weight @ chi)
    second = float(weight @ (trigamma + chi**2)) - first**2
    return math.log(sd) + first / 2, second / 4


def exit_probability(mode: GrowingMode) -> Floats:
    """Return P(escape along +v) = P(Z > 0) = Φ(m_Z/s_Z) (…,); ½ where m_Z = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return normal_cdf(np.where(mode.mean == 0, 0.0, mode.mean / mode.sd))


def exact_cdf(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    *,
    radius: ArrayLike,
    steps: ArrayLike,
    reference: ArrayLike = 0.0,
    **noise: ArrayLike,
) -> Floats:
    """Return the marginal P(|w_t − reference| ≥ radius) (…, K): a lower bound on P(T ≤ t).

    `noise` and `steps` as in `moments`; any λ.
    """
    m = moments(rule, momentum, step_size, eigenvalue, steps=steps, **noise)
    far, centre = (np.asarray(v, dtype=np.float64)[..., None] for v in (radius, reference))
    return outside(m.w_mean - centre, m.w_var, far)


def outside(mean: Floats, var: Floats, radius: Floats) -> Floats:
    """Return P(|X| ≥ radius) for X ~ N(mean, var), elementwise; 1 for infinite moments."""
    sd = np.sqrt(np.maximum(var, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        tail = folded_tail(mean / sd, radius / sd)
    still = (np.abs(mean) >= radius).astype(np.float64)
    finite = np.isfinite(mean) & np.isfinite(sd)
    return np.where(finite, np.where(sd > 0, tail, still), 1.0)


def exact_quantile(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    *,
    radius: ArrayLike,
    share: ArrayLike = 0.5,
    reference: ArrayLike = 0.0,
    noise_sd: ArrayLike = 0.0,
    tilt: ArrayLike = 0.0,
    start: ArrayLike = 0.0,
) -> Floats:
    """Return the first integer t (…,) with P(|w_t − reference| ≥ radius) ≥ share; NaN if never.

    By bisection on the exact marginal.
    """
    b, e, x, far, p, centre, sd, c, w = broadcast(
        momentum, step_size, eigenvalue, radius, share, reference, noise_sd, tilt, start
    )
    out = np.empty(b.size, dtype=np.int64)
    ones = one_step(rule, b, e, x).reshape(-1, 6)
    w0, c0, s0, r0, far0, p0 = (as_contiguous(v) for v in (w, c, sd, centre, far, p))
    first_steps(np.array(ones), w0, c0, s0, r0, far0, p0, out)
    return np.where(out < 0, np.nan, out.astype(np.float64)).reshape(b.shape)


def distance_quantiles(mean: Floats, var: Floats, shares: tuple[float, ...]) -> Floats:
    """Return quantiles (Q, …) of |X|, X ~ N(mean, var) elementwise; NaN where they are infinite.

    This is the law of the escape distance |⟨w_t − w_ref, v⟩| at each t.
    """
    sd = np.sqrt(np.maximum(var, 0))
    usable = np.isfinite(mean) & np.isfinite(sd) & (sd > 0)
    ratio = np.where(usable, mean, 0) / np.where(usable, sd, 1)
    finite = np.where(np.isfinite(mean) & np.isfinite(sd), np.abs(mean), np.nan)
    return np.stack([np.where(usable, sd * folded_quantile(ratio, q), finite) for q in shares])
