"""Nodes of the syntax tree, and the one walk over them.

A tree may be as deep as its formula is long (x+x+x+…), so it is walked with a list, not by
recursion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Offset:
    """A letter plus a whole number: an index i+1 inside a sum, or an end d−1 of its range."""

    letter: str
    by: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed: not negative, finite."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A weight, a parameter, a constant or the running letter of a sum; w2 is ("w", 2)."""

    base: str
    index: int | Offset | None = None


@dataclass(frozen=True, slots=True)
class Negative:
    """−operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """left op right, with op one of + - * / ^."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A sum or a product (kind "sum", "prod") of the body over letter = low … high."""

    kind: str
    body: Node
    letter: str
    low: int | Offset
    high: int | Offset


Node = Number | Name | Negative | Binary | Call | Running


def children(node: Node) -> tuple[Node, ...]:
    """Return the children of a node, from left to right."""
    match node:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case Running(body=body):
            return (body,)
    return ()


def outside_sums(node: Node) -> tuple[Node, ...]:
    """Return the children of a node, but none of a sum or product."""
    return () if isinstance(node, Running) else children(node)


def fold(
    tree: Node,
    combine: Callable[[Node, list[Result]], Result],
    below: Callable[[Node], tuple[Node, ...]] = children,
) -> Result:
    """Return combine(tree, results of its children), computed from the leaves up."""
    order: list[tuple[Node, tuple[Node, ...]]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        operands = below(node)
        order.append((node, operands))
        waiting.extend(operands)
    results: dict[int, Result] = {}
    for node, operands in reversed(order):
        results[id(node)] = combine(node, [results[id(operand)] for operand in operands])
    return results[id(tree)]
