"""Syntax tree → graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulation.formula.errors import SHOWN, FormulaError
from simulation.formula.functions import FUNCTIONS
from simulation.formula.grammar import CONSTANTS, DIMENSION, MOST_TERMS, WEIGHTS
from simulation.formula.graph import Graph
from simulation.formula.names import Names, outside
from simulation.formula.nodes import (
    Binary,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Offset,
    Running,
    fold,
    outside_sums,
)
from simulation.formula.syntax import unparse

MOST_STEPS = 20_000  # nodes of the tree that are read, those in a sum once a term

BINARY: Mapping[str, Callable[[Graph, int, int], int]] = MappingProxyType({
    "+": Graph.add,
    "-": Graph.sub,
    "*": Graph.mul,
    "/": Graph.div,
    "^": Graph.pow,
})  # fmt: skip
PAIRED = {"sum": (Graph.add, 0.0), "prod": (Graph.mul, 1.0)}
"""Kind of a running node → how two terms are joined, and its value without terms."""


class Builder:
    """Makes the graph of one tree; `root` is its value."""

    def __init__(self, tree: Node, names: Names) -> None:
        self.graph = Graph()
        self._names = names
        self._places = {name: place for place, name in enumerate(names.weights)}
        self._numbers = {name: place for place, name in enumerate(names.parameters)}
        self._steps = 0
        self.root = self._below(tree, {})

    def _below(self, tree: Node, scope: Mapping[str, int]) -> int:
        """Return the node of a tree, inside sums whose letters have these values."""
        return fold(tree, lambda node, parts: self._at(node, parts, scope), outside_sums)

    def _at(self, node: Node, parts: list[int], scope: Mapping[str, int]) -> int:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise FormulaError(f"written out, it has more than {MOST_STEPS:,} operations")
        try:
            return self._made(node, parts, scope)
        except FormulaError as fault:
            if "“" in fault.why:  # its place is named already
                raise
            shown = unparse(node)
            shown = shown if len(shown) <= 2 * SHOWN else shown[: 2 * SHOWN] + "…"
            raise FormulaError(f"{fault.why}, in “{shown}”") from None

    def _made(self, node: Node, parts: list[int], scope: Mapping[str, int]) -> int:
        graph = self.graph
        match node:
            case Number(value):
                return graph.const(value)
            case Name():
                return self._named(node, scope)
            case Negative():
                return graph.neg(parts[0])
            case Binary(op):
                return BINARY[op](graph, *parts)
            case Call(function):
                return FUNCTIONS[function].build(graph, parts)
            case Running():
                return self._run(node, scope)

    def _named(self, name: Name, scope: Mapping[str, int]) -> int:
        base, index = name.base, name.index
        if index is None:
            known = {**CONSTANTS, DIMENSION: float(self._names.length), **scope}
            if base in known:
                return self.graph.const(known[base])
        if isinstance(index, Offset):
            index = scope[index.letter] + index.by
        key = base if index is None else f"{base}{index}"
        if base in WEIGHTS and key in self._places:
            return self.graph.var(self._places[key])
        if base not in WEIGHTS and key in self._numbers:
            return self.graph.param(self._numbers[key])
        raise outside(base, index or 0, self._names.length)

    def _run(self, node: Running, scope: Mapping[str, int]) -> int:
        low, high = (
            end if isinstance(end, int) else self._names.length + end.by
            for end in (node.low, node.high)
        )
        if high - low + 1 > MOST_TERMS:
            raise FormulaError(f"more than {MOST_TERMS} terms in one {node.kind}")
        join, empty = PAIRED[node.kind]
        terms = [self._below(node.body, {**scope, node.letter: k}) for k in range(low, high + 1)]
        while len(terms) > 1:  # by pairs: the depth is log₂ of the terms
            pairs = [terms[k : k + 2] for k in range(0, len(terms), 2)]
            terms = [join(self.graph, *pair) if len(pair) > 1 else pair[0] for pair in pairs]
        return terms[0] if terms else self.graph.const(empty)
