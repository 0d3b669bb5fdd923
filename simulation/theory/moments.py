"""Exact mean and covariance of (w_t, m_{t−1}) along one eigen-direction, at any t, by doubling.

Exact for `quadratic` with additive noise; accurate to 1e-12 everywhere, including double roots,
where the closed form in two roots loses half its digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.kernels.moments import SLOTS, powers_at
from simulation.theory.one_step import broadcast, linear_step, linear_weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Moments at K steps; arrays have the parameters' broadcast shape followed by (K,).

    w_mean, w_var: of w_t. before_mean, before_var, before_cov: of m_{t−1}, and its covariance with
    w_t. m_mean, m_var, m_cov: of m_t, computed at w_t, and its covariance with w_t; at t = 0 m_0 =
    g_0. Values that overflow are ±inf.
    """

    w_mean: Floats
    w_var: Floats
    before_mean: Floats
    before_var: Floats
    before_cov: Floats
    m_mean: Floats
    m_var: Floats
    m_cov: Floats


def one_step(rule: str, momentum: ArrayLike, step_size: ArrayLike, eigenvalue: ArrayLike) -> Floats:
    """Return the kernel's form (…, 6) of one step: A − I as ww, wm, mw, mm, then u as w, m.

    Raises ParameterError for a rule without closed forms.
    """
    one = linear_step(rule, *broadcast(momentum, step_size, eigenvalue))
    return np.stack([*one.change, *one.push], axis=-1)


def powers(ones: Floats, steps: ArrayLike) -> Floats:
    """Return the slots (…, K, 9) of kernels/moments.py at integer `steps` (K,) ≥ 0, from (…, 6)."""
    t = np.array(steps, dtype=np.int64).ravel()
    flat = np.array(ones.reshape(-1, 6))
    out = np.empty((len(flat), len(t), SLOTS))
    powers_at(flat, t, out)
    return out.reshape(*ones.shape[:-1], len(t), SLOTS)


def grown(power: Floats, amount: Floats) -> Floats:
    """Return power · amount (...,); 0 where the amount is 0, even if the power is infinite."""
    return np.where(amount == 0, 0.0, power * amount)


def moments(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    *,
    steps: ArrayLike,
    noise_sd: ArrayLike = 0.0,
    tilt: ArrayLike = 0.0,
    start: ArrayLike = 0.0,
    start_momentum: ArrayLike = 0.0,
) -> Moments:
    """Return the moments at `steps` (K,), integers ≥ 0; all other arguments broadcast.

    start is w_0 and start_momentum m_{−1}, both deterministic; noise_sd is σ and tilt c of g = λw +
    c + ξ. Mean ← A·mean + uc; S ← ASAᵀ + σ²uuᵀ. Raises ParameterError for a rule without closed
    forms.
    """
    b, e, x, sd, c, w, m = (
        v[..., None]
        for v in broadcast(momentum, step_size, eigenvalue, noise_sd, tilt, start, start_momentum)
    )
    with np.errstate(over="ignore", invalid="ignore"):
        slots = powers(one_step(rule, b[..., 0], e[..., 0], x[..., 0]), steps)
        ww, wm, mw, mm, rw, rm, pww, pwm, pmm = np.moveaxis(slots, -1, 0)
        w_mean = w + grown(ww, w) + grown(wm, m) + grown(rw, c)
        before = m + grown(mw, w) + grown(mm, m) + grown(rm, c)
        var = sd**2
        w_var, cov, before_var = grown(pww, var), grown(pwm, var), grown(pmm, var)
        # m_t = βm_{t−1} + λw_t + c + ξ_t, with ξ_t independent of both
        m_mean = b * before + x * w_mean + c
        m_var = b * b * before_var + x * x * w_var + 2 * b * x * cov + var
        m_cov = b * cov + x * w_var
    return Moments(
        *(
            np.nan_to_num(v, nan=np.inf, posinf=np.inf, neginf=-np.inf)
            for v in (w_mean, w_var, before, before_var, cov, m_mean, m_var, m_cov)
        )
    )


def stationary_variance(
    rule: str,
    momentum: ArrayLike,
    step_size: ArrayLike,
    eigenvalue: ArrayLike,
    noise_sd: ArrayLike = 1.0,
) -> tuple[Floats, Floats]:
    """Return the stationary Var w and Var m (each …) in a stable direction λ > 0; inf elsewhere.

    Heavy ball: ησ²(1+β)/[λ(1−β)(2(1+β)−ηλ)] and 2σ²/[(1−β)(2(1+β)−ηλ)]. In general, with weights ν
    and κ, d = ν(1−β)+κ, p = 1−β+βνηλ and l = 2(1+β)−(ν+κ+βν)ηλ: ησ²[d(1+β)+βνηλ(2(ν+κ)−d)]/(λpl)
    and 2σ²/(pl), from S = ASAᵀ + σ²uuᵀ. Raises ParameterError for a rule without closed forms.
    """
    b, e, x, sd = broadcast(momentum, step_size, eigenvalue, noise_sd)
    nu, kappa = linear_weights(rule, b)
    c = e * x
    d = nu * (1 - b) + kappa
    settling = 1 - b + b * nu * c
    limit = 2 * (1 + b) - (nu + kappa + b * nu) * c
    with np.errstate(divide="ignore", invalid="ignore"):
        top = d * (1 + b) + b * nu * c * (2 * (nu + kappa) - d)
        w_var = e * sd**2 * top / (x * settling * limit)
        m_var = 2 * sd**2 / (settling * limit)
    stable = (x > 0) & (limit > 0)
    return np.where(stable, w_var, np.inf), np.where(stable, m_var, np.inf)
