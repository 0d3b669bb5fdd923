"""A formula: text, tree, graph with its gradient, names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from simulation.formula.build import Builder
from simulation.formula.derivatives import gradient
from simulation.formula.errors import FormulaError
from simulation.formula.graph import Graph
from simulation.formula.names import names_of
from simulation.formula.nodes import Node
from simulation.formula.syntax import parse_and_write

MOST_KEPT = 64  # formulas in memory; one is at most about a megabyte
UNSET = 1.0  # value of a parameter that is not given


@dataclass(frozen=True, slots=True)
class Formula:
    """f(w) over `dimension` weights; equal if the canonical text and the dimension are.

    length is what d stands for in the text: the largest running index, else the dimension. root is
    the node of f in the graph, slope the nodes of ∂f/∂w_j (d,). parameters names one number each; a
    list b_i is b1 … bd. The graph is complete: nothing is added to it.
    """

    text: str
    dimension: int
    length: int = field(compare=False, repr=False)
    tree: Node = field(compare=False, repr=False)
    graph: Graph = field(compare=False, repr=False)
    root: int = field(compare=False, repr=False)
    slope: tuple[int, ...] = field(compare=False, repr=False)
    weights: tuple[str, ...] = field(compare=False, repr=False)
    parameters: tuple[str, ...] = field(compare=False, repr=False)


@lru_cache(maxsize=MOST_KEPT)
def formula_of(text: str, dimension: int | None = None) -> Formula:
    """Return the formula that a text states; raise FormulaError if it states none.

    dimension: the largest index if one of the weights runs (sum(w_i^2)), else without effect.
    """
    tree, written = parse_and_write(text)
    names = names_of(tree, dimension)
    built = Builder(tree, names)
    slope = gradient(built.graph, built.root, len(names.weights))
    return Formula(
        written, len(names.weights), names.length, tree, built.graph, built.root, slope,
        names.weights, names.parameters,
    )  # fmt: skip


def bind(formula: Formula, values: Mapping[str, tuple[float, ...]]) -> tuple[float, ...]:
    """Return the numbers (k,) of the formula's parameters, in their order.

    values: numbers by name, where "b" stands for the list b1, b2, …: its last number is repeated.
    A parameter that is not given is 1. Raises FormulaError for a number that is not finite.
    """
    numbers = tuple(_number(name, values) for name in formula.parameters)
    for name, number in zip(formula.parameters, numbers, strict=True):
        if not math.isfinite(number):
            raise FormulaError(f"the parameter {name} is {number}, which is no finite number")
    return numbers


def _number(name: str, values: Mapping[str, tuple[float, ...]]) -> float:
    base = name.rstrip("0123456789")
    if values.get(name):
        return float(values[name][0])
    listed = values.get(base, ())
    if not listed:
        return UNSET
    place = int(name[len(base) :]) - 1
    return float(listed[min(max(place, 0), len(listed) - 1)])
