"""The escape line: the quadratic model along the escape direction, and its exact laws.

Source: docs/theory.md; the paper's (3) is the case of one negative eigenvalue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.landscapes.base import NO_SADDLE, Landscape, Linearisation
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import PLAIN, Contender
from simulation.model.experiment import Experiment
from simulation.rules import RULES
from simulation.theory.escape_law import (
    EscapeLaw,
    distance_quantiles,
    escape_law,
    exact_cdf,
    exact_quantile,
)
from simulation.theory.linear_range import is_nonlinear, linear_range_of
from simulation.theory.moments import moments
from simulation.theory.one_step import LINEAR_RULES, largest_stable_step, linear_names, roots
from simulation.theory.returns import returned_share

Floats = NDArray[np.float64]
Numbers = float | Floats

SHARES = (0.1, 0.5, 0.9)
"""Quantile levels of escape times and distances over paths."""

MISSED = 0.025
"""Largest estimated gap P(T ≤ t) − P(|z_t − z*| ≥ R) at which the law of the distance is printed.

The law's median is then within max(4 standard errors of 4,096 paths, 2 %) of the measured one.
"""
SAFETY = 1.5  # factor on the estimate where it decides whether a median is the same step
LOOKS = 0.7
"""Growth, per e-fold of the number of memories within an e-folding time, of the gap over its bound.

Fitted to 540 measured settings; checked on others in tests/simulation/test_law_holds.py.
"""

REPEATED_REASON = "The smallest eigenvalue repeats {count} times; the law is for one way out."
RULES_REASON = f"The exact law is for {linear_names()}; no such optimizer runs here."
RULE_REASON = "There is no exact law for {title}: its update is not linear with one constant step."
NOISELESS_REASON = "There is no noise along the way out, so all paths take the same time."
NONLINEAR_REASON = "The gradient is not linear up to the escape radius."
QUADRATIC_PART_REASON = (
    "The gradient is not linear up to the escape radius: the law is for the quadratic part."
)
LINEAR_RANGE_REASON = (
    "The gradient is not linear up to the escape radius {radius:.3g}: "
    "the saddle is quadratic only up to {linear_range:.3g}."
)
RETURN_REASON = (
    "The escape radius is within the noise: paths cross it and come back, so the exact law of the "
    "distance does not give the escape time"
)
UNSTABLE_REASON = (
    "The step size is above the largest stable one, so the run diverges and the exact law does not "
    "give the escape time"
)
OUTSIDE_REASON = (
    "The start is already beyond the escape radius: raise the radius or start nearer the saddle."
)


@dataclass(frozen=True, slots=True, eq=False)
class EscapeLine:
    """Quadratic model along v: z = ⟨w, v⟩ has gradient λz + c + ξ, ξ ~ N(0, σ²).

    A path escapes at |z − z*| ≥ R. eigenvalue λ, noise_sd σ, tilt c, start z₀, reference z* (the
    saddle's coordinate), radius R: numbers, or arrays (…,) of one shape for many experiments
    (`stack`). linear_range: distance from the saddle along v up to which the gradient is within
    LINEARITY_TOLERANCE of the linear one; ∞ if always, NaN if there is a reason. steepest: the
    largest eigenvalue. is_nonlinear: whether the nonlinear part delays the escape by more than
    DELAY. starts_outside: whether the start is already beyond R. reason: '' or a sentence saying
    why there is no exact law of the distance.
    """

    eigenvalue: Numbers
    noise_sd: Numbers
    tilt: Numbers
    start: Numbers
    reference: Numbers
    radius: Numbers
    linear_range: Numbers
    steepest: Numbers
    is_nonlinear: bool | NDArray[np.bool_]
    starts_outside: bool | NDArray[np.bool_]
    reason: str = ""

    @classmethod
    def of(cls, experiment: Experiment, landscape: Landscape | None = None) -> EscapeLine:
        """Return the escape line of an experiment; `landscape` overrides the experiment's own."""
        if landscape is None:
            return _line_of(experiment.replace(contenders=_deciding(experiment.contenders)))
        model = landscape.linearisation(experiment)
        directions = landscape.escape_directions(experiment)
        saddle, radius = landscape.saddle(experiment), landscape.escape_radius(experiment)
        reason = _reason(experiment, model, len(directions))
        out = int(np.argmax(np.abs(directions[0] @ model.basis)))
        away = (landscape.start(experiment) - saddle) @ directions.T
        return cls(
            eigenvalue=float(model.eigenvalues[out]),
            noise_sd=float(model.noise_sd[out]),
            tilt=float(model.tilt[out]),
            start=float(model.start[out]),
            reference=float((saddle @ model.basis)[out]),
            radius=radius,
            linear_range=np.nan if reason else linear_range_of(experiment, landscape),
            steepest=float(model.eigenvalues.max()),
            is_nonlinear=not reason and is_nonlinear(experiment, landscape),
            starts_outside=bool(np.sqrt(np.einsum("i,i->", away, away)) >= radius),
            reason=reason,
        )

    @classmethod
    def stack(cls, lines: Sequence[EscapeLine], shape: tuple[int, ...]) -> EscapeLine:
        """Stack lines without a reason into one whose numbers are arrays of the given shape."""
        numbers: dict[str, Any] = {
            name: np.array([getattr(line, name) for line in lines]).reshape(shape)
            for name in _NUMBERS
        }
        return cls(**numbers)

    def at(self, place: tuple[int, ...]) -> EscapeLine:
        """Return the line at one index of a stack."""
        numbers: dict[str, Any] = {name: getattr(self, name)[place] for name in _NUMBERS}
        return EscapeLine(**numbers)

    @property
    def escape_reason(self) -> str:
        """'' if the law holds up to the radius, else a sentence saying why not."""
        return self.reason or (NONLINEAR_REASON if self.is_nonlinear else "")

    @property
    def distribution_reason(self) -> str:
        """'' if the escape time is random and its law holds, else a sentence saying why not."""
        if self.reason:
            return self.reason
        if not self.noise_sd > 0:
            return NOISELESS_REASON
        if self.is_nonlinear:
            return LINEAR_RANGE_REASON.format(radius=self.radius, linear_range=self.linear_range)
        return ""

    @property
    def choice_reason(self) -> str:
        """'' if the law allows comparing escape times over β, else a sentence saying why not."""
        if self.starts_outside and self.reason != NO_SADDLE:
            return OUTSIDE_REASON
        return self.reason or (QUADRATIC_PART_REASON if self.is_nonlinear else "")

    def quantile(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike, share: ArrayLike = 0.5
    ) -> Floats:
        """Return the first integer t (…,) with a `share` of the paths outside; NaN if never."""
        return exact_quantile(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius, share=share,
            reference=self.reference, noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip

    def missed(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike, median: ArrayLike
    ) -> Floats:
        """Return an estimate of P(T ≤ t) − P(|z_t − z*| ≥ R) (…,) at the law's `median` t.

        What the law of the distance misses of the escape time's: paths that crossed and came back.
        The bound `returned_share` times 1 + LOOKS·log n, n the number of memories 1/(1−|μ₂|) in an
        e-folding time 1/log μ₁, at most t: a rough path crosses the radius more often.
        """
        back = returned_share(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius, at=median,
            reference=self.reference, noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip
        first, second = (np.abs(m) for m in roots(rule, momentum, step_size, self.eigenvalue))
        with np.errstate(divide="ignore", invalid="ignore"):
            looks = np.minimum((1 - second) / np.log(first), median)
        return back * (1 + LOOKS * np.log(np.maximum(looks, 1)))

    def gives_escape(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike
    ) -> NDArray[np.bool_]:
        """Return whether the law of the distance gives the median escape time (…,).

        It does where the step is stable, the landscape near enough to linear, and the law misses at
        most the share MISSED of the paths, or so few that its median is the same without them.
        """
        median = self.quantile(rule, momentum, step_size)
        missed = self.missed(rule, momentum, step_size, median)
        without = np.clip(0.5 - SAFETY * np.nan_to_num(missed), 1e-6, 0.5)
        same = self.quantile(rule, momentum, step_size, without) == median
        out: NDArray[np.bool_] = (~(missed > MISSED) | same) & ~np.asarray(self.is_nonlinear)
        return out & self.is_stable(rule, momentum, step_size)

    def is_stable(self, rule: str, momentum: ArrayLike, step_size: ArrayLike) -> NDArray[np.bool_]:
        """Return whether the step is below the largest stable one along every direction (…,)."""
        limit = largest_stable_step(rule, momentum, self.steepest)
        return np.asarray(np.asarray(step_size) < limit)

    def silence(self, rule: str, momentum: float, step_size: float) -> str:
        """Return '' if the law gives the escape time, else a clause saying why not, without end."""
        if not self.is_stable(rule, momentum, step_size):
            return UNSTABLE_REASON
        return "" if self.gives_escape(rule, momentum, step_size) else RETURN_REASON

    def time_reason(self, contenders: Sequence[Contender], step_sizes: ArrayLike) -> str:
        """Return '' or why the law gives no escape time to some of the `contenders`, naming them.

        '' where `escape_reason` says why.
        """
        if self.escape_reason:
            return ""
        pairs = zip(contenders, np.asarray(step_sizes), strict=True)
        linear = [(c, eta) for c, eta in pairs if c.rule in LINEAR_RULES]
        why = [self.silence(c.rule, c.momentum, float(eta)) for c, eta in linear]
        said = []
        for reason in dict.fromkeys(filter(None, why)):
            some = [c.label for (c, _), own in zip(linear, why, strict=True) if own == reason]
            who = "" if len(some) == len(linear) else f" of {', '.join(some)}"
            said.append(f"{reason}{who}.")
        return " ".join(said)

    def escape(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike, share: ArrayLike = 0.5
    ) -> Floats:
        """Return the escape time's quantile (…,) in steps; NaN if never or if no law gives it."""
        holds = self.gives_escape(rule, momentum, step_size)
        return np.where(holds, self.quantile(rule, momentum, step_size, share), np.nan)

    def cdf(self, rule: str, momentum: ArrayLike, step_size: ArrayLike, steps: ArrayLike) -> Floats:
        """Return P(|z_t − z*| ≥ R) (…, K) at integer `steps` (K,): a lower bound on P(T ≤ t)."""
        return exact_cdf(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius, steps=steps,
            reference=self.reference, noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip

    def distance(
        self, rule: str, momentum: ArrayLike, step_size: ArrayLike, steps: ArrayLike
    ) -> Floats:
        """Return the quantiles SHARES (3, …, K) of |z_t − z*| at integer `steps` (K,)."""
        at = moments(
            rule, momentum, step_size, self.eigenvalue, steps=steps,
            noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip
        centre = np.asarray(self.reference)[..., None]
        return distance_quantiles(at.w_mean - centre, at.w_var, SHARES)

    def growing(self, rule: str, momentum: ArrayLike, step_size: ArrayLike) -> EscapeLaw:
        """Return the law (…,) of the growing mode alone, accurate for R ≥ 5 s_Z."""
        return escape_law(
            rule, momentum, step_size, self.eigenvalue, radius=self.radius,
            noise_sd=self.noise_sd, tilt=self.tilt, start=self.start,
        )  # fmt: skip


_NUMBERS = tuple(field.name for field in fields(EscapeLine) if field.name != "reason")


@lru_cache(maxsize=64)  # asked for several times a page, and for each β of a drag
def _line_of(experiment: Experiment) -> EscapeLine:
    return EscapeLine.of(experiment, landscape_of(experiment))


def _deciding(contenders: tuple[Contender, ...]) -> tuple[Contender, ...]:
    """Return one contender on which the escape line depends in place of all: a linear one."""
    return (PLAIN,) if any(c.rule in LINEAR_RULES for c in contenders) else contenders


def rule_reason(contender: Contender) -> str:
    """Return '' or a sentence saying why a contender's rule has no exact law."""
    if contender.rule in LINEAR_RULES:
        return ""
    return RULE_REASON.format(title=RULES[contender.rule].label)


def _reason(experiment: Experiment, model: Linearisation, multiplicity: int) -> str:
    """Return '' or a sentence saying why there is no exact law of the distance."""
    if model.applies:
        return model.applies
    if multiplicity > 1:
        return REPEATED_REASON.format(count=multiplicity)
    if not any(c.rule in LINEAR_RULES for c in experiment.contenders):
        return RULES_REASON
    return ""
