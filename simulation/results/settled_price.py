"""The settled variance of heavy ball over SGD's, and the largest β within a noise budget."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulation.landscapes.base import Linearisation
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.rules import RULES
from simulation.theory.guidance import noise_cap
from simulation.theory.moments import stationary_variance
from simulation.theory.one_step import growth_rate, is_oscillatory, largest_stable_step

Floats = NDArray[np.float64]

RULE = "momentum"  # heavy ball, to which the guidance applies
VALLEY = (
    "The minima form a valley, along which nothing holds the path: it never settles, and there its "
    "variance grows 1/(1−β)² times as fast as SGD's."
)
BISECTIONS = 50  # of the noise cap, to full precision


def steps_at(experiment: Experiment, momenta: Floats) -> Floats:
    """Return η (M,) at each β after `hold`."""
    factor = HOLDS[experiment.hold].factor
    return experiment.step_size * np.array([factor(RULES[RULE], float(b)) for b in momenta])


def price_at(
    experiment: Experiment, model: Linearisation, momenta: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return relative stationary variance, settling time and whether it oscillates, each (M,)."""
    steepest = float(model.eigenvalues.max())
    sizes = steps_at(experiment, momenta)
    if no_price(experiment, model):
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


def no_price(experiment: Experiment, model: Linearisation) -> str:
    """Return '' if the stationary variance has a closed form, else a sentence saying why not."""
    if model.applies:
        return model.applies
    if landscape_of(experiment).is_valley(experiment):
        return VALLEY
    flat = "No eigenvalue is positive at the saddle, so there is no stationary variance."
    return sgd_diverges(experiment, model) if float(model.eigenvalues.max()) > 0 else flat


def sgd_diverges(experiment: Experiment, model: Linearisation) -> str:
    """Return '' if SGD, the reference, is stable in the saddle's steepest direction."""
    limit = float(largest_stable_step(RULE, 0.0, model.eigenvalues.max()))
    if experiment.step_size < limit:
        return ""
    return f"SGD itself diverges from η = {limit:.4g} on, so there is nothing to compare with."


def cap_at(
    experiment: Experiment, model: Linearisation, budget: float, curve: tuple[Floats, ...]
) -> float:
    """Return the largest β whose price, as drawn, is at most the budget: one definition for both.

    In closed form at the same η; else by bisection beyond the last point of the curve within it.
    """
    if HOLDS[experiment.hold].shares_step:
        return float(noise_cap(budget, experiment.step_size * float(model.eigenvalues.max())))
    momenta, _, price = curve
    last = int(np.flatnonzero(price <= budget).max(initial=0))
    low, high = (1 - momenta[[last, min(last + 1, len(momenta) - 1)]]).tolist()
    for _ in range(BISECTIONS):
        middle = math.sqrt(low * high)
        paid = float(price_at(experiment, model, np.array([1 - middle]))[0][0]) <= budget
        low, high = (middle, high) if paid else (low, middle)
    return float(1 - low)
