"""The page's interface to the engine: an experiment in, a record of results out, cached.

Cache keys are the canonical experiment and the version of the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.metrics import RUN_SECONDS, RUNS
from app.storage.results import results
from simulation.model.experiment import Experiment
from simulation.model.query import format_query
from simulation.results.beta_choice import BetaChoice, choose_beta
from simulation.results.beta_measurement import measure, measured_experiment
from simulation.results.escape_distribution import Distribution, distribution
from simulation.results.prediction import Prediction, predict
from simulation.results.property_panels import Properties, observe
from simulation.results.summary import Summary, summarise
from simulation.results.terrain import Terrain, terrain
from simulation.runs import budget
from simulation.runs.simulate import simulate
from simulation.version import numbers_version

T = TypeVar("T")


def summary_of(experiment: Experiment, kept: bool = True) -> Summary:
    """Return every number of the first screen; raises ParameterError over the live work budget.

    kept: whether a new result is put into the cache; False for a value that a drag passes over.
    """
    budget.check(experiment)
    return cached("summary", experiment, lambda: summarise(simulate(experiment)), kept=kept)


def terrain_of(experiment: Experiment) -> Terrain:
    """Return the landscape's values, saddles, minima and region."""
    return cached("surface", experiment, lambda: terrain(experiment))


def escape_times(experiment: Experiment) -> Distribution:
    """Return the escape-time distribution; raises ParameterError over the live work budget."""
    budget.check(experiment)
    return cached("escape times", experiment, lambda: distribution(experiment))


def choices(experiment: Experiment, noise_budget: float) -> BetaChoice:
    """Return escape time and noise against β; raises ParameterError over the work budget."""
    alone = measured_experiment(experiment)
    budget.check(alone)
    seen = cached("choose", alone, lambda: measure(alone))
    return choose_beta(experiment, noise_budget, seen)


def properties(experiment: Experiment, epsilon: float, horizon: int) -> Properties:
    """Return the paper's properties on one path; raises ParameterError over the work budget."""
    alone = experiment.replace(paths=1)
    budget.check(alone)
    detail = f"{epsilon!r} {horizon}"
    return cached("properties", alone, lambda: observe(alone, epsilon, horizon), detail)


def predicted(experiment: Experiment) -> Prediction:
    """Return the theory's predictions for an experiment; fast, so not cached."""
    return predict(experiment)


def cached(
    kind: str,
    experiment: Experiment,
    compute: Callable[[], T],
    detail: str = "",
    kept: bool = True,
) -> T:
    """Return compute(), through the app's result cache if there is a current app.

    kind: name of the computation. detail: what it depends on besides the experiment. The two must
    identify `compute`. kept: whether a new result is put into the cache.
    """

    def counted() -> T:
        RUNS.labels(kind).inc()
        with RUN_SECONDS.labels(kind).time():
            return compute()

    store = results()
    if store is None:
        return counted()
    key = f"{kind} {numbers_version()} {format_query(experiment)} {detail}".rstrip()
    found: T = store.get(key, counted, kept)
    return found
