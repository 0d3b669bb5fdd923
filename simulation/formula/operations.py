"""The operations of a graph, and their values for numbers that are known when it is made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import IntEnum
from types import MappingProxyType

from simulation.formula.errors import FormulaError


class Op(IntEnum):
    """Operation of a node; its operands are the nodes a and b, unless said otherwise."""

    CONST = 0  # the number values[node]
    VAR = 1  # the weight number a
    PARAM = 2  # the parameter number a
    ADD = 3
    SUB = 4
    MUL = 5
    DIV = 6
    NEG = 7
    POWI = 8  # a to the whole power b ≥ 2 (b is the exponent itself, not a node)
    POW = 9
    SQRT = 10
    EXP = 11
    LOG = 12
    SIN = 13
    COS = 14
    TANH = 15
    ABS = 16
    SIGN = 17
    MIN = 18
    MAX = 19
    STEP = 20  # 1 if a ≥ b, else 0
    DLOG = 21  # the derivative of log: 1/a for a > 0, else NaN


LEAVES = frozenset({Op.CONST, Op.VAR, Op.PARAM})
BINARY = frozenset({Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW, Op.MIN, Op.MAX, Op.STEP})
COMMUTES = frozenset({Op.ADD, Op.MUL})

UNARY_NUMBERS: Mapping[Op, Callable[[float], float]] = MappingProxyType({
    Op.SQRT: math.sqrt,
    Op.EXP: math.exp,
    Op.LOG: math.log,
    Op.SIN: math.sin,
    Op.COS: math.cos,
    Op.TANH: math.tanh,
    Op.ABS: abs,
    Op.SIGN: lambda x: float((x > 0) - (x < 0)),
    Op.DLOG: lambda x: 1 / x if x > 0 else math.nan,
})  # fmt: skip
"""Operation of one number → its value."""

FOLDED: Mapping[Op, frozenset[float] | None] = MappingProxyType({
    Op.SQRT: None,
    Op.ABS: None,
    Op.SIGN: None,
    Op.DLOG: None,
    Op.EXP: frozenset({0.0}),
    Op.LOG: frozenset({1.0}),
    Op.SIN: frozenset({0.0}),
    Op.COS: frozenset({0.0}),
    Op.TANH: frozenset({0.0}),
})  # fmt: skip
"""Operation → the numbers whose value becomes a CONST, None for all of them.

exp, log, sin, cos and tanh of other numbers stay nodes: their last bit depends on the machine's
libm, and it is for the kernels' own functions to compute them.
"""

BINARY_NUMBERS: Mapping[Op, Callable[[float, float], float]] = MappingProxyType({
    Op.MIN: min,
    Op.MAX: max,
    Op.STEP: lambda x, y: float(x >= y),
})  # fmt: skip


def finite(text: str, compute: Callable[[], float]) -> float:
    """Return a number; raise FormulaError with its text if there is none, or it is too large."""
    try:
        value = compute()
    except (ValueError, OverflowError):
        value = math.inf
    if not math.isfinite(value):
        raise FormulaError(f"{text} is no number that can be held")
    return value


def power(x: float, exponent: int) -> float:
    """Return x to a whole power ≥ 1 by multiplications: the same bits on every machine."""
    result, square = 1.0, x
    while exponent:
        if exponent & 1:
            result *= square
        square *= square
        exponent >>= 1
    return result
