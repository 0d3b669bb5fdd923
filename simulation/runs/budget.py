"""The work budget: the amount of computation of a run, and limits on it."""

from __future__ import annotations

from itertools import accumulate

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.rules import RULES

LIVE_BUDGET = 500_000_000
"""Largest work of a run on the page: about a second of one core."""


def work(experiment: Experiment) -> int:
    """Return paths × steps × d × cost of a step, summed over the optimizers.

    The unit is one coordinate update by heavy ball on a separable landscape with five optimizers, 2
    ns when measured; `Landscape.cost` and `Family.cost` are such measurements, rounded.
    """
    return sum(prices(experiment))


def prices(experiment: Experiment) -> list[int]:
    """Return the work of each contender (C,), in order."""
    landscape = landscape_of(experiment)
    moved = experiment.paths * experiment.steps * landscape.dimension(experiment)
    families = [RULES[contender.rule].family for contender in experiment.contenders]
    return [
        moved * (landscape.cost(experiment, linear=family.linear) + family.cost)
        for family in families
    ]


def check(experiment: Experiment, limit: int = LIVE_BUDGET) -> None:
    """Raise ParameterError if the work exceeds the limit, with the values that would fit."""
    total = work(experiment)
    if total <= limit:
        return
    d = landscape_of(experiment).dimension(experiment)
    present = {
        "paths": (experiment.paths, 1),
        "steps": (experiment.steps, 10),
        "dimension": (d, 2),
    }
    enough = {
        name: value * limit // total
        for name, (value, least) in present.items()
        if value * limit // total >= least
    }
    fit = sum(so_far <= limit for so_far in accumulate(prices(experiment)))
    if fit:  # the number of leading contenders that fit
        present["contenders"], enough["contenders"] = (len(experiment.contenders), 1), fit
    if not enough:  # no single change is enough: one path, and as many steps as then fit
        steps = max(10, experiment.steps * experiment.paths * limit // total)
        enough = {"paths": 1, "steps": min(experiment.steps, steps)}
        ways = f"paths to 1 and steps to {enough['steps']:,}"
    else:
        ways = " or ".join(f"{name} to {value:,}" for name, value in enough.items())
    first = next(iter(enough))
    reason = f"this run is {total / limit:,.1f} times the live budget; lower {ways}"
    raise ParameterError(first, present[first][0], "", enough[first], reason=reason)
