"""The functions of the language: one record each, with the nodes that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType

from simulation.formula.graph import Graph, Op

Build = Callable[[Graph, list[int]], int]

SMOOTH_UP_TO = 40.0  # beyond it, log(1 + exp(a)) is a to the last bit of a double


@dataclass(frozen=True, slots=True)
class Function:
    """A function: fewest and most arguments, and how its nodes are made from theirs."""

    build: Build
    fewest: int = 1
    most: int = 1


def _unary(op: Op) -> Function:
    return Function(lambda graph, arguments: graph.unary(op, arguments[0]))


def _extreme(op: Op) -> Function:
    def build(graph: Graph, arguments: list[int]) -> int:
        return reduce(lambda a, b: graph.binary(op, a, b), arguments)

    return Function(build, 2, 8)


def _tan(graph: Graph, arguments: list[int]) -> int:
    return graph.div(graph.unary(Op.SIN, arguments[0]), graph.unary(Op.COS, arguments[0]))


def _exponentials(graph: Graph, a: int) -> tuple[int, int]:
    return graph.unary(Op.EXP, a), graph.unary(Op.EXP, graph.neg(a))


def _sinh(graph: Graph, arguments: list[int]) -> int:
    return graph.mul(graph.const(0.5), graph.sub(*_exponentials(graph, arguments[0])))


def _cosh(graph: Graph, arguments: list[int]) -> int:
    return graph.mul(graph.const(0.5), graph.add(*_exponentials(graph, arguments[0])))


def _sigmoid(graph: Graph, arguments: list[int]) -> int:
    """½(1 + tanh ½a), which cannot overflow."""
    half = graph.const(0.5)
    inner = graph.unary(Op.TANH, graph.mul(half, arguments[0]))
    return graph.mul(half, graph.add(graph.const(1.0), inner))


def _relu(graph: Graph, arguments: list[int]) -> int:
    return graph.binary(Op.MAX, graph.const(0.0), arguments[0])


def _softplus(graph: Graph, arguments: list[int]) -> int:
    """log(1 + exp(min(a, 40))) + max(0, a − 40): smooth to the last bit, without overflow."""
    a, end = arguments[0], graph.const(SMOOTH_UP_TO)
    power = graph.unary(Op.EXP, graph.binary(Op.MIN, a, end))
    bent = graph.unary(Op.LOG, graph.add(graph.const(1.0), power))
    return graph.add(bent, graph.binary(Op.MAX, graph.const(0.0), graph.sub(a, end)))


FUNCTIONS: Mapping[str, Function] = MappingProxyType({
    "sqrt": _unary(Op.SQRT),
    "exp": _unary(Op.EXP),
    "log": _unary(Op.LOG),
    "sin": _unary(Op.SIN),
    "cos": _unary(Op.COS),
    "tan": Function(_tan),
    "sinh": Function(_sinh),
    "cosh": Function(_cosh),
    "tanh": _unary(Op.TANH),
    "abs": _unary(Op.ABS),
    "min": _extreme(Op.MIN),
    "max": _extreme(Op.MAX),
    "sigmoid": Function(_sigmoid),
    "softplus": Function(_softplus),
    "relu": Function(_relu),
})  # fmt: skip
"""Name of a function → its record."""
