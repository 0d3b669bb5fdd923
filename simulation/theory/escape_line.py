"""The escape line: the quadratic model along the one direction that grows, and its exact laws.

Source: docs/theory.md; the paper's (3) is the case of one negative eigenvalue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.landscapes.base import Landscape, Linearisation
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.rules import RULES
from simulation.theory.escape_law import (
    EscapeLaw,
    distance_quantiles,
    escape_law,
    exact_cdf,
    exact_quantile,
)
from simulation.theory.moments import moments
from simulation.theory.one_step import LINEAR_RULES, linear_names

Floats = NDArray[np.float64]
Numbers = float | Floats

SHARES = (0.1, 0.5, 0.9)
"""Of the paths: the quantiles that are given of an escape time and drawn of a distance."""

LINEARITY_TOLERANCE = 0.05
"""Largest relative error of the linear gradient along v for which the law is used."""

REPEATED_REASON = "The smallest eigenvalue repeats {count} times; the law is for one way out."
RULES_REASON = f"The exact law is for {linear_names()}; no such optimizer runs here."
RULE_REASON = "There is no exact law for {title}: its update is not linear with one constant step."
NOISELESS_REASON = "There is no noise along the way out, so all paths take the same time."
NONLINEAR_REASON = "The landscape bends before the escape radius."
QUADRATIC_PART_REASON = (
    "The landscape bends before the escape radius: the law is for the quadratic part."
)
LINEAR_RANGE_REASON = (
    "The landscape bends before the escape radius {radius:.3g}: "
    "it is a quadratic saddle only up to {linear_range:.3g}."
)
OUTSIDE_REASON = (
    "The start is already beyond the escape radius: raise the radius or start nearer the saddle."
)


@dataclass(frozen=True, slots=True, eq=False)
class EscapeLine:
    """z' of z = ⟨w, v⟩ is driven by λz + c + ξ, ξ ~ N(0, σ²); a path escapes at |z − z*| ≥ R.

    eigenvalue λ, noise_sd σ, tilt c, start z₀, reference z* (the saddle's coordinate), radius R:
    numbers, or arrays (…,) of one shape for many experiments (`stack`). linear_range: how far
    from the saddle along v the gradient is within LINEARITY_TOLERANCE of the linear one, ∞ if
    always, NaN where there is a reason. starts_outside: whether the start is beyond R already.
    reason: '' or one sentence why no exact law of the distance holds.
    """

    eigenvalue: Numbers
    noise_sd: Numbers
    tilt: Numbers
    start: Numbers
    reference: Numbers
    radius: Numbers
    linear_range: Numbers
    starts_outside: bool | NDArray[np.bool_]
    reason: str = ""

    @classmethod
    def of(cls, experiment: Experiment, landscape: Landscape | None = None) -> EscapeLine:
        """The line of an experiment, on `landscape` in place of its own where one is given."""
        landscape = landscape_of(experiment) if landscape is None else landscape
        model = landscape.linearisation(experiment)
        directions = landscape.escape_directions(experiment)
        saddle, radius = landscape.saddle(experiment), landscape.escape_radius(experiment)
        reason = _reason(experiment, model, len(directions))
        out = int(np.argmin(model.eigenvalues))
        away = (landscape.start(experiment) - saddle) @ directions.T
        return cls(
            eigenvalue=float(model.eigenvalues[out]),
            noise_sd=float(model.noise_sd[out]),
            tilt=float(model.tilt[out]),
            start=float(model.start[out]),
            reference=float((saddle @ model.basis)[out]),
            radius=radius,
            linear_range=np.nan if reason else _linear_range(experiment, landscape),
            starts_outside=bool(np.sqrt(np.einsum("i,i->", away, away)) >= radius),
            reason=reason,
        )

    @classmethod
    def stack(cls, lines: Sequence[EscapeLine], shape: tuple[int, ...]) -> EscapeLine:
        """One line whose numbers are arrays of a `shape`, from lines without a reason."""
        numbers: dict[str, Any] = {
            name: np.array([getattr(line, name) for line in lines]).reshape(shape)
            for name in _NUMBERS
        }
        return cls(**numbers)

    def at(self, place: tuple[int, ...]) -> EscapeLine:
        """The line at one place of a stack."""
        numbers: dict[str, Any] = {name: getattr(self, name)[place] for name in _NUMBERS}
        return EscapeLine(**numbers)

    @property
    def is_nonlinear(self) -> bool | NDArray[np.bool_]:
        """Whether the gradient along v departs from the linear one before the radius (…,)."""
        return self.radius > self.linear_range

    @property
    def escape_reason(self) -> str:
        """'' where the law holds up to the radius, else one sentence why it does not."""
        return self.reason or (NONLINEAR_REASON if self.is_nonlinear else "")

    @property
    def distribution_reason(self) -> str:
        """'' where the escape time is random and its law holds, else one sentence why not."""
        if self.reason:
            return self.reason
        if not self.noise_sd > 0:
            return NOISELESS_REASON
        if self.is_nonlinear:
            return LINEAR_RANGE_REASON.format(radius=self.radius, linear_range=self.linear_range)
        return ""

    @property
    def choice_reason(self) -> str:
        """'' where the escape time can be compared over β by its law, else one sentence why not."""
        if self.starts_outside:
            return OUTSIDE_REASON
        return self.reason or (QUADRATIC_PART_REASON if self.is_nonlinear else "")

    def quantile(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike, share: ArrayLike = 0.5
    ) -> Floats:
        """The first whole t (…,) by which a `share` of the paths is outside; NaN if never."""
        return exact_quantile(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius, share=share,
            reference=self.reference, noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip

    def cdf(self, rule: str, momentum: ArrayLike, step_size: ArrayLike, steps: ArrayLike) -> Floats:
        """P(|z_t − z*| ≥ R) (…, K) at whole `steps` (K,): a lower bound on P(T ≤ t)."""
        return exact_cdf(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius, steps=steps,
            reference=self.reference, noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip

    def distance(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike, steps: ArrayLike
    ) -> Floats:
        """The quantiles SHARES (3, …, K) of |z_t − z*| at whole `steps` (K,)."""
        at = moments(
            rule, momentum, step_size, self.eigenvalue, steps=steps,
            noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip
        centre = np.asarray(self.reference)[..., None]
        return distance_quantiles(at.w_mean - centre, at.w_var, SHARES)

    def growing(self, rule: str, momentum: ArrayLike, step_size: ArrayLike) -> EscapeLaw:
        """The law (…,) of the growing mode alone, right for R ≥ 5 s_Z."""
        return escape_law(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius,
            noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip


_NUMBERS = tuple(field.name for field in fields(EscapeLine) if field.name != "reason")


def rule_reason(contender: Contender) -> str:
    """'' or one sentence why a contender's rule has no exact law."""
    if contender.rule in LINEAR_RULES:
        return ""
    return RULE_REASON.format(title=RULES[contender.rule].label)


def _reason(experiment: Experiment, model: Linearisation, multiplicity: int) -> str:
    """'' where the exact law of the distance holds, else one sentence why it does not."""
    if model.applies:
        return model.applies
    if multiplicity > 1:
        return REPEATED_REASON.format(count=multiplicity)
    if not any(c.rule in LINEAR_RULES for c in experiment.contenders):
        return RULES_REASON
    return ""


def _linear_range(experiment: Experiment, landscape: Landscape) -> float:
    """The linear range: ⟨∇f(w* + sv), v⟩ against λs, λ = vᵀ∇²f(w*)v, for |s| ≤ 1000 R."""
    radius = landscape.escape_radius(experiment)
    saddle, v = landscape.saddle(experiment), landscape.escape_directions(experiment)[0]
    s = radius * np.geomspace(0.1, 1000, 241)
    s = np.concatenate([s, -s])
    curvature = v @ landscape.hessian(experiment, saddle) @ v
    slope = landscape.gradient(experiment, saddle + s[:, None] * v) @ v
    with np.errstate(over="ignore", invalid="ignore"):
        error = np.abs(slope - curvature * s)
        beyond = ~(error <= LINEARITY_TOLERANCE * np.abs(curvature * s))
    return float(np.abs(s[beyond]).min(initial=np.inf))
