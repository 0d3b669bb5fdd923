"""Escape time, stationary variance and guidance as functions of β, all else unchanged.

Contains all numbers of the Choose β tab, so that its figures need no arithmetic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import EscapeStatistics, escape_statistics
from simulation.landscapes.base import Linearisation
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import MOMENTUM, Contender
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.model.parameters import Number
from simulation.rules import RULES
from simulation.runs.escape_times import escape_times
from simulation.theory.at_rest import AT_REST_REASON, is_at_rest
from simulation.theory.escape_line import OUTSIDE_REASON, SHARES, EscapeLine
from simulation.theory.guidance import Guidance, guidance, noise_cap
from simulation.theory.moments import stationary_variance
from simulation.theory.one_step import growth_rate, is_oscillatory, largest_stable_step, speed_up

Floats = NDArray[np.float64]

RULE = "momentum"  # heavy ball, to which the guidance applies
POINTS = 121  # curve points, evenly spaced in log 1/(1−β)
MEASURED = (0.0, 0.7, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997)
SGD, LINEAR, BALANCE, CAP = "SGD", "linear end", "balance", "noise cap"
CEILING, NEAR = "90 % of the ceiling", "90 % of the best"
WORK = 150_000_000  # coordinate updates for the measured points: a few tenths of a second
MOST_PATHS = 64

BUDGET = Number(
    field="budget", key="budget", symbol="×", label="Noise budget", default=100.0, low=1.0,
    high=10_000.0, scale="log", step=0.01,
    help="Largest acceptable stationary variance, as a multiple of SGD's: it limits 1/(1−β). The "
         "default, 100, is ten times SGD's standard deviation.",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A marked value of β and the quantities there; NaN where undefined.

    name: SGD or "linear end", "balance", "90 % of the ceiling", "noise cap"; if the step size is
    not held fixed, "90 % of the best" instead of the first three after SGD; or a contender's label.
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
    marks: SGD, the guidance, the noise cap; empty without guidance. advised: index of the
    recommended mark, −1 without. by_law: whether speed-ups are ratios of medians by the exact law;
    else, at the same η, of growth rates, S(β). reason: '' or why there is no exact law; no_price:
    '' or why no price; no_guidance: '' or why no marks.
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


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """Escape statistics at MEASURED, over `paths` paths."""

    measured: tuple[EscapeStatistics, ...]
    paths: int


def measured_experiment(experiment: Experiment) -> Experiment:
    """Return the experiment as `measure` depends on it: one heavy-ball contender, one path."""
    return experiment.replace(contenders=(Contender(RULE, 0.0),), paths=1)


def measure(experiment: Experiment) -> Measurement:
    """Measure escape times at MEASURED on common noise, over as many paths as WORK allows."""
    landscape = landscape_of(experiment)
    slowest = _law(experiment, _line(experiment), np.array(MEASURED[:1]))[0, 1]
    steps = min(experiment.steps, 2 * slowest) if math.isfinite(slowest) else experiment.steps
    each = len(MEASURED) * landscape.dimension(experiment) * landscape.samples_a_step(experiment)
    paths = int(min(max(WORK // max(int(steps) * each, 1), 1), MOST_PATHS))
    runs = [experiment.replace(contenders=(Contender(RULE, b),), paths=paths) for b in MEASURED]
    statistics = tuple(map(escape_statistics, *escape_times(runs)))
    return Measurement(statistics, paths)


def choose_beta(experiment: Experiment, budget: float, seen: Measurement) -> BetaChoice:
    """Return the BetaChoice for an experiment and a noise budget B ≥ 1."""
    model, line = landscape_of(experiment).linearisation(experiment), _line(experiment)
    momenta = 1 - np.geomspace(1.0, 1 - MOMENTUM.high, POINTS)
    escape = _law(experiment, line, momenta)
    sizes = steps_at(experiment, momenta)
    price, settling, swings = _price(experiment, model, momenta)
    no_guidance = _no_guidance(experiment, model, line.choice_reason)
    curve = (momenta, escape[:, 1], price)
    named = () if no_guidance else _named(experiment, model, budget, curve)
    by_law = bool((escape[:, 1] > 0).all())
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
        measured_momenta=np.array(MEASURED),
        measured=seen.measured,
        diverges=np.array([2 * e.diverged >= e.total for e in seen.measured]),
        paths=seen.paths,
        marks=marks,
        advised=_advised(marks),
        by_law=by_law,
        reason=AT_REST_REASON if is_at_rest(experiment) else line.choice_reason,
        no_price=_no_price(experiment, model),
        no_guidance=no_guidance,
    )


def steps_at(experiment: Experiment, momenta: Floats) -> Floats:
    """Return η (M,) at each β after `hold`."""
    factor = HOLDS[experiment.hold].factor
    return experiment.step_size * np.array([factor(RULES[RULE], float(b)) for b in momenta])


def _line(experiment: Experiment) -> EscapeLine:
    """Return the escape line for heavy ball, whatever the experiment's contenders."""
    return EscapeLine.of(measured_experiment(experiment))


def _law(experiment: Experiment, line: EscapeLine, momenta: Floats) -> Floats:
    """Return quantiles (M, 3) of the escape time by the exact law; NaN where it does not hold."""
    if line.choice_reason:
        return np.full((len(momenta), len(SHARES)), np.nan)
    sizes = steps_at(experiment, momenta)
    return line.quantile(RULE, momenta[:, None], sizes[:, None], share=np.array(SHARES))


def _price(
    experiment: Experiment, model: Linearisation, momenta: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return relative stationary variance, settling time and whether it oscillates, each (M,)."""
    steepest = float(model.eigenvalues.max())
    sizes = steps_at(experiment, momenta)
    if _no_price(experiment, model):
        none = np.full(len(momenta), np.nan)
        return none, none, np.zeros(len(momenta), dtype=np.bool_)
    rate = growth_rate(RULE, momenta, sizes, steepest)
    # whatever is held fixed, the reference is SGD at the given step size
    mine, _ = stationary_variance(RULE, momenta, sizes, steepest)
    plain, _ = stationary_variance(RULE, 0.0, experiment.step_size, steepest)
    with np.errstate(divide="ignore", invalid="ignore"):
        settling = np.where(rate < 0, -1 / rate, np.nan)
        price = np.where(np.isfinite(mine) & np.isfinite(plain), mine / plain, np.nan)
    return price, settling, is_oscillatory(RULE, momenta, sizes, steepest)


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


def _no_price(experiment: Experiment, model: Linearisation) -> str:
    """Return '' if the stationary variance has a closed form, else a sentence saying why not."""
    if model.applies:
        return model.applies
    flat = "No eigenvalue is positive at the saddle, so there is no stationary variance."
    return _diverges(experiment, model) if float(model.eigenvalues.max()) > 0 else flat


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
    return _diverges(experiment, model) or ("" if shares_step else no_law)


def _diverges(experiment: Experiment, model: Linearisation) -> str:
    """Return '' if SGD, the reference, is stable in the saddle's steepest direction."""
    limit = float(largest_stable_step(RULE, 0.0, model.eigenvalues.max()))
    if experiment.step_size < limit:
        return ""
    return f"SGD itself diverges from η = {limit:.4g} on, so there is nothing to compare with."


def _named(
    experiment: Experiment, model: Linearisation, budget: float, curve: tuple[Floats, ...]
) -> tuple[tuple[str, float], ...]:
    """Return the named values of β; from the curves if the step size is not held fixed."""
    if HOLDS[experiment.hold].shares_step:
        known: Guidance = guidance(-experiment.step_size * float(model.eigenvalues.min()))
        return (
            (SGD, 0.0),
            (LINEAR, float(known.linear_end)),
            (BALANCE, float(known.balance)),
            (CEILING, float(known.ninety_percent)),
            (CAP, float(noise_cap(budget))),
        )
    momenta, escape, price = curve
    near = escape <= np.nanmin(escape, initial=np.inf) / 0.9
    paid = price <= budget
    return (
        (SGD, 0.0),
        (NEAR, float(momenta[near].min(initial=1.0))),
        (CAP, float(momenta[paid].max(initial=0.0))),
    )


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
    price, settling, _ = _price(experiment, model, momenta)
    lowest = float(model.eigenvalues.min())
    faster = np.full(len(momenta), np.nan)
    if by_law:
        faster = escape[0] / escape
    elif HOLDS[experiment.hold].shares_step:
        faster = speed_up(RULE, momenta, steps_at(experiment, momenta), lowest)
    columns = (momenta, escape, faster, price, settling)
    return tuple(
        Mark(name, *(float(column[i]) for column in columns))
        for i, (name, _) in enumerate(named, 1)
    )


def _advised(marks: tuple[Mark, ...]) -> int:
    """Return the index of the smallest of noise cap and balance (or near best); −1 if no marks."""
    asked = [i for i, mark in enumerate(marks) if mark.name in (BALANCE, NEAR, CAP)]
    return min(asked, key=lambda i: marks[i].momentum, default=-1)
