"""Where paths settle after the escape, how steep it is there, and whether noise acts there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np

from simulation.landscapes.critical_points import finite
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import PLAIN
from simulation.model.experiment import Experiment


class NoPrice(Enum):
    """Why there is no settled variance; all but the last two follow from the experiment."""

    VALLEY = "the minima form a continuum"
    UNDEFINED = "the function has no Hessian there"
    UNHELD = "no minimum, and no direction rises at the saddle"
    NOISELESS = "no noise acts in a direction that rises"
    VANISHING = "the noise of drawn samples vanishes at the minimum"
    NO_FORM = "the rule has no closed form"
    UNSETTLED = "the step is unstable where paths settle"


@dataclass(frozen=True, slots=True)
class SettlingPlace:
    """The quadratic model of the place where paths settle.

    steepest: largest eigenvalue λ there, which decides whether a step is stable; noisy: the largest
    λ > 0 along which noise acts, NaN without; is_minimum: False if the place is the saddle itself,
    of a function without a minimum: its rising directions settle, the falling one does not.
    reason: why there is no settled variance at any step, or None.
    """

    steepest: float
    noisy: float
    is_minimum: bool
    reason: NoPrice | None


@lru_cache(maxsize=64)  # asked for each contender of a race
def settling_place(experiment: Experiment) -> SettlingPlace:
    """Return the SettlingPlace: the minimum nearest to the saddle, else the saddle itself."""
    return _settling_place(experiment.replace(contenders=(PLAIN,)))


@lru_cache(maxsize=64)  # asked for each β of a drag
def _settling_place(experiment: Experiment) -> SettlingPlace:
    landscape = landscape_of(experiment)
    saddle, minima = landscape.saddle(experiment), landscape.minima(experiment)
    is_minimum = len(minima) > 0
    away = np.linalg.norm(minima - saddle, axis=1) if is_minimum else np.zeros(1)
    w = minima[int(away.argmin())] if is_minimum else saddle
    hessian = landscape.hessian(experiment, w)
    values, vectors = np.linalg.eigh(finite(hessian))
    rising = np.flatnonzero(values > 0)
    noise = [float(landscape.noise_variance(experiment, w, vectors[:, [j]].T)) for j in rising]
    noisy = [float(values[j]) for j, variance in zip(rising, noise, strict=True) if variance > 0]
    reason = None
    if landscape.is_valley(experiment):
        reason = NoPrice.VALLEY
    elif not np.isfinite(hessian).all():
        reason = NoPrice.UNDEFINED
    elif not len(rising):
        reason = NoPrice.UNHELD
    elif is_minimum and not landscape.has_additive_noise(experiment):
        reason = NoPrice.VANISHING
    elif not noisy:
        reason = NoPrice.NOISELESS
    return SettlingPlace(float(values.max()), max(noisy, default=math.nan), is_minimum, reason)
