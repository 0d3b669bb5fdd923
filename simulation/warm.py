"""Compiles every kernel once and keeps it on disk, so that no reader waits for a compiler."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.experiment import Experiment
from simulation.run import simulate

# Each kernel has one signature whatever the experiment, but for arrays that are read-only.
_RUNS = (
    Experiment(steps=300),
    Experiment(steps=300, contenders=("adam", "nesterov:0.9", "boosted:0.9"), period=100),
    Experiment(landscape="phase-retrieval", steps=20, paths=1, contenders=(0.9,)),
    Experiment(landscape="linear-net", steps=20, paths=1, contenders=(0.9,)),
)  # fmt: skip


def warm(progress: Callable[[float], None] | None = None) -> None:
    """Runs one small experiment a kernel; progress is told the share done, 0…1.

    Seconds where nothing is compiled yet, else milliseconds. Source: DESIGN.md section 4.
    """
    given = np.zeros((_RUNS[0].steps, 1, 2))
    for done, experiment in enumerate(_RUNS):
        if progress is not None:
            progress(done / len(_RUNS))
        simulate(experiment)
    simulate(_RUNS[0], noise=given)
    if progress is not None:
        progress(1.0)
