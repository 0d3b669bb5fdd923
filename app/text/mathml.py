"""A landscape's formula as MathML, which browsers typeset themselves."""

from __future__ import annotations

from functools import lru_cache

from latex2mathml.converter import convert

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment


def mathml(experiment: Experiment) -> str:
    """Return the MathML of the landscape's formula."""
    return _mathml(landscape_of(experiment).latex_of(experiment))


@lru_cache(maxsize=64)
def _mathml(latex: str) -> str:
    text: str = convert(latex)
    return text
