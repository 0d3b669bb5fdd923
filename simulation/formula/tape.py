"""A formula's gradient as a tape of wide operations on slots, for `kernels.tape.walk`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from simulation.formula.errors import FormulaError
from simulation.formula.formula import Formula
from simulation.formula.graph import Graph, Op
from simulation.formula.instructions import Emitter, fuse
from simulation.formula.program import Program, place
from simulation.kernels.jit import load
from simulation.kernels.records import LANES, Floats, TapeArrays
from simulation.kernels.tape import Code, evaluate

MOST_OPERATIONS = 1000
KEPT = 64  # tapes in memory

PRICES: Mapping[Code, int] = MappingProxyType({
    Code.DIV: 2, Code.DLOG: 2, Code.SQRT: 2, Code.EXP: 5, Code.LOG: 5, Code.SIN: 7, Code.COS: 7,
    Code.TANH: 8, Code.POW: 28,
})  # fmt: skip
"""Measured time of an operation in additions, rounded; 1 if it is not named."""

load(evaluate)  # at import, so that the first formula is as fast as later ones


@dataclass(frozen=True, slots=True, eq=False)
class Tape(Program):
    """The gradient of a formula: the weights in slots 0 … d−1, then the numbers of `uniforms`.

    results (d,): the slots of ∂f/∂w. uniforms: the nodes without a weight that the code needs;
    `setup` computes them once for all steps, from the parameters and then the constants. price: the
    time of a walk, in additions.
    """

    dimension: int
    uniforms: tuple[int, ...]
    setup: Program
    constants: tuple[float, ...]
    price: int

    @property
    def cost(self) -> int:
        """Cost of a step of a linear rule per coordinate, in the unit of `runs.budget.work`.

        A step of LANES optimizers takes about 15 + 8d + 2·price ns (measured on 32 formulas,
        d = 2 … 50, within 0.75 to 1.2); the unit is 10 ns for five optimizers.
        """
        return math.ceil((15 + 8 * self.dimension + 2 * self.price) / (10 * self.dimension))

    def slot_numbers(self, parameters: Sequence[float]) -> Floats:
        """Return the numbers (k,) of slots d … d+k−1; parameters in the formula's order.

        The kernel's own functions compute them, so that no bit depends on the machine's libm.
        """
        setup = self.setup.on_lanes(())
        inputs = np.repeat(np.array((*parameters, *self.constants), dtype=np.float64), LANES)
        numbers = np.empty(len(self.uniforms) * LANES)
        evaluate(setup.tape, setup.results, setup.slots, inputs, numbers)
        return numbers[::LANES].copy()

    def arrays(self, parameters: Sequence[float]) -> TapeArrays:
        """Return the tape in the kernel's form, for a `Problem`."""
        return self.on_lanes(self.slot_numbers(parameters), self.dimension)


@lru_cache(maxsize=KEPT)
def lower(formula: Formula) -> Tape:
    """Return the tape of ∇f. Raises FormulaError if it has more than MOST_OPERATIONS rows."""
    graph, roots, d = formula.graph, formula.slope, formula.dimension
    order = [node for node in graph.active(roots) if not graph.uniform[node]]
    uniforms = _uniforms(graph, order, roots)
    inputs = {node: graph.a[node] for node in order if graph.ops[node] == Op.VAR}
    inputs |= {node: d + k for k, node in enumerate(uniforms)}
    emitter = Emitter(graph, inputs, d + len(uniforms))
    results = emitter.emit_nodes(order, roots)
    # A step overwrites weight j before it reads ∂f/∂w_i, i > j: not from the slot of a weight.
    results = [v if v >= d or v == j else emitter.emit(Code.COPY, v) for j, v in enumerate(results)]
    program = _program(emitter, results)
    rows = len(program.code)
    if rows > MOST_OPERATIONS:
        raise FormulaError(f"its gradient takes {rows:,} operations, at most {MOST_OPERATIONS:,}")
    setup, constants = _setup(formula, uniforms)
    price = sum(PRICES.get(Code(op), 1) for op in program.code[:, 0].tolist())
    return Tape(
        code=program.code,
        results=program.results,
        slots=program.slots,
        dimension=d,
        uniforms=uniforms,
        setup=setup,
        constants=constants,
        price=price,
    )


def _uniforms(graph: Graph, order: Iterable[int], roots: Iterable[int]) -> tuple[int, ...]:
    """Return the nodes without a weight that are roots or arguments of the nodes of `order`."""
    arguments = {child for node in order for child in graph.children(node)}
    return tuple(node for node in sorted(arguments.union(roots)) if graph.uniform[node])


def _setup(formula: Formula, uniforms: tuple[int, ...]) -> tuple[Program, tuple[float, ...]]:
    """Return the program of the uniform nodes, and the constants that follow the parameters."""
    graph, first = formula.graph, len(formula.parameters)
    order = graph.active(uniforms)
    constants = [node for node in order if graph.ops[node] == Op.CONST]
    inputs = {node: graph.a[node] for node in order if graph.ops[node] == Op.PARAM}
    inputs |= {node: first + k for k, node in enumerate(constants)}
    emitter = Emitter(graph, inputs, first + len(constants))
    results = emitter.emit_nodes(order, uniforms)
    return _program(emitter, results), tuple(graph.values[node] for node in constants)


def _program(emitter: Emitter, results: Sequence[int]) -> Program:
    """Return the instructions of an emitter, fused, on slots."""
    return place(fuse(emitter.instructions, results, emitter.inputs), results, emitter.inputs)
