"""Compile every kernel once and cache it on disk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.diagnostics.paper_properties import properties
from simulation.formula.formula import formula_of
from simulation.formula.tape import lower
from simulation.model.contenders import BARE, Contender
from simulation.model.experiment import Experiment
from simulation.results.summary import summarise
from simulation.rules import RULES
from simulation.runs.escape_times import escape_times
from simulation.runs.simulate import simulate
from simulation.theory.escape_law import exact_cdf

_RULES = tuple(Contender(rule, 0.9) for rule in RULES if rule != BARE)
# A kernel's signature is the same for every experiment, except that arrays may be read-only.
_RUNS = (
    Experiment(steps=300),
    Experiment(steps=300, contenders=_RULES, period=100),
    Experiment(landscape="phase-retrieval", steps=20, paths=1, contenders=_RULES[:1]),
    Experiment(landscape="linear-net", steps=20, paths=1, contenders=_RULES[:1]),
)  # fmt: skip


def precompile(progress: Callable[[float], None] | None = None) -> None:
    """Compile all kernels by running small experiments; `progress` receives the fraction done.

    Takes seconds if nothing is cached yet, otherwise milliseconds.
    """
    given = np.zeros((_RUNS[0].steps, 1, 2))
    for done, experiment in enumerate(_RUNS):
        if progress is not None:
            progress(done / len(_RUNS))
        summarise(simulate(experiment))
    properties(simulate(_RUNS[0], noise=given))
    escape_times([_RUNS[0].replace(contenders=_RULES[:1])])
    lower(formula_of("x^2-y^2")).arrays(())
    exact_cdf("momentum", 0.9, 0.01, -1.0, radius=1.0, steps=(1,), noise_sd=1.0)
    if progress is not None:
        progress(1.0)
