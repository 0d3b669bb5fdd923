"""Partial derivatives of the operations, for any arithmetic: floats, arrays, intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

from simulation.formula.graph import Op

Operation = Callable[..., Any]


class Numbers(Protocol):
    """How values are computed."""

    @property
    def operations(self) -> Mapping[Op, Operation]:
        """Operation → function of its operands' values (POWI: a value and the exponent)."""

    @property
    def constant(self) -> Callable[[float], Any]:
        """Number → value."""


Partials = Callable[..., tuple[Operation, ...]]


def _product(w: Numbers, v: Any, a: Any, b: Any) -> tuple[Operation, ...]:
    return (lambda: b, lambda: a)


def _quotient(w: Numbers, v: Any, a: Any, b: Any) -> tuple[Operation, ...]:
    op = w.operations
    return (
        lambda: op[Op.DIV](w.constant(1.0), b),
        lambda: op[Op.NEG](op[Op.DIV](v, b)),
    )


def _power(w: Numbers, v: Any, a: Any, b: Any, less: Any) -> tuple[Operation, ...]:
    op = w.operations
    return (
        lambda: op[Op.MUL](b, op[Op.POW](a, less)),  # less = b − 1
        lambda: op[Op.MUL](v, op[Op.LOG](a)),
    )


def _whole_power(w: Numbers, v: Any, a: Any, n: int) -> tuple[Operation, ...]:
    op = w.operations
    return (lambda: op[Op.MUL](w.constant(n), op[Op.POWI](a, n - 1) if n > 2 else a),)


def _chosen(order: int) -> Partials:
    """Return the partials of MAX (order 1) or MIN (order −1)."""

    def partials(w: Numbers, v: Any, a: Any, b: Any) -> tuple[Operation, ...]:
        op = w.operations
        first = op[Op.STEP](*((a, b)[::order]))
        return (lambda: first, lambda: op[Op.SUB](w.constant(1.0), first))

    return partials


def _one(rule: Callable[[Mapping[Op, Operation], Numbers, Any, Any], Any]) -> Partials:
    """Return the partial of a function of one number, given v and a."""
    return lambda w, v, a: (lambda: rule(w.operations, w, v, a),)


def _constants(*numbers: float) -> Partials:
    """Return the partials of an operation that is linear in each operand."""
    return lambda w, v, *given: tuple(partial(w.constant, number) for number in numbers)


PARTIALS: Mapping[Op, Partials] = MappingProxyType({
    Op.ADD: _constants(1.0, 1.0),
    Op.SUB: _constants(1.0, -1.0),
    Op.NEG: _constants(-1.0),
    Op.MUL: _product,
    Op.DIV: _quotient,
    Op.POWI: _whole_power,
    Op.POW: _power,
    Op.SQRT: _one(lambda op, w, v, a: op[Op.DIV](w.constant(0.5), v)),
    Op.EXP: _one(lambda op, w, v, a: v),
    Op.LOG: _one(lambda op, w, v, a: op[Op.DLOG](a)),
    Op.DLOG: _one(lambda op, w, v, a: op[Op.NEG](op[Op.POWI](v, 2))),
    Op.SIN: _one(lambda op, w, v, a: op[Op.COS](a)),
    Op.COS: _one(lambda op, w, v, a: op[Op.NEG](op[Op.SIN](a))),
    Op.TANH: _one(lambda op, w, v, a: op[Op.SUB](w.constant(1.0), op[Op.POWI](v, 2))),
    Op.ABS: _one(lambda op, w, v, a: op[Op.SIGN](a)),
    Op.MIN: _chosen(-1),
    Op.MAX: _chosen(1),
})  # fmt: skip
"""Operation → rule(arithmetic, value, operands …) → a function for each partial derivative.

POW is given b − 1 too. SIGN and STEP have no rule: they are constant but for jumps.
"""
