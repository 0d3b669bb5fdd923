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

from app.cache import results
from app.metrics import RUN_SECONDS, RUNS
from simulation import budget
from simulation.experiment import Experiment
from simulation.prediction import Prediction, predict
from simulation.query import format_query
from simulation.run import simulate
from simulation.summary import Summary, summarise
from simulation.surface import Surface, surface
from simulation.version import engine_version

T = TypeVar("T")


def ask(experiment: Experiment) -> Summary:
    """Every number the first screen draws; raises ParameterError over the live work budget."""
    budget.check(experiment)
    return kept("summary", experiment, lambda: summarise(simulate(experiment)))


def background(experiment: Experiment) -> Surface:
    """The landscape under the paths: values, saddles, minima, region."""
    return kept("surface", experiment, lambda: surface(experiment))


def predicted(experiment: Experiment) -> Prediction:
    """What the theory says of an experiment; quick, so not kept."""
    return predict(experiment)


def kept(kind: str, experiment: Experiment, compute: Callable[[], T]) -> T:
    """What `compute` makes of an experiment, through the app's results where there is an app.

    `kind` names the computation; it must be the same everywhere for the same `compute`.
    """

    def counted() -> T:
        RUNS.labels(kind).inc()
        with RUN_SECONDS.labels(kind).time():
            return compute()

    store = results()
    if store is None:
        return counted()
    found: T = store.get(f"{kind} {version()} {format_query(experiment)}", counted)
    return found


@cache
def version() -> str:
    """Names all that the numbers depend on but the experiment: sources, NumPy, Numba, machine."""
    return f"{engine_version()} {np.__version__} {numba.__version__} {platform.machine()}"
