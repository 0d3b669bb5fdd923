"""Nodes of a graph as instructions on numbered values, and the fusion of instructions.

Values 0 … inputs−1 are the inputs; value inputs + k is the result of instruction k.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from simulation.formula.graph import Graph, Op
from simulation.kernels.tape import Code

CODES: Mapping[Op, Code] = MappingProxyType(
    {op: Code[op.name] for op in Op if op.name in Code.__members__}
)
"""Operation of a graph → the operation of a tape that does the same."""


class Instruction(NamedTuple):
    """An operation on numbered values."""

    code: Code
    arguments: tuple[int, ...]


class Emitter:
    """Writes nodes as instructions, equal ones once.

    values: node → value; at first the inputs, `inputs` in number.
    """

    def __init__(self, graph: Graph, values: Mapping[int, int], inputs: int) -> None:
        self.graph = graph
        self.values = dict(values)
        self.inputs = inputs
        self._numbers: dict[Instruction, int] = {}

    @property
    def instructions(self) -> list[Instruction]:
        """The instructions written so far."""
        return list(self._numbers)

    def emit_nodes(self, order: Iterable[int], roots: Iterable[int]) -> list[int]:
        """Write the nodes that are not inputs, children first; return the roots' values."""
        for node in order:
            if node not in self.values:
                self.values[node] = self._emit_node(node)
        return [self.values[root] for root in roots]

    def emit(self, code: Code, *arguments: int) -> int:
        """Write an instruction; return its value."""
        number = self.inputs + len(self._numbers)
        return self._numbers.setdefault(Instruction(code, arguments), number)

    def _emit_node(self, node: int) -> int:
        graph = self.graph
        op = Op(graph.ops[node])
        if op == Op.POWI:
            return self._emit_power(self.values[graph.a[node]], graph.b[node])
        arguments = [self.values[child] for child in graph.children(node)]
        if op == Op.MUL and arguments[0] == arguments[1]:
            return self.emit(Code.SQUARE, arguments[0])
        return self.emit(CODES[op], *arguments)

    def _emit_power(self, base: int, exponent: int) -> int:
        """Write baseⁿ, n ≥ 1, as the product of those of base, base², base⁴, … that n needs."""
        result: int | None = None
        while True:
            if exponent & 1:
                result = base if result is None else self.emit(Code.MUL, result, base)
            exponent >>= 1
            if not exponent:
                assert result is not None
                return result
            base = self.emit(Code.SQUARE, base)


class Fusion(NamedTuple):
    """An operation whose argument at `position` is the result of `inner` becomes `fused`."""

    position: int
    inner: Code
    fused: Code


FUSIONS: Mapping[Code, tuple[Fusion, ...]] = MappingProxyType({
    Code.ADD: (
        Fusion(1, Code.MUL, Code.MADD), Fusion(1, Code.SQUARE, Code.MADD),
        Fusion(0, Code.MUL, Code.MADD), Fusion(0, Code.SQUARE, Code.MADD),
        Fusion(0, Code.ADD, Code.ADD3), Fusion(1, Code.ADD, Code.ADD3),
    ),
    Code.SUB: (
        Fusion(1, Code.MUL, Code.NMADD), Fusion(1, Code.SQUARE, Code.NMADD),
        Fusion(0, Code.MUL, Code.MSUB), Fusion(0, Code.SQUARE, Code.MSUB),
    ),
    Code.MUL: (
        Fusion(0, Code.MUL, Code.MUL3), Fusion(0, Code.SQUARE, Code.MUL3),
        Fusion(1, Code.MUL, Code.MUL3), Fusion(1, Code.SQUARE, Code.MUL3),
    ),
})  # fmt: skip
"""Operation → its fusions, the preferred ones first."""


def fuse(
    instructions: Sequence[Instruction], results: Iterable[int], inputs: int
) -> list[Instruction | None]:
    """Return the instructions with those that are used once fused into the one that uses them.

    A fused instruction rounds after each of its two operations, in the same order, so no bit
    changes. None stands in the place of an instruction that has been fused into another one.
    """
    uses = Counter(value for i in instructions for value in i.arguments)
    uses.update(results)
    fused: list[Instruction | None] = list(instructions)
    for k, instruction in enumerate(instructions):
        for fusion in FUSIONS.get(instruction.code, ()):
            value = instruction.arguments[fusion.position]
            inner = fused[value - inputs] if value >= inputs else None
            if inner is None or inner.code != fusion.inner or uses[value] > 1:
                continue
            other = instruction.arguments[1 - fusion.position]
            fused[k] = Instruction(fusion.fused, (inner.arguments[0], inner.arguments[-1], other))
            fused[value - inputs] = None
            break
    return fused
