"""The work budget: how much a run computes, and which of four numbers to lower."""

from __future__ import annotations

from simulation.experiment import Experiment
from simulation.landscapes import landscape_of
from simulation.parameters import ParameterError

LIVE_BUDGET = 500_000_000
"""Work that a page may ask for: about a second of one core."""


def work(experiment: Experiment) -> int:
    """Contenders × paths × steps × d × samples used per step (DESIGN.md section 2)."""
    landscape = landscape_of(experiment)
    return (
        len(experiment.contenders)
        * experiment.paths
        * experiment.steps
        * landscape.dimension(experiment)
        * landscape.samples_a_step(experiment)
    )


def check(experiment: Experiment, limit: int = LIVE_BUDGET) -> None:
    """Raises ParameterError naming what to lower and to what, where the work is over the limit."""
    total = work(experiment)
    if total <= limit:
        return
    d = landscape_of(experiment).dimension(experiment)
    present = {
        "paths": (experiment.paths, 1),
        "steps": (experiment.steps, 10),
        "contenders": (len(experiment.contenders), 1),
        "dimension": (d, 2),
    }
    enough = {
        name: value * limit // total
        for name, (value, least) in present.items()
        if value * limit // total >= least
    }
    if not enough:  # no single one is enough: the fewest paths, and as many steps as then fit
        steps = max(10, experiment.steps * experiment.paths * limit // total)
        enough = {"paths": 1, "steps": min(experiment.steps, steps)}
        ways = f"paths to 1 and steps to {enough['steps']:,}"
    else:
        ways = " or ".join(f"{name} to {value:,}" for name, value in enough.items())
    first = next(iter(enough))
    allowed = f"this run is {total / limit:,.1f} times the live budget; lower {ways}"
    raise ParameterError(first, present[first][0], allowed, enough[first])
