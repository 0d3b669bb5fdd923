"""How many cases a property test draws in the Hypothesis profile that is in use."""

from __future__ import annotations

from hypothesis import settings


def cases(share: float) -> int:
    """Return `share` times the profile's count: 100 in `commit`, 1,000 in `slow`."""
    return max(1, round(share * settings().max_examples))
