"""Marks of tests: what the default run and `make quick` leave out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from simulation.landscapes.registry import LANDSCAPES
from simulation.model.classics import CLASSICS


def breadth(values: Iterable[Any], keep: Iterable[Any]) -> list[Any]:
    """Return the values of a parameter; all but the kept ones are left to `make test-slow`.

    For values that follow the same code as a kept one: more of the same law, not another law.
    """
    kept = list(keep)
    values = list(values)
    assert all(value in values for value in kept)
    return [v if v in kept else pytest.param(v, marks=pytest.mark.slow) for v in values]


CORE_LANDSCAPES = [name for name in LANDSCAPES if name not in CLASSICS]
"""The landscapes without the catalogue's entries, which follow the same code as `formula`."""


VARIED = ("himmelblau", "saddle-chain")
"""Entries of the catalogue: with many saddles, and in five dimensions."""


def every_landscape() -> list[Any]:
    """Return CORE_LANDSCAPES, and VARIED for `make test-slow`; the catalogue has its own laws."""
    return breadth([*CORE_LANDSCAPES, *VARIED], CORE_LANDSCAPES)
