"""The inner loop of a sweep: paths run only until every lane has escaped or diverged."""

import numpy as np

from simulation.kernels.compiled import compiled
from simulation.kernels.paths import begin, run_path
from simulation.kernels.records import BLOCK, LANES, Noise, Problem, Record, Rules, State, Words


@compiled
def run_to_escape(
    first: int, last: int, words: Words, rules: Rules, problem: Problem, noise: Noise,
    record: Record, state: State,
) -> None:  # fmt: skip
    """Takes paths first…last−1; their step numbers go into record.escape_time and diverged_at.

    words (N, 4). A path stops at the first look at which no lane is under way, and looks come at
    an eighth of its way; what a lane does after its escape is not looked at.
    """
    lanes = record.escape_time.shape[0]
    end = record.steps[-1]
    for path in range(first, last):
        begin(words[path], lanes, rules, problem, noise, state)
        while state.clock[0] < end:
            stride = BLOCK * max(1, state.clock[0] // (8 * BLOCK))
            until = min(state.clock[0] + stride, end)
            run_path(path, until, rules, problem, noise, record, state)
            under_way = False
            for lane in range(LANES):
                under_way = under_way or state.limit[lane] < np.inf
            if not under_way:
                break
