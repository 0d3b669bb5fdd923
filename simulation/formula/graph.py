"""The graph of a formula: every operation once, children before parents.

Derivatives, values, tapes and sources are loops over its lists. Nodes are numbered in the order in
which they are made, and equal nodes have one number ("hash consing"), so common subexpressions are
found for free and every machine numbers alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from simulation.formula.errors import FormulaError
from simulation.formula.operations import (
    BINARY,
    BINARY_NUMBERS,
    COMMUTES,
    FOLDED,
    LEAVES,
    UNARY_NUMBERS,
    Op,
    finite,
    power,
)

__all__ = ["BINARY", "COMMUTES", "LEAVES", "Graph", "Op"]

MOST_NODES = 6000
MOST_UNROLLED = 64  # largest whole exponent that is computed by multiplications


class Graph:
    """Lists over nodes: ops, operands a and b, and uniform (no weight below the node).

    values: the numbers of the CONST nodes. The constructors `add` … `binary` return the number of
    a node and simplify as they go; they raise FormulaError for a number that is not finite, and
    beyond `most` nodes.
    """

    def __init__(self, most: int = MOST_NODES) -> None:
        self.ops: list[Op] = []
        self.a: list[int] = []
        self.b: list[int] = []
        self.uniform: list[bool] = []
        self.values: dict[int, float] = {}
        self._most = most
        self._known: dict[tuple[Op, int | str, int], int] = {}

    def children(self, node: int) -> tuple[int, ...]:
        """Return the operands of a node that are nodes."""
        op = self.ops[node]
        if op in LEAVES:
            return ()
        return (self.a[node], self.b[node]) if op in BINARY else (self.a[node],)

    def active(self, roots: Iterable[int]) -> list[int]:
        """Return the nodes that the roots need, children first."""
        needed = [False] * len(self.ops)
        for root in roots:
            needed[root] = True
        for node in range(len(self.ops) - 1, -1, -1):
            if needed[node]:
                for child in self.children(node):
                    needed[child] = True
        return [node for node, need in enumerate(needed) if need]

    def const(self, value: float) -> int:
        """Return the node of a number; raise FormulaError if it is not finite."""
        value = float(value) + 0.0  # −0 becomes 0
        if not math.isfinite(value):
            raise FormulaError("a number in it is too large (up to 1e308), or divided by 0")
        node = self._node(Op.CONST, value.hex(), -1, uniform=True)
        self.values[node] = value
        return node

    def var(self, place: int) -> int:
        """Return the node of a weight."""
        return self._node(Op.VAR, place, -1, uniform=False)

    def param(self, place: int) -> int:
        """Return the node of a parameter."""
        return self._node(Op.PARAM, place, -1, uniform=True)

    def add(self, a: int, b: int) -> int:
        """Return a + b."""
        x, y = self.values.get(a), self.values.get(b)
        if x is not None and y is not None:
            return self.const(x + y)
        if x == 0 or y == 0:
            return b if x == 0 else a
        if self.ops[b] == Op.NEG:
            return self.sub(a, self.a[b])
        if self.ops[a] == Op.NEG:
            return self.sub(b, self.a[a])
        if a == b:
            return self.mul(self.const(2.0), a)
        return self._pair(Op.ADD, a, b)

    def sub(self, a: int, b: int) -> int:
        """Return a − b."""
        x, y = self.values.get(a), self.values.get(b)
        if x is not None and y is not None:
            return self.const(x - y)
        if y == 0:
            return a
        if x == 0:
            return self.neg(b)
        if self.ops[b] == Op.NEG:
            return self.add(a, self.a[b])
        if a == b and self.ops[a] in LEAVES:  # anything else might have no value
            return self.const(0.0)
        return self._pair(Op.SUB, a, b)

    def neg(self, a: int) -> int:
        """Return −a."""
        x = self.values.get(a)
        if x is not None:
            return self.const(-x)
        if self.ops[a] == Op.NEG:
            return self.a[a]
        if self.ops[a] == Op.SUB:
            return self.sub(self.b[a], self.a[a])
        if self.ops[a] == Op.MUL:
            number, rest = self._factors(a)
            if number in self.values and rest is not None:
                return self.mul(self.const(-self.values[number]), rest)
        return self._node(Op.NEG, a, -1, uniform=self.uniform[a])

    def mul(self, a: int, b: int) -> int:
        """Return a·b, with numbers and parameters gathered in front: (c·p)(k·q) = (c·k)(p·q)."""
        x, y = self.values.get(a), self.values.get(b)
        if x is not None and y is not None:
            return self.const(x * y)
        if y is not None or (self.uniform[b] and not self.uniform[a]):
            a, b, x = b, a, y
        if x in (0.0, 1.0, -1.0):
            return a if x == 0 else b if x == 1 else self.neg(b)
        if self.ops[a] == Op.NEG:
            return self.neg(self.mul(self.a[a], b))
        if self.ops[b] == Op.NEG:
            return self.neg(self.mul(a, self.a[b]))
        if not (self.uniform[a] and self.uniform[b]):
            (c, p), (k, q) = self._factors(a), self._factors(b)
            if k is not None or (c is not None and p is not None):
                return self.mul(self._product(c, k), self._product(p, q))
        return self._pair(Op.MUL, a, b)

    def div(self, a: int, b: int) -> int:
        """Return a/b, by a number as a multiplication; raise FormulaError for a/0."""
        x, y = self.values.get(a), self.values.get(b)
        if y == 0:
            raise FormulaError("division by 0")
        if x is not None and y is not None:
            return self.const(x / y)
        if y == 1 or (x == 0 and y is not None):
            return a
        if self.uniform[b] and not self.uniform[a]:
            return self.mul(self.div(self.const(1.0), b), a)
        return self._pair(Op.DIV, a, b)

    def powi(self, a: int, exponent: int) -> int:
        """Return a to a whole power."""
        if exponent < 0:
            return self.div(self.const(1.0), self.powi(a, -exponent))
        if exponent < 2:
            return a if exponent else self.const(1.0)
        x = self.values.get(a)
        if x is not None:
            return self.const(finite(f"{x:g}^{exponent}", lambda: power(x, exponent)))
        if self.ops[a] == Op.NEG:
            positive = self.powi(self.a[a], exponent)
            return self.neg(positive) if exponent % 2 else positive
        if self.ops[a] == Op.POWI and self.b[a] * exponent <= MOST_UNROLLED:
            return self.powi(self.a[a], self.b[a] * exponent)
        return self._node(Op.POWI, a, exponent, uniform=self.uniform[a])

    def pow(self, a: int, b: int) -> int:
        """Return a^b: by multiplications and a root where b is a whole or half number."""
        x, y = self.values.get(a), self.values.get(b)
        if y is not None and abs(y) <= MOST_UNROLLED:
            if y.is_integer():
                return self.powi(a, int(y))
            if (2 * y).is_integer():
                return self.powi(self.unary(Op.SQRT, a), int(2 * y))
        if x is not None and y is not None:
            finite(f"{x:g}^{y:g}", lambda: math.pow(x, y))
            if y.is_integer() and y > 0:
                return self.const(power(x, int(y)))
        elif x is not None and x > 0:
            return self.unary(Op.EXP, b if x == math.e else self.mul(b, self.unary(Op.LOG, a)))
        return self._pair(Op.POW, a, b)

    def unary(self, op: Op, a: int) -> int:
        """Return op(a) for SQRT … SIGN and DLOG."""
        x = self.values.get(a)
        if x is not None:
            value = finite(f"{op.name.lower()}({x:g})", lambda: UNARY_NUMBERS[op](x))
            folded = FOLDED[op]
            if folded is None or x in folded:
                return self.const(value)
        if op == Op.ABS and self.ops[a] in (Op.ABS, Op.SQRT, Op.EXP):
            return a
        return self._node(op, a, -1, uniform=self.uniform[a])

    def binary(self, op: Op, a: int, b: int) -> int:
        """Return op(a, b) for MIN, MAX and STEP."""
        x, y = self.values.get(a), self.values.get(b)
        if x is not None and y is not None:
            return self.const(BINARY_NUMBERS[op](x, y))
        return self._pair(op, a, b)

    def _factors(self, node: int) -> tuple[int | None, int | None]:
        """Return (the factor without weights, the other one) of a node; None if there is none."""
        if self.uniform[node]:
            return node, None
        if self.ops[node] == Op.MUL:
            a, b = self.a[node], self.b[node]
            if self.uniform[a]:
                return a, b
            if self.uniform[b]:
                return b, a
        return None, node

    def _product(self, a: int | None, b: int | None) -> int:
        if a is None or b is None:
            return self.const(1.0) if a is b else b if a is None else a  # type: ignore[return-value]
        return self.mul(a, b)

    def _pair(self, op: Op, a: int, b: int) -> int:
        if op in COMMUTES and a > b:
            a, b = b, a
        return self._node(op, a, b, uniform=self.uniform[a] and self.uniform[b])

    def _node(self, op: Op, a: int | str, b: int, *, uniform: bool) -> int:
        key = (op, a, b)
        known = self._known.get(key)
        if known is not None:
            return known
        if len(self.ops) >= self._most:
            raise FormulaError(f"written out, it has more than {self._most:,} operations")
        node = self._known[key] = len(self.ops)
        self.ops.append(op)
        self.a.append(-1 if isinstance(a, str) else a)
        self.b.append(b)
        self.uniform.append(uniform)
        return node
