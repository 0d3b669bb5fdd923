"""What the sources of a formula share: names of weights and parameters, constants, docstrings.

Only names that are made here (weights, P_ with a parameter's name, t1 …), numbers and operators are
ever written; the formula's text appears as its canonical text in a docstring only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from simulation.formula.chosen import is_free
from simulation.formula.formula import Formula
from simulation.formula.grammar import WEIGHTS
from simulation.formula.nodes import Name, Node, Offset, children
from simulation.python_source import nested, number

MOST_NAMED = 4  # weights that have their names in a source
WIDTH = 88  # of a line of a docstring
TAKEN = frozenset({"w", "z"})  # in a script: all weights, and their eigen-coordinates
ROTATED = "; the weights are Qᵀw."  # end of the docstring where the formula's weights are not w

SUM, PRODUCT, FACTOR, POWER, ATOM = range(1, 6)  # how tightly a Python expression binds


def unpacking(formula: Formula) -> str:
    """Return the line that names the weights as the formula does, or '' if they stay w[..., j]."""
    if not _unpacked(formula):
        return ""
    names, parts = ", ".join(formula.weights), [_column(j) for j in range(formula.dimension)]
    return f"    {names} = {', '.join(parts)}\n"


def weight(formula: Formula, place: int) -> str:
    """Return the expression (...,) of a weight."""
    return formula.weights[place] if _unpacked(formula) else _column(place)


def parameter(formula: Formula, name: str) -> str:
    """Return the expression of a parameter: P_a, or P_b[0] if the formula reads b as a list."""
    base = name.rstrip("0123456789")
    return f"P_{base}[{int(name[len(base) :]) - 1}]" if base in lists(formula) else f"P_{name}"


def lists(formula: Formula) -> frozenset[str]:
    """Return the parameters whose index runs in a sum."""
    found: set[str] = set()
    waiting: list[Node] = [formula.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name) and isinstance(node.index, Offset):
            found.add(node.base)
        waiting.extend(children(node))
    return frozenset(found.difference(WEIGHTS))


def constants(formula: Formula, numbers: Sequence[float]) -> list[str]:
    """Return the lines that define the parameters P_… of both sources."""
    of = lists(formula)
    pairs = list(zip(formula.parameters, numbers, strict=True))
    lines = []
    for base, group in groupby(pairs, key=lambda pair: pair[0].rstrip("0123456789")):
        values = list(group)
        if base in of:
            lines.append(f"P_{base} = {nested(np.array([value for _, value in values]))}")
        else:
            lines += [f"P_{name} = {number(value)}" for name, value in values]
    return lines


def docstring(start: str, formula: Formula, end: str) -> str:
    """Return the docstring line(s) of a function, with the formula's text between two texts."""
    pieces = re.findall(rf".{{1,{WIDTH - 10}}}(?=[-+*/(,]|$)|.{{1,{WIDTH - 10}}}", formula.text)
    text = "\n    ".join(pieces)
    return f'    """{start}{text}{end}"""\n'


def _unpacked(formula: Formula) -> bool:
    named = formula.dimension <= MOST_NAMED and not is_free(formula)
    return named and not TAKEN.intersection(formula.weights)


def _column(place: int) -> str:
    return f"w[..., {place}]"
