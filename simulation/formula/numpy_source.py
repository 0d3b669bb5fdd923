"""The gradient of a formula as NumPy source, from its graph: what is used twice gets a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulation.formula.formula import Formula
from simulation.formula.graph import COMMUTES, Op
from simulation.formula.source_names import (
    ATOM,
    FACTOR,
    POWER,
    PRODUCT,
    ROTATED,
    SUM,
    docstring,
    parameter,
    unpacking,
    weight,
)
from simulation.python_source import number

LONGEST = 60  # characters of an expression that gets no name
TALL = 80  # characters of all components, beyond which each has its line

SIGNS: Mapping[Op, tuple[str, int, int, int]] = MappingProxyType({
    Op.ADD: (" + ", SUM, SUM, PRODUCT),
    Op.SUB: (" - ", SUM, SUM, PRODUCT),
    Op.MUL: (" * ", PRODUCT, PRODUCT, FACTOR),
    Op.DIV: (" / ", PRODUCT, PRODUCT, FACTOR),
})  # fmt: skip
"""Operation → its sign, its level, the levels that its operands need."""

CALLS: Mapping[Op, str] = MappingProxyType({
    Op.POW: "np.power({}, {})",
    Op.SQRT: "np.sqrt({})",
    Op.EXP: "np.exp({})",
    Op.LOG: "np.log({})",
    Op.SIN: "np.sin({})",
    Op.COS: "np.cos({})",
    Op.TANH: "np.tanh({})",
    Op.ABS: "np.abs({})",
    Op.SIGN: "np.sign({})",
    Op.MIN: "np.minimum({}, {})",
    Op.MAX: "np.maximum({}, {})",
    Op.STEP: "np.where({} >= {}, 1.0, 0.0)",
    Op.DLOG: "np.where({0} > 0.0, 1.0 / {0}, np.nan)",
})  # fmt: skip
"""Operation → its source as a call; its operands need no brackets, but after 1 /."""

UNIFORM_CALLS: Mapping[Op, str] = MappingProxyType({
    Op.DIV: "np.divide({}, {})",
    Op.POWI: "np.power({}, {})",
})  # fmt: skip
"""Operation on numbers → its source: ±inf where Python's own operators raise an exception."""


def numpy_gradient(formula: Formula, *, rotated: bool = False) -> str:
    """Return the source of gradient(w, batch): ∇f (..., d) at w (..., d).

    rotated: whether the formula is one of z = Qᵀw; the gradient is that by w all the same.
    """
    return _Writer(formula).source(rotated)


class _Writer:
    def __init__(self, formula: Formula) -> None:
        self.formula, self.graph = formula, formula.graph
        self.lines: list[str] = []
        self.texts: dict[int, str] = {}
        self.levels: dict[int, int] = {}

    def source(self, rotated: bool) -> str:
        slope = self.formula.slope
        order = self.graph.active(slope)
        uses = Counter(child for node in order for child in self.graph.children(node))
        uses.update(slope)
        for node in order:
            text, level = self.written(node)
            leaf = self.graph.ops[node] in LEAVES
            if not leaf and (uses[node] > 1 or len(text) > LONGEST):
                self.lines.append(f"    t{len(self.lines) + 1} = {text}\n")
                text, level = f"t{len(self.lines)}", ATOM
            self.texts[node], self.levels[node] = text, level
        turned, end, back = ("    w = w @ Q\n", ROTATED, " @ Q.T") if rotated else ("", ".", "")
        body = turned + unpacking(self.formula) + "".join(self.lines)
        heading = docstring("∇f of f = ", self.formula, end)
        return f"def gradient(w, batch):\n{heading}{body}{self.stacked(back)}"

    def written(self, node: int) -> tuple[str, int]:
        """Return a node's expression and how tightly it binds."""
        graph = self.graph
        op, a, b = graph.ops[node], graph.a[node], graph.b[node]
        if op in LEAVES:
            return LEAVES[op](self.formula, node)
        if op == Op.NEG:
            return "-" + self.operand(a, FACTOR), FACTOR
        if graph.uniform[node] and op in UNIFORM_CALLS:
            second = str(b) if op == Op.POWI else self.operand(b, SUM)
            return UNIFORM_CALLS[op].format(self.operand(a, SUM), second), ATOM
        if op == Op.POWI:
            return f"{self.operand(a, ATOM)}**{b}", POWER
        if op in SIGNS:
            return self.signed(op, *self.ordered(op, a, b))
        least = ATOM if op == Op.DLOG else SUM
        operands = [self.operand(child, least) for child in graph.children(node)]
        return CALLS[op].format(*operands), ATOM

    def ordered(self, op: Op, a: int, b: int) -> tuple[int, int]:
        """Return the operands of a + or * in the order with fewer brackets, a number first."""
        if op not in COMMUTES or self.graph.uniform[a]:
            return a, b
        inner = self.levels[b] <= SIGNS[op][1] < self.levels[a]
        return (b, a) if inner or (op == Op.MUL and self.graph.uniform[b]) else (a, b)

    def signed(self, op: Op, a: int, b: int) -> tuple[str, int]:
        sign, level, left, right = SIGNS[op]
        second = self.operand(b, right)
        if op == Op.ADD and second.startswith("-"):
            sign, second = " - ", second[1:]
        return self.operand(a, left) + sign + second, level

    def operand(self, node: int, level: int) -> str:
        text = self.texts[node]
        return text if self.levels[node] >= level else f"({text})"

    def component(self, node: int) -> str:
        """Return the expression of an array; one without a weight is filled in."""
        text = self.texts[node]
        return (
            f"np.full({weight(self.formula, 0)}.shape, {text})"
            if self.graph.uniform[node]
            else text
        )

    def stacked(self, back: str) -> str:
        """Return the statement that returns the gradient; `back` turns it into w's coordinates."""
        parts = [self.component(node) for node in self.formula.slope]
        joined = ", ".join(parts)
        if len(joined) <= TALL:
            return f"    return np.stack([{joined}], axis=-1){back}\n"
        lines = "".join(f"        {part},\n" for part in parts)
        return f"    return np.stack([\n{lines}    ], axis=-1){back}\n"


def _constant(formula: Formula, node: int) -> tuple[str, int]:
    value = formula.graph.values[node]
    return number(value), ATOM if value >= 0 else FACTOR


LEAVES: Mapping[Op, Callable[[Formula, int], tuple[str, int]]] = MappingProxyType({
    Op.CONST: _constant,
    Op.VAR: lambda formula, node: (weight(formula, formula.graph.a[node]), ATOM),
    Op.PARAM: lambda formula, node: (
        parameter(formula, formula.parameters[formula.graph.a[node]]), ATOM),
})  # fmt: skip
"""Operation without operands → its expression."""
