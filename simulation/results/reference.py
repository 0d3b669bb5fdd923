"""The optimizer that speed-ups are relative to, and the speed-ups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.diagnostics.escape import EscapeStatistics
from simulation.model.experiment import Experiment
from simulation.theory.one_step import LINEAR_RULES

Floats = NDArray[np.float64]


def reference(experiment: Experiment, escape: Sequence[EscapeStatistics]) -> int:
    """Return the index of the contender that speed-ups are relative to.

    SGD unless it diverges; else the slowest to escape of those that do not diverge, or the first of
    them if none escapes. If all diverge, SGD or the first.
    """
    return slowest(
        experiment,
        np.array([e.median for e in escape]),
        np.array([not e.diverges for e in escape]),
    )


def slowest(experiment: Experiment, medians: Floats, eligible: NDArray[np.bool_]) -> int:
    """Return the index of SGD, or of the largest of `medians` (C,), among those `eligible` (C,).

    SGD if it is eligible. NaN counts as less than any time; if none is eligible, all are.
    """
    allowed = eligible if eligible.any() else np.ones_like(eligible)
    for i, contender in enumerate(experiment.contenders):
        if contender.rule in LINEAR_RULES and contender.momentum == 0 and allowed[i]:
            return i
    return int(np.argmax(np.where(allowed, np.nan_to_num(medians, nan=-1.0), -2.0)))


def ratio(times: Floats, against: int) -> Floats:
    """Return times[against]/times (C,); NaN where either is missing or zero."""
    usable = np.where(times > 0, times, np.nan)
    out: Floats = usable[against] / usable
    return out
