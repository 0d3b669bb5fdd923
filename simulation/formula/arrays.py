"""Value, gradient and Hessian of a formula over arrays, by walking its graph with NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.formula.formula import MOST_KEPT, Formula
from simulation.formula.graph import BINARY, Graph, Op

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

PARTIALS: Mapping[Op, tuple[Callable[[Any, Any, Any], Any], ...]] = MappingProxyType({
    Op.ADD: (lambda v, x, y: 1.0, lambda v, x, y: 1.0),
    Op.SUB: (lambda v, x, y: 1.0, lambda v, x, y: -1.0),
    Op.MUL: (lambda v, x, y: y, lambda v, x, y: x),
    Op.DIV: (lambda v, x, y: np.divide(1.0, y), lambda v, x, y: np.divide(-v, y)),
    Op.NEG: (lambda v, x, y: -1.0,),
    Op.POWI: (lambda v, x, n: n * power(x, n - 1),),
    Op.POW: (lambda v, x, y: y * np.power(x, y - 1.0), lambda v, x, y: v * np.log(x)),
    Op.SQRT: (lambda v, x, y: np.divide(0.5, v),),
    Op.EXP: (lambda v, x, y: v,),
    Op.LOG: (lambda v, x, y: _reciprocal(x),),
    Op.SIN: (lambda v, x, y: np.cos(x),),
    Op.COS: (lambda v, x, y: -np.sin(x),),
    Op.TANH: (lambda v, x, y: 1.0 - v * v,),
    Op.ABS: (lambda v, x, y: np.sign(x),),
    Op.MIN: (lambda v, x, y: _step(y, x), lambda v, x, y: 1.0 - _step(y, x)),
    Op.MAX: (lambda v, x, y: _step(x, y), lambda v, x, y: 1.0 - _step(x, y)),
    Op.DLOG: (lambda v, x, y: -v * v,),
})  # fmt: skip
"""Operation → its derivatives by a and b, from its value v and its operands' x and y.

SIGN and STEP have none: they are constant but for jumps.
"""


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
        x, y = values[a], values[b] if op in BINARY else b
        total = None
        for operand, partial in zip((a, b), PARTIALS[op], strict=False):
            if operand in tangents:
                factor = np.asarray(partial(values[node], x, y))[..., None]
                share = factor * tangents[operand]
                total = share if total is None else total + share
        if total is not None:
            tangents[node] = total
    return tangents


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
