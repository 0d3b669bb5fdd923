"""The price of an optimizer: its settled variance over another's, and β within a noise budget.

The variance is the stationary one along the steepest direction with noise, at the place where paths
settle (`settling_place.py`). Lessons, Choose β, headline and tiles all take it from here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.landscapes.base import Linearisation
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.results.beta_measurement import RULE
from simulation.results.settling_place import NoPrice, SettlingPlace, settling_place
from simulation.results.summary import Summary
from simulation.rules import RULES
from simulation.theory.guidance import noise_cap
from simulation.theory.moments import stationary_variance
from simulation.theory.one_step import (
    LINEAR_RULES,
    growth_rate,
    is_oscillatory,
    largest_stable_step,
)

Floats = NDArray[np.float64]

VALLEY = (
    "The minima form a valley, along which nothing holds the path: it never settles, and there its "
    "variance grows 1/(1−β)² times as fast as SGD's."
)
SENTENCES: Mapping[NoPrice, str] = MappingProxyType({
    NoPrice.VALLEY: VALLEY,
    NoPrice.UNDEFINED: "The function has no Hessian where the path would settle.",
    NoPrice.UNHELD: "No direction rises at this saddle, so there is no stationary variance.",
    NoPrice.NOISELESS: "No noise acts where the path settles, so nothing varies there.",
    NoPrice.VANISHING: "The noise of drawn samples vanishes at the minimum: nothing varies there.",
})  # fmt: skip
"""Why no step size has a settled variance → a sentence."""
BISECTIONS = 50  # of the noise cap, to full precision


@dataclass(frozen=True, slots=True)
class Update:
    """A rule with its β and step size η, numbers or arrays of one shape."""

    rule: str
    momentum: ArrayLike
    step_size: ArrayLike


@dataclass(frozen=True, slots=True)
class Price:
    """A contender's settled variance over another's; NaN and the reason where there is none.

    who: the contenders that the reason is about, empty if it is about the experiment. across: the
    function has no minimum, and the variance is that across the way out.
    """

    ratio: float
    reason: NoPrice | None = None
    who: tuple[int, ...] = ()
    across: bool = False


def price_of(summary: Summary, i: int, reference: int) -> Price:
    """Return the price of contender i of a run over contender `reference`."""
    place = settling_place(summary.experiment)
    if place.reason:
        return Price(math.nan, place.reason)
    both = (i,) if i == reference else (reference, i)
    unknown = tuple(j for j in both if summary.experiment.contenders[j].rule not in LINEAR_RULES)
    if unknown:
        return Price(math.nan, NoPrice.NO_FORM, unknown)
    variances = {j: variance_of(place, update_of(summary, j)) for j in both}
    moving = tuple(
        j for j in both
        if summary.escape[j].diverges or math.isinf(variances[j])
    )  # fmt: skip
    if moving:
        return Price(math.nan, NoPrice.UNSETTLED, moving)
    return Price(variances[i] / variances[reference], across=not place.is_minimum)


def update_of(summary: Summary, i: int) -> Update:
    """Return the Update of contender i, with its step size after `hold`."""
    contender = summary.experiment.contenders[i]
    return Update(contender.rule, contender.momentum, float(summary.step_sizes[i]))


@lru_cache(maxsize=1024)  # in a drag all but one optimizer stay as they are
def variance_of(place: SettlingPlace, update: Update) -> float:
    """Return `settled_variance` of one update, whose β and η are numbers."""
    return float(settled_variance(place, update))


def settled_ratio(place: SettlingPlace, mine: Update, other: Update) -> Floats:
    """Return the settled variance of one update over another's (…,); NaN if either has none."""
    ours, theirs = (settled_variance(place, update) for update in (mine, other))
    with np.errstate(invalid="ignore"):
        both = np.isfinite(ours) & np.isfinite(theirs)
        return np.where(both, ours / theirs, np.nan)


def settled_variance(place: SettlingPlace, update: Update) -> Floats:
    """Return the stationary variance (…,) along `noisy` for unit noise; ∞ if it never settles."""
    at = update.rule, update.momentum, update.step_size
    variance, _ = stationary_variance(*at, place.noisy)
    return np.where(settles(place, update), variance, np.inf)


def settles(place: SettlingPlace, update: Update) -> NDArray[np.bool_]:
    """Return whether the update (…,) is stable in the steepest direction."""
    rate = growth_rate(update.rule, update.momentum, update.step_size, place.steepest)
    stable = np.asarray(update.step_size) < largest_stable_step(
        update.rule, update.momentum, place.steepest
    )
    return np.asarray(stable & (rate < 0))


def steps_at(experiment: Experiment, momenta: Floats) -> Floats:
    """Return η (M,) at each β after `hold`."""
    factor = HOLDS[experiment.hold].factor
    return experiment.step_size * np.array([factor(RULES[RULE], float(b)) for b in momenta])


def price_at(experiment: Experiment, momenta: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return heavy ball's price, settling time and whether it oscillates, each (M,).

    The reference is SGD at the given step size, whatever is held fixed.
    """
    place = settling_place(experiment)
    if no_price(experiment):
        none = np.full(len(momenta), np.nan)
        return none, none, np.zeros(len(momenta), dtype=np.bool_)
    mine = Update(RULE, momenta, steps_at(experiment, momenta))
    at = RULE, mine.momentum, mine.step_size, place.steepest
    price = settled_ratio(place, mine, Update(RULE, 0.0, experiment.step_size))
    rate = growth_rate(*at)
    with np.errstate(divide="ignore", invalid="ignore"):
        settling = np.where(rate < 0, -1 / rate, np.nan)
    return price, settling, is_oscillatory(*at)


def no_price(experiment: Experiment) -> str:
    """Return '' if SGD has a settled variance to compare with, else a sentence saying why not."""
    place = settling_place(experiment)
    if place.reason:
        return SENTENCES[place.reason]
    limit = float(largest_stable_step(RULE, 0.0, place.steepest))
    if experiment.step_size < limit:
        return ""
    return _no_reference("never settles" if place.is_minimum else "diverges", limit)


def sgd_diverges(experiment: Experiment, model: Linearisation) -> str:
    """Return '' if SGD, the reference, is stable in the saddle's steepest direction."""
    limit = float(largest_stable_step(RULE, 0.0, model.eigenvalues.max()))
    if experiment.step_size < limit:
        return ""
    return _no_reference("diverges", limit)


def _no_reference(does: str, limit: float) -> str:
    return f"SGD itself {does} from η = {limit:.4g} on, so there is nothing to compare with."


def cap_at(experiment: Experiment, budget: float, curve: tuple[Floats, ...]) -> float:
    """Return the largest β whose price, as drawn, is at most the budget: one definition for both.

    In closed form at the same η; else by bisection beyond the last point of the curve within it.
    """
    place = settling_place(experiment)
    if HOLDS[experiment.hold].shares_step:
        return float(noise_cap(budget, experiment.step_size * place.noisy))
    momenta, _, price = curve
    last = int(np.flatnonzero(price <= budget).max(initial=0))
    low, high = (1 - momenta[[last, min(last + 1, len(momenta) - 1)]]).tolist()
    for _ in range(BISECTIONS):
        middle = math.sqrt(low * high)
        paid = float(price_at(experiment, np.array([1 - middle]))[0][0]) <= budget
        low, high = (middle, high) if paid else (low, middle)
    return float(1 - low)
