"""Walks through a program: values and, by the chain rule, tangents, with any arithmetic.

With numbers at many points at once (`FLOATS`), or with intervals over many boxes at once
(`simulation.formula.intervals`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.formula.arrays import VALUES, power
from simulation.formula.evaluation import Program, Step
from simulation.formula.graph import Op
from simulation.formula.partials import PARTIALS, Operation

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Arithmetic:
    """How a walk computes.

    operations: operation → function of its operands' values (POWI: a value and the exponent);
    constant: number → value; spread: value → the same, to be combined with tangents, which have
    one more axis, for the weights, before the last; unit: (weight, weights) → tangent of a weight.
    """

    operations: Mapping[Op, Operation]
    constant: Callable[[float], Floats]
    spread: Callable[[Floats], Floats]
    unit: Callable[[int, int], Floats]


def values(program: Program, with_: Arithmetic, weights: Sequence[Floats]) -> list[Floats]:
    """Return the value of each step; weights[j] are those of weight j.

    (n,) for numbers and (2, n) for intervals, at n points or boxes; n = 1 without weights.
    """
    found: list[Floats] = []
    with np.errstate(all="ignore"):
        for step in program.steps:
            if step.op == Op.VAR:
                found.append(weights[step.a])
            elif step.op == Op.CONST:
                found.append(with_.constant(step.number))
            elif step.op == Op.POWI:
                found.append(with_.operations[Op.POWI](found[step.a], step.b))
            elif step.b >= 0:
                found.append(with_.operations[step.op](found[step.a], found[step.b]))
            else:
                found.append(with_.operations[step.op](found[step.a]))
    return found


def tangents(program: Program, with_: Arithmetic, found: Sequence[Floats]) -> list[Floats | None]:
    """Return ∂/∂w of each root, given `values`; None for a root without weights.

    (k, n) for numbers and (2, k, n) for intervals, by the chain rule, step by step:
    ∂v = Σ ∂v/∂operand · ∂operand.
    """
    op = with_.operations
    known: list[Floats | None] = []
    with np.errstate(all="ignore"):
        for place, step in enumerate(program.steps):
            if step.op == Op.VAR:
                known.append(with_.unit(step.a, program.weights))
                continue
            ta = known[step.a] if step.a >= 0 else None
            tb = known[step.b] if step.b >= 0 and step.op != Op.POWI else None
            if (ta is None and tb is None) or step.op in STEPWISE:
                known.append(None)
                continue
            parts = (ta, tb)
            if step.op not in LINEAR:
                slopes = PARTIALS[step.op](
                    with_, found[place], *_given(program, step, with_, found)
                )
                parts = (
                    None if ta is None else op[Op.MUL](with_.spread(slopes[0]()), ta),
                    None if tb is None else op[Op.MUL](with_.spread(slopes[1]()), tb),
                )
            known.append(_combine(op, step.op, *parts))
    return [known[root] for root in program.roots]


def _given(
    program: Program, step: Step, with_: Arithmetic, found: Sequence[Floats]
) -> tuple[Any, ...]:
    """Return what a rule of PARTIALS is given after the value."""
    a = found[step.a]
    if step.op == Op.POWI:
        return a, step.b
    if step.op != Op.POW:
        return (a, found[step.b]) if step.b >= 0 else (a,)
    exponent = program.steps[step.b]
    if exponent.op == Op.CONST:  # b − 1 as a number: a whole one stays whole
        return a, found[step.b], with_.constant(exponent.number - 1.0)
    return a, found[step.b], with_.operations[Op.SUB](found[step.b], with_.constant(1.0))


def _combine(
    op: Mapping[Op, Operation], how: Op, a: Floats | None, b: Floats | None
) -> Floats | None:
    """Return the sum of two tangents, their difference for SUB, or −a for NEG."""
    if how == Op.NEG or a is None:
        rest = a if a is not None else b
        negative = how in (Op.NEG, Op.SUB)
        return op[Op.NEG](rest) if negative else rest
    if b is None:
        return a
    return op[Op.SUB if how == Op.SUB else Op.ADD](a, b)  # type: ignore[no-any-return]


LINEAR = frozenset({Op.ADD, Op.SUB, Op.NEG})
STEPWISE = frozenset({Op.SIGN, Op.STEP})  # constant but for jumps


FLOATS = Arithmetic(
    operations=MappingProxyType({**VALUES, Op.POWI: power}),
    constant=np.float64,  # type: ignore[arg-type]
    spread=lambda value: value,
    unit=lambda weight, weights: np.eye(weights)[weight][:, None],
)


def slopes(program: Program, w: Floats) -> Floats:
    """Return ∇f (n, k) at w (n, k)."""
    return _gathered(program, values(program, FLOATS, list(w.T)), w)


def _gathered(program: Program, found: Sequence[Floats], w: Floats) -> Floats:
    out = np.empty(w.shape)
    for j, root in enumerate(program.roots):
        out[:, j] = found[root]
    return out


def slopes_and_bends(program: Program, w: Floats) -> tuple[Floats, Floats]:
    """Return ∇f (n, k) and ∇²f (n, k, k) at w (n, k)."""
    found = values(program, FLOATS, list(w.T))
    bends = np.zeros((*w.shape, w.shape[1]))
    for j, tangent in enumerate(tangents(program, FLOATS, found)):
        if tangent is not None:
            bends[:, j] = tangent.T
    return _gathered(program, found, w), (bends + bends.transpose(0, 2, 1)) / 2
