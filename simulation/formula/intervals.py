"""Interval arithmetic over many boxes at once, rounded outwards.

An interval is an array (2, ...) with the lower ends first; each operation's result holds all values
that the operation takes on its operands, exact arithmetic meant. + − × ÷ √ are rounded by IEEE 754,
so the next number outwards is a bound; the other functions are this package's own
(`elementary.py`), widened by the bounds given there. A NaN stands for "nothing is known".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from simulation.formula import elementary
from simulation.formula.graph import Op
from simulation.formula.walk import Arithmetic

Interval = NDArray[np.float64]
Flags = NDArray[np.bool_]

LARGEST = np.finfo(np.float64).max
SMALLEST = 2.0**-1068  # 64 subnormal steps: more than underflow can take from a power
UNIT = 2.0**-53  # relative rounding error


OUT = np.array([-np.inf, np.inf])
OUTWARDS = {ndim: OUT.reshape(2, *(1,) * (ndim - 1)) for ndim in (2, 3, 4)}


def _outwards(x: Interval) -> Interval:
    """Return x with each end moved to the next number outwards."""
    moved: Interval = np.nextafter(x, OUTWARDS[x.ndim])
    return moved


def _pair(low: Interval, high: Interval) -> Interval:
    """Return the interval with these ends."""
    ends = np.empty((2, *low.shape))
    ends[0], ends[1] = low, high
    return ends


def _widened(x: Interval, error: float) -> Interval:
    """Return x with each end moved outwards by a relative error (and by SMALLEST)."""
    ends = _pair(np.minimum(x[0], LARGEST), np.maximum(x[1], -LARGEST))
    room = np.abs(ends) * (error + 4 * UNIT) + SMALLEST  # 4: the rounding of this and the next
    ends[0] -= room[0]
    ends[1] += room[1]
    return ends


def constant(number: float) -> Interval:
    """Return the interval (2, 1) that holds a number only."""
    return np.full((2, 1), number)


def add(x: Interval, y: Interval) -> Interval:
    """Return x + y."""
    return _outwards(x + y)


def sub(x: Interval, y: Interval) -> Interval:
    """Return x − y."""
    return _outwards(x - y[::-1])


def neg(x: Interval) -> Interval:
    """Return −x."""
    return -x[::-1]


def mul(x: Interval, y: Interval) -> Interval:
    """Return xy: the least and the largest of the four products of ends."""
    products = x[:, None] * y[None]
    products = products.reshape(4, *products.shape[2:])
    return _outwards(_pair(np.minimum.reduce(products), np.maximum.reduce(products)))


def div(x: Interval, y: Interval) -> Interval:
    """Return x/y; unbounded where y holds 0."""
    inverse = _outwards(1.0 / y[::-1])
    low = np.where(_holds(y, 0.0) & (y[0] < 0), -np.inf, inverse[0])
    high = np.where(_holds(y, 0.0) & (y[1] > 0), np.inf, inverse[1])
    return mul(x, _pair(low, high))


def powi(x: Interval, exponent: int) -> Interval:
    """Return x to a whole power ≥ 1."""
    base = _magnitudes(x) if exponent % 2 == 0 else x
    result: Interval | None = None
    rest = exponent
    while rest:
        if rest & 1:
            result = base if result is None else result * base
        base, rest = base * base, rest >> 1
    assert result is not None
    # `exponent` − 1 multiplications at most, each with a relative error of UNIT
    result = _widened(result, 2 * exponent * UNIT)
    if exponent % 2 == 0:
        result[0] = np.maximum(result[0], 0.0)
    return result


def _magnitudes(x: Interval) -> Interval:
    """Return |x|."""
    ends = np.abs(x)
    low = np.where(_holds(x, 0.0), 0.0, np.minimum(ends[0], ends[1]))
    return _pair(low, np.maximum(ends[0], ends[1]))


def pow_(x: Interval, y: Interval) -> Interval:
    """Return x^y = exp(y log x) of the part of x that is ≥ 0; of all x if y is a whole number.

    A negative number's powers with a varying exponent, which are single points, are left out.
    """
    if not _whole(y):
        return _positive_power(x, y)
    if y[0, 0] < 0:
        return div(constant(1.0), pow_(x, -y))
    if y[0, 0] % 2 == 0:
        return _positive_power(_magnitudes(x), y)
    return add(_positive_power(x, y), neg(_positive_power(neg(x), y)))


def _positive_power(x: Interval, y: Interval) -> Interval:
    return exp(mul(y, log(x)))


def _whole(y: Interval) -> bool:
    return y.shape == (2, 1) and bool(y[0, 0] == y[1, 0] == np.rint(y[0, 0]))


def sqrt(x: Interval) -> Interval:
    """Return √x of the part of x that is ≥ 0; [0, 0] where there is none."""
    roots = _outwards(np.sqrt(np.maximum(x, 0.0)))
    roots[0] = np.maximum(roots[0], 0.0)
    return roots


def exp(x: Interval) -> Interval:
    """Return exp(x)."""
    result = _widened(elementary.exp(x), elementary.EXP_ERROR)
    result[0] = np.maximum(result[0], 0.0)
    return result


def log(x: Interval) -> Interval:
    """Return log(x) of the part of x that is > 0; unbounded below where there is none."""
    return _widened(elementary.log(np.maximum(x, 0.0)), elementary.LOG_ERROR)


def dlog(x: Interval) -> Interval:
    """Return 1/x of the part of x that is > 0."""
    positive = np.maximum(x, 0.0)
    result = _outwards(1.0 / positive[::-1])
    result[0] = np.maximum(result[0], 0.0)
    return result


def tanh(x: Interval) -> Interval:
    """Return tanh(x)."""
    return np.clip(_widened(elementary.tanh(x), elementary.TANH_ERROR), -1.0, 1.0)


def cos(x: Interval) -> Interval:
    """Return cos(x); [−1, 1] beyond |x| = 2²⁰."""
    return _wave(x, elementary.cos, 0.0)


def sin(x: Interval) -> Interval:
    """Return sin(x); [−1, 1] beyond |x| = 2²⁰."""
    return _wave(x, elementary.sin, 0.25)


def _wave(x: Interval, function: Callable[[Interval], Interval], top: float) -> Interval:
    """Return a wave that is 1 at `top` turns, with period 2π, and −1 half a turn later."""
    far = ~(np.maximum(-x[0], x[1]) <= elementary.LARGEST_ANGLE)
    inner = np.where(far, 0.0, x)
    ends = function(inner)
    turns = inner / (2 * np.pi) - top
    turns[0] -= 1e-9  # ≫ the error of these
    turns[1] += 1e-9
    has_top = far | (np.ceil(turns[0]) <= np.floor(turns[1]))
    has_bottom = far | (np.ceil(turns[0] - 0.5) <= np.floor(turns[1] - 0.5))
    low = np.minimum(ends[0], ends[1]) - 2 * elementary.SIN_ERROR
    high = np.maximum(ends[0], ends[1]) + 2 * elementary.SIN_ERROR
    low = np.where(has_bottom, -1.0, np.maximum(low, -1.0))
    return _pair(low, np.where(has_top, 1.0, np.minimum(high, 1.0)))


def sign(x: Interval) -> Interval:
    """Return the sign of x: −1, 0 or 1."""
    return np.sign(x)


def minimum(x: Interval, y: Interval) -> Interval:
    """Return min(x, y)."""
    return np.minimum(x, y)


def maximum(x: Interval, y: Interval) -> Interval:
    """Return max(x, y)."""
    return np.maximum(x, y)


def step(x: Interval, y: Interval) -> Interval:
    """Return 1 where x ≥ y, else 0."""
    return _pair(np.where(x[0] >= y[1], 1.0, 0.0), np.where(x[1] < y[0], 0.0, 1.0))


def _holds(x: Interval, number: float) -> Flags:
    holds: Flags = (x[0] <= number) & (x[1] >= number)
    return holds


def _unit(weight: int, weights: int) -> Interval:
    return np.broadcast_to(np.eye(weights)[weight][:, None], (2, weights, 1))


INTERVALS = Arithmetic(
    operations=MappingProxyType({
        Op.ADD: add,
        Op.SUB: sub,
        Op.MUL: mul,
        Op.DIV: div,
        Op.NEG: neg,
        Op.POWI: powi,
        Op.POW: pow_,
        Op.SQRT: sqrt,
        Op.EXP: exp,
        Op.LOG: log,
        Op.SIN: sin,
        Op.COS: cos,
        Op.TANH: tanh,
        Op.ABS: _magnitudes,
        Op.SIGN: sign,
        Op.MIN: minimum,
        Op.MAX: maximum,
        Op.STEP: step,
        Op.DLOG: dlog,
    }),
    constant=constant,
    spread=lambda value: value[:, None],
    unit=_unit,
)  # fmt: skip


def _meet(x: Interval, y: Interval) -> Flags:
    meet: Flags = (x[0] <= y[1]) & (y[0] <= x[1])
    return meet


def _rough_power(x: Interval, y: Interval) -> Flags:
    if not _whole(y):
        rough: Flags = x[0] <= 0
        return rough
    return _holds(x, 0.0) & bool(y[0, 0] < 0)


ROUGH: Mapping[Op, Callable[..., Flags]] = MappingProxyType({
    Op.DIV: lambda x, y: _holds(y, 0.0),
    Op.POW: _rough_power,
    Op.SQRT: lambda x: x[0] <= 0,
    Op.LOG: lambda x: x[0] <= 0,
    Op.DLOG: lambda x: x[0] <= 0,
    Op.ABS: lambda x: _holds(x, 0.0),
    Op.SIGN: lambda x: _holds(x, 0.0),
    Op.MIN: _meet,
    Op.MAX: _meet,
    Op.STEP: _meet,
})  # fmt: skip
"""Operation → operands → where it may have no value or a kink."""

OUTSIDE: Mapping[Op, Callable[..., Flags]] = MappingProxyType({
    Op.POW: lambda x, y: (x[1] < 0) & (not _whole(y)),
    Op.SQRT: lambda x: x[1] < 0,
    Op.LOG: lambda x: x[1] <= 0,
    Op.DLOG: lambda x: x[1] <= 0,
})  # fmt: skip
"""Operation → operand → where it has no value at all."""
