"""The gradient of a graph: one sweep backwards, one rule an operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from simulation.formula.graph import Graph, Op

Shares = list[tuple[int, int]]
"""(operand, its share of the adjoint): both are nodes."""
Rule = Callable[[Graph, int, int], Shares]
"""(graph, node, adjoint of the node) → shares of its operands."""


class Sloped(Protocol):
    """A formula whose gradient is in its graph."""

    @property
    def slope(self) -> tuple[int, ...]:
        """Nodes of ∂f/∂w_j (d,)."""


def gradient_nodes(formula: Sloped) -> tuple[int, ...]:
    """Return the nodes of ∂f/∂w_j (d,) in the formula's graph."""
    return formula.slope


def gradient(graph: Graph, root: int, dimension: int) -> tuple[int, ...]:
    """Add ∂root/∂w_j (d,) to a graph and return its nodes; one that is 0 is a CONST."""
    adjoints = {root: graph.const(1.0)}
    slope = [graph.const(0.0)] * dimension
    for node in reversed(graph.active([root])):
        adjoint = adjoints.get(node)
        if adjoint is None or graph.uniform[node]:
            continue
        if graph.ops[node] == Op.VAR:
            slope[graph.a[node]] = adjoint
            continue
        for child, share in RULES[graph.ops[node]](graph, node, adjoint):
            if not graph.uniform[child]:
                before = adjoints.get(child)
                adjoints[child] = share if before is None else graph.add(before, share)
    return tuple(slope)


def _scaled(partial: Callable[[Graph, int, int], int]) -> Rule:
    """Return the rule of an operation on a, from its derivative: (graph, a, node) → node."""

    def rule(graph: Graph, node: int, adjoint: int) -> Shares:
        a = graph.a[node]
        return [(a, graph.mul(adjoint, partial(graph, a, node)))]

    return rule


def _mul(graph: Graph, node: int, adjoint: int) -> Shares:
    a, b = graph.a[node], graph.b[node]
    return [(a, graph.mul(adjoint, b)), (b, graph.mul(adjoint, a))]


def _div(graph: Graph, node: int, adjoint: int) -> Shares:
    share = graph.div(adjoint, graph.b[node])
    return [(graph.a[node], share), (graph.b[node], graph.neg(graph.mul(share, node)))]


def _powi(graph: Graph, node: int, adjoint: int) -> Shares:
    """n aⁿ⁻¹; and for (√c)ⁿ with n > 2 at once ½n(√c)ⁿ⁻² to c, which has a value at c = 0."""
    child, exponent = graph.a[node], graph.b[node]
    factor, lower = float(exponent), exponent - 1
    if graph.ops[child] == Op.SQRT and exponent > 2:
        child, factor, lower = graph.a[child], exponent / 2, exponent - 2
    slope = graph.mul(graph.const(factor), graph.powi(graph.a[node], lower))
    return [(child, graph.mul(adjoint, slope))]


def _pow(graph: Graph, node: int, adjoint: int) -> Shares:
    a, b = graph.a[node], graph.b[node]
    shares = []
    if not graph.uniform[a]:
        slope = graph.mul(b, graph.pow(a, graph.sub(b, graph.const(1.0))))
        shares.append((a, graph.mul(adjoint, slope)))
    if not graph.uniform[b]:
        shares.append((b, graph.mul(adjoint, graph.mul(node, graph.unary(Op.LOG, a)))))
    return shares


def _chosen(graph: Graph, node: int, adjoint: int, taken: int) -> Shares:
    """All to the operand that is taken: to a if `taken` is 1, else to b."""
    other = graph.sub(graph.const(1.0), taken)
    return [
        (graph.a[node], graph.mul(adjoint, taken)),
        (graph.b[node], graph.mul(adjoint, other)),
    ]


def _min(graph: Graph, node: int, adjoint: int) -> Shares:
    taken = graph.binary(Op.STEP, graph.b[node], graph.a[node])
    return _chosen(graph, node, adjoint, taken)


def _max(graph: Graph, node: int, adjoint: int) -> Shares:
    taken = graph.binary(Op.STEP, graph.a[node], graph.b[node])
    return _chosen(graph, node, adjoint, taken)


def _nothing(graph: Graph, node: int, adjoint: int) -> Shares:
    return []


RULES: Mapping[Op, Rule] = MappingProxyType({
    Op.ADD: lambda graph, node, adjoint: [(graph.a[node], adjoint), (graph.b[node], adjoint)],
    Op.SUB: lambda graph, node, adjoint: [
        (graph.a[node], adjoint), (graph.b[node], graph.neg(adjoint))],
    Op.MUL: _mul,
    Op.DIV: _div,
    Op.NEG: lambda graph, node, adjoint: [(graph.a[node], graph.neg(adjoint))],
    Op.POWI: _powi,
    Op.POW: _pow,
    Op.SQRT: _scaled(lambda graph, a, node: graph.div(graph.const(0.5), node)),
    Op.EXP: _scaled(lambda graph, a, node: node),
    Op.LOG: _scaled(lambda graph, a, node: graph.unary(Op.DLOG, a)),
    Op.SIN: _scaled(lambda graph, a, node: graph.unary(Op.COS, a)),
    Op.COS: _scaled(lambda graph, a, node: graph.neg(graph.unary(Op.SIN, a))),
    Op.TANH: _scaled(lambda graph, a, node: graph.sub(graph.const(1.0), graph.mul(node, node))),
    Op.ABS: _scaled(lambda graph, a, node: graph.unary(Op.SIGN, a)),
    Op.DLOG: _scaled(lambda graph, a, node: graph.neg(graph.mul(node, node))),
    Op.MIN: _min,
    Op.MAX: _max,
    Op.SIGN: _nothing,
    Op.STEP: _nothing,
})  # fmt: skip
"""Operation → how the adjoint of a node is shared among its operands."""
