"""The inner loop of a sweep: paths run only until every lane has escaped or diverged.

Source: DESIGN.md section 4.
"""

import numpy as np

from simulation.kernels.compiled import compiled
from simulation.kernels.paths import begin, run_path
from simulation.kernels.records import BLOCK, LANES, Noise, Problem, Record, Rules, State, Words


@compiled
def next_look(t: int, end: int) -> int:
    """The first step after t at which it is seen whether some lane is under way.

    Looks lie an eighth of the way apart, wherever a call ended: the record does not depend on it.
    """
    look = 0
    while look <= t:
        look += BLOCK * max(1, look // (8 * BLOCK))
    return min(look, end)


@compiled
def run_to_escape(
    first: int, last: int, budget: int, words: Words, rules: Rules, problem: Problem,
    noise: Noise, record: Record, state: State,
) -> int:  # fmt: skip
    """Takes paths first…last−1 in turn, for `budget` steps or few more; where to go on from.

    words (N, 4). Step numbers go into record.escape_time and diverged_at. state.clock[0] > 0 says
    that `first` is under way. A path stops at the first look at which no lane is under way; what a
    lane does after its escape is not looked at.
    """
    end = record.steps[-1]
    budget = max(BLOCK, budget // BLOCK * BLOCK)
    path = first
    while path < last and budget > 0:
        if state.clock[0] == 0:
            begin(words[path], record.escape_time.shape[0], rules, problem, noise, state)
        t = state.clock[0]
        look = next_look(t, end)
        until = min(look, t + budget)
        run_path(path, until, rules, problem, noise, record, state)
        budget -= (until - t + BLOCK - 1) // BLOCK * BLOCK
        if until < look:
            return path
        under_way = False
        for lane in range(LANES):
            under_way = under_way or state.limit[lane] < np.inf
        if until == end or not under_way:
            state.clock[0] = 0
            path += 1
    return path
