"""A landscape's formula as MathML, which browsers typeset themselves."""

from __future__ import annotations

import re
from functools import lru_cache

from latex2mathml.converter import convert

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment

BREAK = re.compile(r" [+-] ")
GROUPS = (("{", "}"), (r"\left", r"\right"), (r"\langle", r"\rangle"))


def mathml(experiment: Experiment) -> str:
    """Return the MathML of f = …, a line for f and one for each symbol that is defined with it.

    A line is a <math> for each term of the sum, as browsers break lines only between them.
    """
    place = landscape_of(experiment)
    return _lines((f"f = {place.latex(experiment)}", *place.latex_definitions(experiment)))


@lru_cache(maxsize=64)
def _lines(formulas: tuple[str, ...]) -> str:
    return "\n".join("".join(map(_term, terms(latex))) for latex in formulas)


def _term(latex: str) -> str:
    """Return the <math> of a term; its sign has the spaces of one between two terms."""
    text: str = convert(latex)
    return text.replace("<mo>", '<mo form="infix">', 1) if latex[0] in "+-" else text


def terms(latex: str) -> list[str]:
    """Return the terms of a sum, each with its sign; joined by spaces they are `latex` again.

    Signs in braces or brackets break no line, nor do those after \\sum.
    """
    ends = [at.start() for at in BREAK.finditer(latex) if not _depth(latex[: at.start()])]
    return [latex[i:j].strip() for i, j in zip([0, *ends], [*ends, None], strict=True)]


def _depth(latex: str) -> int:
    """Return the number of groups that are open at the end of a piece of LaTeX."""
    return sum(
        latex.count(opened) - latex.count(closed) for opened, closed in GROUPS
    ) + latex.count(r"\sum")
