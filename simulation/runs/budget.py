"""The work budget: the amount of computation of a run, and limits on it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import PARAMETERS, Experiment
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


@dataclass(frozen=True, slots=True)
class Factor:
    """A field that the work grows with, as a count: its name in a message, and its least value."""

    name: str
    least: int
    get: Callable[[Experiment], int]
    put: Callable[[Experiment, int], Experiment]


def _scalar(field: str, least: int = 1) -> Factor:
    return Factor(
        field,
        least,
        lambda experiment: int(getattr(experiment, field)),
        lambda experiment, count: experiment.replace(**{field: count}),
    )


def _fewer_eigenvalues(experiment: Experiment, count: int) -> Experiment:
    """Return the experiment with its first eigenvalues only; the smallest is kept."""
    values = experiment.eigenvalues
    kept = values[:count]
    if min(values) not in kept:
        kept = (*kept[:-1], min(values))
    return experiment.replace(eigenvalues=kept)


FACTORS: Mapping[str, Factor] = MappingProxyType({
    "paths": _scalar("paths"),
    "steps": _scalar("steps", 10),
    "batch": _scalar("batch"),
    "samples": _scalar("samples"),
    "dimension": _scalar("dimension", 2),
    "eigenvalues": Factor("the number of eigenvalues", 1, lambda e: len(e.eigenvalues),
                          _fewer_eigenvalues),
    "contenders": Factor("the number of optimizers", 1, lambda e: len(e.contenders),
                         lambda e, count: e.replace(contenders=e.contenders[:count])),
})  # fmt: skip
"""Field → how the work depends on it, the fields that change the result least first."""
AMOUNTS = ("paths", "steps", "batch", "samples")
"""The factors that a link's repair lowers before the others, which make another experiment."""
MOST_NAMED = 3  # ways to lower the work that a message names


def check(experiment: Experiment, limit: int = LIVE_BUDGET, changed: Collection[str] = ()) -> None:
    """Raise ParameterError if the work exceeds the limit, with the values that would fit.

    changed: the fields that were set last; by default those of AMOUNTS that differ from the
    landscape's defaults. The error is of one of them, if lowering it is enough.
    """
    total = work(experiment)
    if total <= limit:
        return
    changed = changed or _set_fields(experiment)
    order = sorted(FACTORS, key=lambda field: field not in changed)  # stable
    enough = {field: most for field in order if (most := largest_fitting(experiment, field, limit))}
    if enough:
        named = list(enough.items())[:MOST_NAMED]
        *others, last = (f"{FACTORS[field].name} to {most:,}" for field, most in named)
        ways = f"{', '.join(others)} or {last}" if others else last
        field = named[0][0]
        nearest = getattr(FACTORS[field].put(experiment, enough[field]), field)
    else:  # no single change is enough: one path, and as many steps as then fit
        steps = max(10, experiment.steps * experiment.paths * limit // total)
        ways = f"paths to 1 and steps to {min(experiment.steps, steps):,}"
        field, nearest = "paths", 1
    reason = f"this run is {total / limit:,.1f} times the live budget; lower {ways}"
    raise PARAMETERS[field].error(getattr(experiment, field), nearest, reason)


def _set_fields(experiment: Experiment) -> set[str]:
    usual = Experiment(landscape=experiment.landscape)
    return {field for field in AMOUNTS if getattr(experiment, field) != getattr(usual, field)}


def largest_fitting(experiment: Experiment, field: str, limit: int) -> int:
    """Return the largest count of a factor, below its own, that fits; 0 if none does."""
    factor = FACTORS[field]

    def fits(count: int) -> bool:
        try:
            return work(factor.put(experiment, count)) <= limit
        except ParameterError:
            return False

    counts = range(factor.least, factor.get(experiment))
    found = bisect_left(counts, True, key=lambda count: not fits(count))
    return counts[found - 1] if found else 0
