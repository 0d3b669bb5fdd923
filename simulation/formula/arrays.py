"""Value, gradient and Hessian of a formula over arrays, by walking its graph with NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.formula.formula import MOST_KEPT, Formula
from simulation.formula.graph import BINARY, Graph, Op
from simulation.formula.partials import PARTIALS, Operation

Floats = NDArray[np.float64]

ROOM = 2**21  # numbers held at once, of all nodes together
FEWEST_ROWS = 16


class Field:
    """A formula with the numbers of its parameters, as functions of w (..., d).

    coupling (d, d): whether ∂²f/∂w_i∂w_j can differ from 0, by the structure of the formula.
    Where f or a derivative has no value the arrays hold NaN or ±inf; nothing is raised.
    """

    def __init__(self, formula: Formula, numbers: Sequence[float] = ()) -> None:
        if len(numbers) != len(formula.parameters):
            raise ValueError(f"{len(formula.parameters)} numbers are needed, not {len(numbers)}")
        self.formula = formula
        self.numbers = tuple(float(number) for number in numbers)
        self.dimension = formula.dimension
        self._value_order, self._slope_order, self.coupling = _plan(formula)

    def value(self, w: Floats) -> Floats:
        """Return f(w) (...,)."""
        return self._each(self._value_order, w, (), self._values)

    def gradient(self, w: Floats) -> Floats:
        """Return ∇f(w) (..., d)."""
        return self._each(self._slope_order, w, (self.dimension,), self._slopes)

    def hessian(self, w: Floats) -> Floats:
        """Return ∇²f(w) (..., d, d), by forward tangents of the gradient's graph."""
        shape = (self.dimension, self.dimension)
        return self._each(self._slope_order, w, shape, self._bends, copies=1 + self.dimension)

    def _each(
        self,
        order: list[int],
        w: Floats,
        shape: tuple[int, ...],
        compute: Callable[[Floats, Floats], None],
        copies: int = 1,
    ) -> Floats:
        """Return compute's result (..., *shape) at w (..., d), some rows at a time."""
        w = np.asarray(w, dtype=float)
        rows = w.reshape(-1, self.dimension)
        out = np.empty((len(rows), *shape))
        step = max(FEWEST_ROWS, ROOM // (len(order) * copies))
        with np.errstate(all="ignore"):
            for first in range(0, len(rows), step):
                compute(rows[first : first + step], out[first : first + step])
        return out.reshape((*w.shape[:-1], *shape))

    def _values(self, w: Floats, out: Floats) -> None:
        graph, root = self.formula.graph, self.formula.root
        out[:] = evaluate(graph, self._value_order, w, self.numbers)[root]

    def _slopes(self, w: Floats, out: Floats) -> None:
        values = evaluate(self.formula.graph, self._slope_order, w, self.numbers)
        for j, node in enumerate(self.formula.slope):
            out[:, j] = values[node]

    def _bends(self, w: Floats, out: Floats) -> None:
        graph, order = self.formula.graph, self._slope_order
        values = evaluate(graph, order, w, self.numbers)
        tangents = _tangents(graph, order, values, self.dimension)
        for j, node in enumerate(self.formula.slope):
            out[:, j] = tangents.get(node, 0.0)
        out += np.swapaxes(out.copy(), 1, 2)
        out *= 0.5


def evaluate(
    graph: Graph, order: Sequence[int], w: Floats, numbers: Sequence[float]
) -> dict[int, Any]:
    """Return the value of each node of `order` (children first) at w (n, d): (n,) or a number."""
    values: dict[int, Any] = {}
    for node in order:
        op, a, b = graph.ops[node], graph.a[node], graph.b[node]
        if op == Op.CONST:
            values[node] = graph.values[node]
        elif op == Op.VAR:
            values[node] = w[:, a]
        elif op == Op.PARAM:
            values[node] = numbers[a]
        elif op == Op.POWI:
            values[node] = power(values[a], b)
        elif op in BINARY:
            values[node] = VALUES[op](values[a], values[b])
        else:
            values[node] = VALUES[op](values[a])
    return values


def power(x: Any, exponent: int) -> Any:
    """Return x to a whole power ≥ 1, by multiplications."""
    result = None
    while exponent:
        if exponent & 1:
            result = x if result is None else result * x
        exponent >>= 1
        if exponent:
            x = x * x
    return result


def _reciprocal(x: Any) -> Any:
    """1/x for x > 0, else NaN: the derivative of log where it has one."""
    return np.where(x > 0, np.divide(1.0, x), np.nan)


def _step(x: Any, y: Any) -> Any:
    return np.where(x >= y, 1.0, 0.0)


VALUES: Mapping[Op, Callable[..., Any]] = MappingProxyType({
    Op.ADD: np.add,
    Op.SUB: np.subtract,
    Op.MUL: np.multiply,
    Op.DIV: np.divide,
    Op.NEG: np.negative,
    Op.POW: np.power,
    Op.SQRT: np.sqrt,
    Op.EXP: np.exp,
    Op.LOG: np.log,
    Op.SIN: np.sin,
    Op.COS: np.cos,
    Op.TANH: np.tanh,
    Op.ABS: np.abs,
    Op.SIGN: np.sign,
    Op.MIN: np.minimum,
    Op.MAX: np.maximum,
    Op.STEP: _step,
    Op.DLOG: _reciprocal,
})  # fmt: skip
"""Operation → its value over arrays."""


class _Plain(NamedTuple):
    """Floats and arrays of them, for `PARTIALS`."""

    operations: Mapping[Op, Operation]
    constant: Callable[[float], float]


PLAIN = _Plain(MappingProxyType({**VALUES, Op.POWI: power}), float)


def _tangents(
    graph: Graph, order: Sequence[int], values: Mapping[int, Any], dimension: int
) -> dict[int, Floats]:
    """Return ∂node/∂w (n, d), or (1, d), of each node of `order` that depends on w."""
    tangents: dict[int, Floats] = {}
    unit = np.eye(dimension)
    for node in order:
        op, a, b = graph.ops[node], graph.a[node], graph.b[node]
        if op == Op.VAR:
            tangents[node] = unit[a : a + 1]
        if op not in PARTIALS:
            continue
        total = None
        partials = PARTIALS[op](PLAIN, values[node], *_given(op, values, a, b))
        for operand, partial in zip((a, b), partials, strict=False):
            if operand in tangents:
                factor = np.asarray(partial())[..., None]
                share = factor * tangents[operand]
                total = share if total is None else total + share
        if total is not None:
            tangents[node] = total
    return tangents


def _given(op: Op, values: Mapping[int, Any], a: int, b: int) -> tuple[Any, ...]:
    """Return what a rule of PARTIALS is given after the value."""
    if op == Op.POW:
        return values[a], values[b], values[b] - 1.0
    if op == Op.POWI:
        return values[a], b
    return (values[a], values[b]) if op in BINARY else (values[a],)


@lru_cache(maxsize=MOST_KEPT)
def _plan(formula: Formula) -> tuple[list[int], list[int], NDArray[np.bool_]]:
    """Return the nodes that f needs, those that its gradient needs, and the coupling (d, d)."""
    graph = formula.graph
    order = graph.active(formula.slope)
    depends = np.zeros((len(graph.ops), formula.dimension), dtype=bool)
    for node in order:
        if graph.ops[node] == Op.VAR:
            depends[node, graph.a[node]] = True
        for child in graph.children(node):
            depends[node] |= depends[child]
    rows = depends[list(formula.slope)]
    coupling: NDArray[np.bool_] = rows & rows.T
    coupling.flags.writeable = False
    return graph.active([formula.root]), order, coupling
