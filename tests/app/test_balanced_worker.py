"""The board on which workers say how many connections they have."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from app.server.balanced_worker import SLOTS, STALE, ConnectionCounts

WORKERS = st.integers(1, 5)
SAID = st.tuples(WORKERS, st.integers(0, 100) | st.none(), st.floats(0, 2 * STALE))


@given(st.lists(SAID, max_size=30))
def test_fewest_is_over_those_who_spoke_lately(said: list[tuple[int, int | None, float]]) -> None:
    clock, known = [100.0], dict[int, tuple[int, float]]()
    board = ConnectionCounts(lambda: clock[0])
    for worker, connections, wait in said:
        clock[0] += wait
        if connections is None:
            board.remove(worker)
            known.pop(worker, None)
        else:
            board.record(worker, connections)
            known[worker] = connections, clock[0]
        lately = [n for n, when in known.values() if when > clock[0] - STALE]
        assert board.fewest() == min(lately, default=None)


def test_a_fork_writes_on_its_parents_board() -> None:
    board = ConnectionCounts()
    board.record(1, 7)
    child = os.fork()
    if not child:
        board.record(2 + SLOTS, 3)  # numbers grow for ever: places are used again
        os._exit(0)
    os.waitpid(child, 0)
    assert board.fewest() == 3
    board.remove(2)
    assert board.fewest() == 7
