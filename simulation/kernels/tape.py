"""A function of the weights as a tape of wide operations on slots, and the loop that performs it.

A slot is LANES numbers of an array (slots·LANES,): the weights in slots 0 … d−1, then constants,
then scratch space. A row (op, to, a, b, c) of a tape (n, 5) sets the slot at `to` to the operation
of those at a, b, c; all four are indices of a slot's first number, and what an operation does not
need is 0.
"""

from enum import IntEnum

import numpy as np

from simulation.kernels.elementary import exp, log, power, sine, tanh
from simulation.kernels.jit import jit, jit_borrow, jit_step
from simulation.kernels.records import LANES, Floats, Integers
from simulation.kernels.wide import (
    Wide,
    absolute,
    load,
    maximum,
    minimum,
    sqrt,
    store,
    where_equal,
    where_less,
)


class Code(IntEnum):
    """Operations of a tape. No two are fused: a·b is rounded before c is added."""

    # of one number
    COPY = 0
    NEG = 1
    SQUARE = 2
    SQRT = 3
    ABS = 4
    SIGN = 5
    DLOG = 6  # 1/a for a > 0, else NaN: the derivative of the logarithm
    EXP = 7
    LOG = 8
    SIN = 9
    COS = 10
    TANH = 11
    # of two numbers
    ADD = 12
    SUB = 13
    MUL = 14
    DIV = 15
    MIN = 16
    MAX = 17
    STEP = 18  # 1 where a ≥ b, else 0
    POW = 19
    # of three numbers
    ADD3 = 20  # (a + b) + c
    MUL3 = 21  # (a·b)·c
    MADD = 22  # a·b + c
    MSUB = 23  # a·b − c
    NMADD = 24  # c − a·b


LAST_UNARY, LAST_SERIES, LAST_BINARY = Code.DLOG, Code.TANH, Code.POW
_SINE, _COSINE = np.uint64(0), np.uint64(1)  # quarters of a turn that the sine is ahead


@jit_step
def unary(op: int, a: Wide) -> Wide:  # noqa: PLR0911 - one for each operation
    """Return the operation `op` of one number, up to DLOG."""
    if op == Code.SQUARE:
        return a * a
    if op == Code.NEG:
        return -a
    if op == Code.SQRT:
        return sqrt(a)
    if op == Code.ABS:
        return absolute(a)
    if op == Code.SIGN:  # 0 and NaN stay
        return where_less(0.0, a, 1.0, where_less(a, 0.0, -1.0, a))
    if op == Code.DLOG:
        return where_less(0.0, a, 1.0 / a, np.nan)
    return a


@jit  # not inlined: its constants would be loaded at the beginning of each walk
def series(op: int, a: Wide) -> Wide:
    """Return the operation `op` of one number, from EXP on."""
    if op == Code.EXP:
        return exp(a)
    if op == Code.LOG:
        return log(a)
    if op == Code.SIN:
        return sine(a, _SINE)
    if op == Code.COS:
        return sine(a, _COSINE)
    return tanh(a)


@jit_step
def binary(op: int, a: Wide, b: Wide) -> Wide:  # noqa: PLR0911 - one for each operation
    """Return the operation `op` of two numbers."""
    if op == Code.ADD:
        return a + b
    if op == Code.SUB:
        return a - b
    if op == Code.MUL:
        return a * b
    if op == Code.DIV:
        return a / b
    if op == Code.MIN:
        return minimum(a, b)
    if op == Code.MAX:
        return maximum(a, b)
    if op == Code.STEP:
        return where_less(b, a, 1.0, where_equal(a, b, 1.0, 0.0))
    return power(a, b)


@jit_step
def ternary(op: int, a: Wide, b: Wide, c: Wide) -> Wide:
    """Return the operation `op` of three numbers, rounded twice."""
    if op == Code.MADD:
        return a * b + c
    if op == Code.NMADD:
        return c - a * b
    if op == Code.MSUB:
        return a * b - c
    if op == Code.MUL3:
        return (a * b) * c
    return (a + b) + c


@jit_step
def walk(tape: Integers, slots: Floats) -> None:
    """Perform a tape's operations (n, 5) on the slots (slots·LANES,)."""
    for row in range(tape.shape[0]):
        op, to, a = tape[row, 0], tape[row, 1], load(slots, tape[row, 2])
        if op <= LAST_UNARY:
            store(slots, to, unary(op, a))
        elif op <= LAST_SERIES:
            store(slots, to, series(op, a))
        elif op <= LAST_BINARY:
            store(slots, to, binary(op, a, load(slots, tape[row, 3])))
        else:
            b, c = load(slots, tape[row, 3]), load(slots, tape[row, 4])
            store(slots, to, ternary(op, a, b, c))


@jit_step
def copy(source: Floats, to: Floats) -> None:
    """Copy a wide array to the beginning of another one."""
    for i in range(0, source.size, LANES):
        store(to, i, load(source, i))


@jit_borrow
def evaluate(tape: Integers, results: Integers, slots: Floats, z: Floats, out: Floats) -> None:
    """Set the first slots to z, walk the tape, and write the slots at `results` (k,) to out.

    z and out (k·LANES,) are wide; the other slots hold the constants, and are scratch space.
    """
    copy(z, slots)
    walk(tape, slots)
    for k in range(results.size):
        store(out, k * LANES, load(slots, results[k]))
