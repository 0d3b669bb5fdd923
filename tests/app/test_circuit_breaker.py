"""The circuit breaker: open for a pause after a fault, then one trial call."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.storage.circuit_breaker import CircuitBreaker


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from(["ok", "fault"])), max_size=40))
def test_breaker_law(calls: list[tuple[float, str]]) -> None:
    """After a fault nobody calls for the pause; then one may, and its success opens to all."""
    clock = [0.0]
    breaker, pause, blocked_until = CircuitBreaker(10, lambda: clock[0]), 10.0, 0.0
    for wait, outcome in calls:
        clock[0] += wait
        allowed = breaker.allows()
        assert allowed == (clock[0] >= blocked_until)
        if allowed and outcome == "fault":
            breaker.failed()
            blocked_until = clock[0] + pause
        elif allowed:
            breaker.succeeded()
            blocked_until = 0.0


def test_breaker_lets_one_try() -> None:
    clock = [0.0]
    breaker = CircuitBreaker(10, lambda: clock[0])
    breaker.failed()
    clock[0] = 11
    assert [breaker.allows() for _ in range(5)] == [True, False, False, False, False]
    breaker.succeeded()
    assert all(breaker.allows() for _ in range(5))
