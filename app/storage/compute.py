"""The page's one door to the simulation: an experiment in, plain numbers out, each computed once.

Keys are the canonical experiment and the engine's version (DESIGN.md section 10).
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import numba
import numpy as np

from app.metrics import RUN_SECONDS, RUNS
from app.storage.results import results
from simulation import budget
from simulation.choose import Choice, bare, choose, measure
from simulation.distribution import Distribution, distribution
from simulation.experiment import Experiment
from simulation.prediction import Prediction, predict
from simulation.properties import Properties, observe
from simulation.query import format_query
from simulation.run import simulate
from simulation.summary import Summary, summarise
from simulation.surface import Surface, surface
from simulation.version import engine_version

T = TypeVar("T")


def summary_of(experiment: Experiment) -> Summary:
    """Every number the first screen draws; raises ParameterError over the live work budget."""
    budget.check(experiment)
    return cached("summary", experiment, lambda: summarise(simulate(experiment)))


def terrain_of(experiment: Experiment) -> Surface:
    """The landscape under the paths: values, saddles, minima, region."""
    return cached("surface", experiment, lambda: surface(experiment))


def escape_times(experiment: Experiment) -> Distribution:
    """The law of the escape times; raises ParameterError over the live work budget."""
    budget.check(experiment)
    return cached("escape times", experiment, lambda: distribution(experiment))


def choices(experiment: Experiment, noise_budget: float) -> Choice:
    """Escape time and price against β; the measured points raise ParameterError over the budget."""
    alone = bare(experiment)
    budget.check(alone)
    seen = cached("choose", alone, lambda: measure(alone))
    return choose(experiment, noise_budget, seen)


def properties(experiment: Experiment, epsilon: float, horizon: int) -> Properties:
    """The paper's properties along the first path; raises ParameterError over the budget."""
    alone = experiment.replace(paths=1)
    budget.check(alone)
    detail = f"{epsilon!r} {horizon}"
    return cached("properties", alone, lambda: observe(alone, epsilon, horizon), detail)


def predicted(experiment: Experiment) -> Prediction:
    """What the theory says of an experiment; quick, so not kept."""
    return predict(experiment)


def cached(kind: str, experiment: Experiment, compute: Callable[[], T], detail: str = "") -> T:
    """What `compute` makes of an experiment, through the app's results where there is an app.

    `kind` names the computation, `detail` what else it depends on; together they must be the same
    everywhere for the same `compute`.
    """

    def counted() -> T:
        RUNS.labels(kind).inc()
        with RUN_SECONDS.labels(kind).time():
            return compute()

    store = results()
    if store is None:
        return counted()
    key = f"{kind} {version()} {format_query(experiment)} {detail}".rstrip()
    found: T = store.get(key, counted)
    return found


@cache
def version() -> str:
    """Names all that the numbers depend on but the experiment: sources, NumPy, Numba, machine."""
    return f"{engine_version()} {np.__version__} {numba.__version__} {platform.machine()}"
