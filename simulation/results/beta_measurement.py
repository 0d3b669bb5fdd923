"""Measured escape times of heavy ball against β, for the Choose β tab."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import EscapeStatistics, escape_statistics
from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import BARE, Contender
from simulation.model.experiment import Experiment
from simulation.runs.escape_times import WATCHED, escape_times
from simulation.runs.trajectories import Integers
from simulation.theory.escape_line import EscapeLine

Floats = NDArray[np.float64]

RULE = BARE  # heavy ball, to which the guidance applies
MEASURED = (0.0, 0.7, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997)
WORK = 150_000_000  # coordinate updates for the measured points: a few tenths of a second
MOST_WORK = 820_000_000  # the same where it is enough for OWN_PATHS, as on the paper's toy
OWN_PATHS = 50
FINER = 6  # further β measured where divergence sets in


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """Escape statistics at momenta (P,), ascending: MEASURED and some more; over `paths` paths."""

    momenta: Floats
    measured: tuple[EscapeStatistics, ...]
    paths: int


def measured_experiment(experiment: Experiment) -> Experiment:
    """Return the experiment as `measure` depends on it: one heavy-ball contender, one path."""
    return experiment.replace(contenders=(Contender(RULE, 0.0),), paths=1)


def measure(experiment: Experiment) -> Measurement:
    """Measure escape times at MEASURED on common noise, over as many paths as WORK allows.

    All paths run to T. If WORK is enough for fewer than WATCHED such paths and none of them
    diverges after its escape, more paths run, to their escape only. If paths diverge, FINER
    further β are measured: from the last at which none does, up to the first that diverges.
    """
    paths = _paths(experiment, experiment.steps)
    times, gone = _run(experiment, MEASURED, paths, watched=paths)
    if paths < WATCHED and not ((times >= 0) & (gone >= 0)).any():
        paths = max(paths, _paths(experiment, _expected_steps(experiment)))
        times, gone = _run(experiment, MEASURED, paths, watched=0)
    found = dict(zip(MEASURED, map(escape_statistics, times, gone), strict=True))
    first = next((i for i, beta in enumerate(MEASURED) if found[beta].diverged), 0)
    if first:
        most = (beta for beta in MEASURED[first:] if found[beta].diverges)
        finer = _between(MEASURED[first - 1], next(most, MEASURED[first]))
        times, gone = _run(experiment, finer, paths, watched=paths)
        found |= zip(finer, map(escape_statistics, times, gone), strict=True)
    momenta = sorted(found)
    return Measurement(np.array(momenta), tuple(found[beta] for beta in momenta), paths)


def _expected_steps(experiment: Experiment) -> float:
    """Return twice SGD's median escape time by the exact law, at most T; T without a law."""
    line = EscapeLine.of(measured_experiment(experiment))
    if line.choice_reason:
        return experiment.steps
    slowest = float(line.quantile(RULE, MEASURED[0], experiment.step_size))
    return min(experiment.steps, 2 * slowest) if math.isfinite(slowest) else experiment.steps


def _paths(experiment: Experiment, steps: float) -> int:
    """Return OWN_PATHS if MOST_WORK is enough for them, at all of MEASURED; else by WORK."""
    landscape = landscape_of(experiment)
    each = len(MEASURED) * landscape.dimension(experiment) * landscape.samples_a_step(experiment)
    one = max(int(steps) * each, 1)
    return OWN_PATHS if OWN_PATHS * one <= MOST_WORK else max(WORK // one, 1)


def _run(
    experiment: Experiment, momenta: Sequence[float], paths: int, watched: int
) -> tuple[Integers, Integers]:
    """Return escape times and divergence (P, paths) of heavy ball at each β."""
    runs = [experiment.replace(contenders=(Contender(RULE, b),), paths=paths) for b in momenta]
    return escape_times(runs, watched=watched)


def _between(low: float, high: float) -> list[float]:
    """Return at most FINER further β, even in log 1/(1−β), strictly between two others."""
    inner = np.geomspace(1 - low, 1 - high, FINER + 2)[1:-1]
    rounded = {round(1 - float(f"{rest:.2g}"), 5) for rest in inner}  # as β is written
    return sorted(rounded - {low, high})
