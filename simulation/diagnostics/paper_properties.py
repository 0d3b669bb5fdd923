"""The paper's properties along a run: CNC (2), APAG (5), APCG (6), GrACE (7).

Each has a value at every recorded step, a mask of where the paper's proof requires it, and a mask
of where it is required and fails. They assume m_t = βm_{t−1} + g_t, and so apply to heavy ball,
Nesterov and Algorithm 2. Shapes (..., d) → (...).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.diagnostics.escape import along, length
from simulation.kernels.apcg_weights import log_products
from simulation.landscapes.critical_points import finite
from simulation.landscapes.registry import landscape_of
from simulation.rules import RULES
from simulation.runs.trajectories import Trajectories
from simulation.theory.one_step import as_contiguous

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

EPSILON = 0.02
"""ε of ‖∇f‖ ≥ ε and of the saddle region: the paper's Figure 3."""
HORIZON = 500
"""Default τ of APCG: the paper's Figure 3(f)."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Definition of a property: required values lie above (side 1) or below (side −1) the bound.

    `constant` converts the worst value of a run to the constant of the paper's definition. free:
    whether the definition allows any such constant, so that values beyond the bound are no failure.
    """

    name: str
    side: int
    bound: float
    constant: Callable[[Floats], Floats]
    free: bool = False


DEFINITIONS: Mapping[str, Definition] = MappingProxyType({
    # E_t⟨m_t, v⟩² ≥ γ for some γ > 0: the bound is the smallest positive float. APCG asks for
    # ≥ −c′ with some c′ > 0 and GrACE for ≤ c_h with some c_h ≥ 0: finite values are allowed.
    "cnc": Definition("cnc", 1, float(np.nextafter(0, 1)), lambda worst: worst),
    "apag": Definition("apag", 1, -0.5, lambda worst: worst),
    "apcg": Definition("apcg", 1, 0.0, lambda worst: np.maximum(-worst, 0), free=True),
    "grace": Definition("grace", -1, 0.0, lambda worst: np.maximum(worst, 0), free=True),
})  # fmt: skip
"""Property name → its definition: the paper's (2), (5), (6), (7)."""


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """One property along a run; arrays (C, P, K).

    values: NaN where undefined. required: where the proof requires it. beyond: required, and on the
    other side of `bound` (below it; GrACE: above), where APCG and GrACE need their constant.
    failed: beyond, and no constant is free: of APAG and CNC only. constant (C,): the value that the
    definition's constant would need for the whole run, over the required steps: γ of CNC, c′ of
    APCG, c_h of GrACE, and for APAG the least value itself; NaN if nothing is required.
    """

    name: str
    values: Floats
    required: Mask
    beyond: Mask
    failed: Mask
    bound: float
    constant: Floats


def kept_momentum(momentum: Floats, stochastic_gradient: Floats) -> Floats:
    """Return βm_{t−1} = m_t − g_t (..., d), the part of m_t known before the noise is drawn."""
    kept: Floats = np.asarray(momentum - stochastic_gradient)
    return kept


def quotient(above: Floats, below: Floats) -> Floats:
    """Return above/below (...,); NaN where below is 0."""
    out: Floats = np.divide(above, below, out=np.full_like(below, np.nan), where=below > 0)
    return out


def negative_curvature(
    kept: Floats, gradient: Floats, directions: Floats, noise_variance: ArrayLike
) -> Floats:
    """CNC (2): return E_t‖Vm_t‖² = ‖V(βm_{t−1} + ∇f)‖² + tr VΣVᵀ (...,).

    noise_variance: tr VΣVᵀ (...,), the variance of the gradient noise along `directions` V (k, d).
    """
    push = along(kept + gradient, directions)
    return np.asarray(np.einsum("...i,...i->...", push, push) + noise_variance)


def gradient_alignment(kept: Floats, gradient: Floats) -> Floats:
    """APAG (5): return E_t⟨∇f, m_t − g_t⟩/‖∇f‖² = ⟨∇f, βm_{t−1}⟩/‖∇f‖² (...,); NaN where ∇f = 0.

    Equals β/(μ₁−β) in the pure growing mode; required to be at least −½.
    """
    square = np.einsum("...i,...i->...", gradient, gradient)
    inner = np.einsum("...i,...i->...", kept, gradient)
    return quotient(inner, square)


def curvature_weights(
    eigenvalues: Floats, step_size: ArrayLike, momentum: ArrayLike, horizon: int
) -> Floats:
    """Return M_t/σ_max(M_t) in the Hessian's eigenbasis (..., d): ω_i = exp(2(L_i − max L)).

    eigenvalues (..., d); step_size, momentum (...,). L_i = Σ_{s<τ} log(1 − ηθ_sλ_i). NaN where some
    G_s is not positive, where the paper's definition does not apply.
    """
    eta, beta = (np.asarray(v, dtype=np.float64)[..., None] for v in (step_size, momentum))
    x, b = np.broadcast_arrays(eta * eigenvalues, beta)
    flat = np.empty(x.size)
    log_products(as_contiguous(x), as_contiguous(b), horizon, flat)
    logs = flat.reshape(x.shape)
    weights: Floats = np.exp(2 * (logs - logs.max(axis=-1, keepdims=True)))
    return weights


def curved_correlation(
    expected: Floats,
    gradient: Floats,
    eigenvalues: Floats,
    eigenvectors: Floats,
    step_size: ArrayLike,
    momentum: ArrayLike,
    horizon: int,
) -> Floats:
    """APCG (6): return Σω_i∇f_i E_t[m_i]/(η‖∇f‖²) (...,), in the Hessian's eigenbasis.

    expected (..., d) = βm_{t−1} + ∇f; eigenvalues (..., d), eigenvectors (..., d, d) as columns.
    Equals μ₁/((μ₁−β)η) in the pure growing mode. NaN where ∇f = 0 or M_t is undefined.
    """
    weights = curvature_weights(eigenvalues, step_size, momentum, horizon)
    g, m = (np.einsum("...ji,...j->...i", eigenvectors, v) for v in (gradient, expected))
    square = np.einsum("...i,...i->...", g, g) * np.asarray(step_size)
    inner = np.einsum("...i,...i,...i->...", weights, g, m)
    return quotient(inner, square)


def alignment_or_curvature(
    momentum: Floats,
    stochastic_gradient: Floats,
    gradient: Floats,
    hessian: Floats,
    step_size: ArrayLike,
) -> Floats:
    """GrACE (7): return (η⟨∇f, g − m⟩ + ½η²mᵀHm)/η² (...,), as plotted in the paper's Figure 4."""
    kept = kept_momentum(momentum, stochastic_gradient)
    first = -np.einsum("...i,...i->...", gradient, kept)
    bend = np.einsum("...i,...ij,...j->...", momentum, hessian, momentum)
    return np.asarray(first / np.asarray(step_size) + 0.5 * bend)


def saddle_region(gradient: Floats, eigenvalues: Floats, epsilon: float) -> Mask:
    """Return where ‖∇f‖ ≤ ε and λ_min(∇²f) ≤ −ε (...,): the paper's Definition 1."""
    return np.asarray((length(gradient) <= epsilon) & (eigenvalues.min(axis=-1) <= -epsilon))


def properties(
    run: Trajectories,
    *,
    epsilon: float = EPSILON,
    horizon: int = HORIZON,
    paths: int = 1,
) -> Mapping[str, Property]:
    """Return CNC, APAG, APCG and GrACE along the first `paths` recorded paths of a run.

    Rows of rules whose m_t is not βm_{t−1} + g_t are NaN and never required. Costs C·P·K
    eigendecompositions of d × d. Source: the paper's Definitions 1 to 3.
    """
    experiment, landscape = run.experiment, landscape_of(run.experiment)
    w, m, g, f = (
        a[:, :paths] for a in (run.w, run.momentum, run.stochastic_gradient, run.gradient)
    )
    hessian = landscape.hessian(experiment, w)
    eigenvalues, vectors = np.linalg.eigh(finite(hessian))
    directions = landscape.escape_directions(experiment)
    eta = run.step_sizes[:, None, None]
    beta = np.array([c.momentum for c in experiment.contenders])[:, None, None]
    families = [RULES[contender.rule].family for contender in experiment.contenders]
    defined = np.array([not family.unlike for family in families])[:, None, None]
    alive = steps_alive(run, paths) & defined
    kept = kept_momentum(m, g)
    region = saddle_region(f, eigenvalues, epsilon) & alive
    steep = (length(f) >= epsilon) & alive
    noise = landscape.noise_variance(experiment, w, directions)
    values = {
        "cnc": negative_curvature(kept, f, directions, noise),
        "apag": gradient_alignment(kept, f),
        "apcg": curved_correlation(kept + f, f, eigenvalues, vectors, eta, beta, horizon),
        "grace": alignment_or_curvature(m, g, f, hessian, eta),
    }
    required = {"cnc": region, "apag": steep, "apcg": region, "grace": alive}
    return {
        name: judge(definition, np.where(alive, values[name], np.nan), required[name])
        for name, definition in DEFINITIONS.items()
    }


def judge(definition: Definition, values: Floats, required: Mask) -> Property:
    """Return the Property of values (C, P, K): where they are required and violate the bound."""
    required = required & np.isfinite(values)
    margin = definition.side * (values - definition.bound)
    worst = definition.side * np.where(required, margin, np.inf).min(axis=(1, 2))
    worst = np.where(np.isfinite(worst), worst + definition.bound, np.nan)
    beyond = required & (margin < 0)
    return Property(
        definition.name,
        values,
        required,
        beyond,
        beyond & (not definition.free),
        definition.bound,
        definition.constant(worst),
    )


def steps_alive(run: Trajectories, paths: int) -> Mask:
    """Return the mask (C, P, K) of steps recorded before the path diverged."""
    end = np.where(run.diverged_at < 0, np.iinfo(np.int64).max, run.diverged_at)[:, :paths]
    return np.asarray(run.steps < end[:, : run.w.shape[1], None])
