"""A landscape's formula as MathML, which browsers typeset themselves."""

from __future__ import annotations

from functools import lru_cache

from latex2mathml.converter import convert

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment


def mathml(experiment: Experiment) -> str:
    """Return the MathML of f = …, a line for f and one for each symbol that is defined with it."""
    place = landscape_of(experiment)
    f = f"f = {place.latex(experiment)}"
    lines = r" \\ ".join((f, *place.latex_definitions(experiment)))
    return _mathml(f if lines == f else rf"\begin{{array}}{{l}} {lines} \end{{array}}")


@lru_cache(maxsize=64)
def _mathml(latex: str) -> str:
    text: str = convert(latex)
    return text
