"""Programs: the gradient of some of a formula's weights as a list of operations.

Equal programs mean equal functions, so that equal ones are searched once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.formula.arrays import VALUES, power
from simulation.formula.graph import LEAVES, Graph, Op


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: its operands are earlier steps a and b, or the numbers named at `Op`.

    number: the value of a CONST; parameters are numbers here.
    """

    op: Op
    a: int = -1
    b: int = -1
    number: float = 0.0


@dataclass(frozen=True)
class Program:
    """Steps that compute the gradient of f; roots[j] is the step of ∂f/∂w_j."""

    steps: tuple[Step, ...]
    roots: tuple[int, ...]

    @property
    def weights(self) -> int:
        """Return the number k of weights."""
        return len(self.roots)

    @cached_property
    def operations(self) -> frozenset[Op]:
        """Return the operations that occur."""
        return frozenset(step.op for step in self.steps)


def program_of(
    graph: Graph, gradient: Sequence[int], numbers: Sequence[float], block: Sequence[int]
) -> Program:
    """Return the program of the weights `block`; other weights, where they occur, are 0.

    numbers: the parameters'. What holds no weight is computed here, in ordinary arithmetic.
    """
    places = {weight: place for place, weight in enumerate(block)}
    roots = [gradient[weight] for weight in block]
    steps: list[Step] = []
    at: dict[int, int] = {}
    known: dict[int, float] = {}
    with np.errstate(all="ignore"):
        for node in graph.active(roots):
            if graph.uniform[node] or (graph.ops[node] == Op.VAR and graph.a[node] not in places):
                known[node] = _number(graph, node, numbers, known)
                step = Step(Op.CONST, number=known[node])
            else:
                step = _step(graph, node, places, at)
            at[node] = len(steps)
            steps.append(step)
    return _needed(steps, [at[root] for root in roots])


def _number(graph: Graph, node: int, numbers: Sequence[float], known: Mapping[int, float]) -> float:
    op, a, b = graph.ops[node], graph.a[node], graph.b[node]
    if op in LEAVES:
        return graph.values[node] if op == Op.CONST else numbers[a] if op == Op.PARAM else 0.0
    if op == Op.POWI:
        return float(power(np.float64(known[a]), b))
    return float(VALUES[op](*(np.float64(known[c]) for c in graph.children(node))))


def _step(graph: Graph, node: int, places: Mapping[int, int], at: Mapping[int, int]) -> Step:
    op, a, b = graph.ops[node], graph.a[node], graph.b[node]
    if op == Op.VAR:
        return Step(op, places[a])
    if op == Op.MUL and a == b:
        return Step(Op.POWI, at[a], 2)
    return Step(op, at[a], b if op == Op.POWI else at.get(b, -1))


def _needed(steps: Sequence[Step], roots: Sequence[int]) -> Program:
    """Return the program without steps that no root needs."""
    needed = set(roots)
    for place in range(len(steps) - 1, -1, -1):
        if place in needed:
            needed.update(_operands(steps[place]))
    order = {place: new for new, place in enumerate(sorted(needed))}
    moved = []
    for place in order:
        step, operands = steps[place], _operands(steps[place])
        if operands:
            a = order[step.a]
            b = order[step.b] if len(operands) == 2 else step.b
            step = Step(step.op, a, b)
        moved.append(step)
    return Program(tuple(moved), tuple(order[root] for root in roots))


def _operands(step: Step) -> tuple[int, ...]:
    if step.op in LEAVES:
        return ()
    return (step.a, step.b) if step.b >= 0 and step.op != Op.POWI else (step.a,)
