"""Escape time, stationary variance and guidance as functions of β, all else unchanged.

Contains all numbers of the Choose β tab, so that its figures need no arithmetic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import EscapeStatistics
from simulation.landscapes.base import Linearisation
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import MOMENTUM
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.model.parameters import Number
from simulation.results.beta_measurement import RULE, Measurement, measured_experiment
from simulation.results.settled_price import cap_at, no_price, price_at, sgd_diverges, steps_at
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from simulation.theory.escape_line import OUTSIDE_REASON, SHARES, EscapeLine
from simulation.theory.guidance import Guidance, guidance
from simulation.theory.one_step import speed_up

Floats = NDArray[np.float64]

POINTS = 121  # curve points, evenly spaced in log 1/(1−β)
SGD, LINEAR, BALANCE, CAP = "SGD", "linear end", "balance", "noise cap"
CEILING, NEAR = "90 % of the ceiling", "90 % of the best"
STAYS = "stable"
ADVISED = (BALANCE, NEAR, CAP)

SGD_DIVERGES = (
    "SGD itself diverges on {diverged} of the {total} measured paths, "
    "so there is nothing to compare with."
)

BUDGET = Number(
    field="budget", key="budget", symbol="×", label="Noise budget", default=10.0, low=1.0,
    high=10_000.0, scale="log", step=0.01,
    help="Largest acceptable stationary variance, as a multiple of SGD's: it limits β. The "
         "default, 10, is about three times SGD's standard deviation.",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A marked value of β and the quantities there; NaN where undefined.

    name: SGD or "linear end", "balance", "90 % of the ceiling", "noise cap"; if the step size is
    not held fixed, "90 % of the best" instead of the first three after SGD; "stable",
    where paths are measured to diverge at the β otherwise advised; or a contender's label.
    escape: median steps by the exact law. speed_up: ratio of SGD's median to it (see
    `BetaChoice.by_law`). price: ratio of the stationary variance to SGD's. settling: steps in which
    a perturbation along the steepest direction decays by a factor e.
    """

    name: str
    momentum: float
    escape: float
    speed_up: float
    price: float
    settling: float


@dataclass(frozen=True, slots=True, eq=False)
class BetaChoice:
    """Escape time and stationary variance of heavy ball against β.

    M curve points, P measured points. momenta (M,), ascending from 0; step_sizes (M,) after `hold`;
    escape (M, 3): 10, 50 and 90 % quantiles of the exact law in steps; price (M,): stationary
    variance over SGD's along the steepest direction; settling (M,): steps in which a perturbation
    there decays by a factor e, and is_oscillatory (M,) whether it oscillates. NaN where undefined.
    racing: a Mark for each of the C contenders, NaN for other rules. measured_momenta (P,),
    measured: over `paths` paths of the seed; diverges (P,): whether at least half of them diverge.
    marks: SGD, the guidance, the noise cap if there is a price; empty without guidance. advised:
    index of the recommended mark, −1 without. by_law: whether speed-ups are ratios of medians by
    the exact law, NaN where it gives none; else, at the same η, of growth rates, S(β). reason: ''
    or why there is no exact law; no_price: '' or why no price; no_guidance: '' or why no marks.
    """

    experiment: Experiment
    budget: float
    momenta: Floats
    step_sizes: Floats
    escape: Floats
    price: Floats
    settling: Floats
    is_oscillatory: NDArray[np.bool_]
    racing: tuple[Mark, ...]
    measured_momenta: Floats
    measured: tuple[EscapeStatistics, ...]
    diverges: NDArray[np.bool_]
    paths: int
    marks: tuple[Mark, ...]
    advised: int
    by_law: bool
    reason: str
    no_price: str
    no_guidance: str


def choose_beta(experiment: Experiment, budget: float, seen: Measurement) -> BetaChoice:
    """Return the BetaChoice for an experiment and a noise budget B ≥ 1."""
    model, line = landscape_of(experiment).linearisation(experiment), _line(experiment)
    momenta = 1 - np.geomspace(1.0, 1 - MOMENTUM.high, POINTS)
    escape = _law(experiment, line, momenta)
    sizes = steps_at(experiment, momenta)
    price, settling, swings = price_at(experiment, momenta)
    silence = line.silence(RULE, 0.0, float(sizes[0]))
    no_law = line.choice_reason or (f"{silence}." if silence else "")
    no_law = AT_REST_REASON if is_at_rest(experiment) else no_law
    no_guidance = _no_guidance(experiment, model, no_law)
    plain = seen.measured[0]
    if not no_guidance and plain.diverged:
        no_guidance = SGD_DIVERGES.format(diverged=plain.diverged, total=plain.total)
    shares_step = HOLDS[experiment.hold].shares_step
    curve = (momenta, escape[:, 1], price)
    named = () if no_guidance else _named(experiment, model, budget, curve)
    named += _stays(named, seen)
    asked = np.clip([0.0, *(beta for _, beta in named)], 0.0, MOMENTUM.high)
    by_law = bool((_law(experiment, line, asked)[:, 1] > 0).all()) or not shares_step
    marks = _marks(experiment, line, model, named, by_law)
    return BetaChoice(
        experiment=experiment,
        budget=budget,
        momenta=momenta,
        step_sizes=sizes,
        escape=escape,
        price=price,
        settling=settling,
        is_oscillatory=swings,
        racing=_racing(experiment, line, model, by_law),
        measured_momenta=seen.momenta,
        measured=seen.measured,
        diverges=np.array([e.diverges for e in seen.measured]),
        paths=seen.paths,
        marks=marks,
        advised=_advised(marks),
        by_law=by_law,
        reason="" if np.isfinite(escape[:, 1]).any() else no_law,
        no_price=no_price(experiment),
        no_guidance=no_guidance,
    )


def _line(experiment: Experiment) -> EscapeLine:
    """Return the escape line for heavy ball, whatever the experiment's contenders."""
    return EscapeLine.of(measured_experiment(experiment))


def _law(experiment: Experiment, line: EscapeLine, momenta: Floats) -> Floats:
    """Return quantiles (M, 3) of the escape time by the exact law; NaN where it does not hold."""
    if line.choice_reason:
        return np.full((len(momenta), len(SHARES)), np.nan)
    sizes = steps_at(experiment, momenta)
    return line.escape(RULE, momenta[:, None], sizes[:, None], share=np.array(SHARES))


def _racing(
    experiment: Experiment, line: EscapeLine, model: Linearisation, by_law: bool
) -> tuple[Mark, ...]:
    """Return a Mark for each contender, with NaN for rules other than heavy ball."""
    contenders = experiment.contenders
    named = tuple((c.label, c.momentum) for c in contenders)
    marks = _marks(experiment, line, model, named, by_law)
    return tuple(
        mark if contender.rule == RULE else Mark(mark.name, mark.momentum, *(math.nan,) * 4)
        for mark, contender in zip(marks, contenders, strict=True)
    )


def _no_guidance(experiment: Experiment, model: Linearisation, no_law: str) -> str:
    """Return '' if guidance on β is available, else a sentence saying why not."""
    if is_at_rest(experiment):
        return AT_REST_REASON
    if model.applies:
        return model.applies
    if float(model.eigenvalues.min()) >= 0:
        return "No eigenvalue is negative at the saddle, so there is no escape to accelerate."
    if no_law == OUTSIDE_REASON:
        return OUTSIDE_REASON
    shares_step = HOLDS[experiment.hold].shares_step
    return sgd_diverges(experiment, model) or ("" if shares_step else no_law)


def _named(
    experiment: Experiment, model: Linearisation, budget: float, curve: tuple[Floats, ...]
) -> tuple[tuple[str, float], ...]:
    """Return the named values of β; from the curves if the step size is not held fixed."""
    momenta, escape, _ = curve
    cap = () if no_price(experiment) else ((CAP, cap_at(experiment, budget, curve)),)
    if HOLDS[experiment.hold].shares_step:
        known: Guidance = guidance(-experiment.step_size * float(model.eigenvalues.min()))
        return (
            (SGD, 0.0),
            (LINEAR, float(known.linear_end)),
            (BALANCE, float(known.balance)),
            (CEILING, float(known.ninety_percent)),
            *cap,
        )
    near = escape <= np.nanmin(escape, initial=np.inf) / 0.9
    return ((SGD, 0.0), (NEAR, float(momenta[near].min(initial=1.0))), *cap)


def _marks(
    experiment: Experiment,
    line: EscapeLine,
    model: Linearisation,
    named: tuple[tuple[str, float], ...],
    by_law: bool,
) -> tuple[Mark, ...]:
    """Return the Mark of each named β, relative to β = 0."""
    momenta = np.clip([0.0, *(b for _, b in named)], 0.0, MOMENTUM.high)
    escape = _law(experiment, line, momenta)[:, 1]
    price, settling, _ = price_at(experiment, momenta)
    lowest = float(model.eigenvalues.min())
    faster = np.full(len(momenta), np.nan)
    if by_law:
        faster = escape[0] / np.where(escape > 0, escape, np.nan)
    elif HOLDS[experiment.hold].shares_step:
        faster = speed_up(RULE, momenta, steps_at(experiment, momenta), lowest)
    columns = (momenta, escape, faster, price, settling)
    return tuple(
        Mark(name, *(float(column[i]) for column in columns))
        for i, (name, _) in enumerate(named, 1)
    )


def _stays(
    named: tuple[tuple[str, float], ...], seen: Measurement
) -> tuple[tuple[str, float], ...]:
    """Return (STAYS, β) if paths diverge at a measured β next to the advised one, on either side.

    That β is the largest below the first at which a path diverges.
    """
    if not named:
        return ()
    risky = np.array([e.diverged > 0 for e in seen.measured])
    advised = min(beta for name, beta in named if name in ADVISED)
    above = min(int(np.searchsorted(seen.momenta, advised)), len(risky) - 1)
    below = int(np.searchsorted(seen.momenta, advised, side="right")) - 1
    if not (risky[above] or risky[below]):
        return ()
    return ((STAYS, float(seen.momenta[int(np.argmax(risky)) - 1])),)


def _advised(marks: tuple[Mark, ...]) -> int:
    """Return the index of STAYS, or the smallest of noise cap and balance (or near best).

    −1 if there are no marks.
    """
    asked = [i for i, mark in enumerate(marks) if mark.name in (*ADVISED, STAYS)]
    return min(asked, key=lambda i: marks[i].momentum, default=-1)
