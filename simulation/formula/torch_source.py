"""A formula as the PyTorch source of a loss, from its syntax tree: as typed, sums as sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any

from simulation.formula.formula import Formula
from simulation.formula.grammar import CONSTANTS, DIMENSION, WEIGHTS
from simulation.formula.nodes import (
    Binary,
    Call,
    Name,
    Negative,
    Number,
    Offset,
    Running,
    fold,
)
from simulation.formula.source_names import (
    ATOM,
    FACTOR,
    POWER,
    PRODUCT,
    ROTATED,
    SUM,
    WIDTH,
    docstring,
    parameter,
    unpacking,
    weight,
)
from simulation.python_source import number

LEVELS: Mapping[str, tuple[str, int, int, int]] = MappingProxyType({
    "+": (" + ", SUM, SUM, PRODUCT),
    "-": (" - ", SUM, SUM, PRODUCT),
    "*": (" * ", PRODUCT, PRODUCT, FACTOR),
    "/": (" / ", PRODUCT, PRODUCT, FACTOR),
    "^": ("**", POWER, ATOM, FACTOR),
})  # fmt: skip
"""Sign of the formula → its Python, its level, the levels that its operands need."""

OF_TENSORS: Mapping[str, str] = MappingProxyType({
    "sqrt": "torch.sqrt({})",
    "exp": "torch.exp({})",
    "log": "torch.log({})",
    "sin": "torch.sin({})",
    "cos": "torch.cos({})",
    "tan": "torch.tan({})",
    "sinh": "torch.sinh({})",
    "cosh": "torch.cosh({})",
    "tanh": "torch.tanh({})",
    "abs": "torch.abs({})",
    "sigmoid": "torch.sigmoid({})",
    "softplus": "torch.nn.functional.softplus({}, threshold=40)",
    "relu": "torch.relu({})",
})  # fmt: skip
"""Function → its source for a tensor."""

OF_NUMBERS: Mapping[str, str] = MappingProxyType(
    {name: f"np.{name}({{}})" for name in OF_TENSORS}
    | {
        "sigmoid": "0.5 + 0.5 * np.tanh(0.5 * ({}))",
        "softplus": "np.logaddexp(0.0, {})",
        "relu": "np.maximum({}, 0.0)",
    }
)
"""Function → its source for a number; PyTorch's functions take tensors only."""

EXTREMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"min": ("torch.minimum", "max"), "max": ("torch.maximum", "min")}
)
"""min, max → the function of two tensors, and the argument of clamp for a number."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """An expression.

    uniform: a number, without a weight in it; whole: its value, if it is written as a whole number;
    terms: of a sum, each with its sign.
    """

    text: str
    level: int = ATOM
    uniform: bool = False
    whole: int | None = None
    terms: tuple[str, ...] = ()

    def at_least(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


def torch_loss(formula: Formula, *, rotated: bool = False) -> str:
    """Return the source of loss(w, batch): the sum of f over w (..., d).

    rotated: whether the formula is one of z = Qᵀw.
    """
    piece = fold(formula.tree, lambda node, parts: PIECES[type(node)](formula, node, parts))
    if piece.uniform:  # sums without terms
        piece = _binary(
            formula, Binary("+", formula.tree, formula.tree), [piece, _Piece("0.0 * w")]
        )
    total = piece.at_least(ATOM)
    if len(total) > WIDTH and len(piece.terms) > 1:
        total = "(\n" + "".join(f"        {term}\n" for term in piece.terms) + "    )"
    turned, end = ("    w = w @ EIGENVECTORS\n", ROTATED) if rotated else ("", ".")
    heading = docstring("f = ", formula, f", summed over the paths{end}")
    return f"def loss(w, batch):\n{heading}{turned}{unpacking(formula)}    return {total}.sum()\n"


def _number(formula: Formula, node: Number, parts: list[_Piece]) -> _Piece:
    whole = int(node.value) if node.value.is_integer() and node.value < 1e6 else None
    return _Piece(number(node.value), uniform=True, whole=whole)


def _name(formula: Formula, node: Name, parts: list[_Piece]) -> _Piece:
    base, index = node.base, node.index
    if isinstance(index, Offset):
        first = formula.weights.index(f"{base}1") if base in WEIGHTS else 0
        by = index.by + first - 1
        place = index.letter + (f" {'+' if by > 0 else '-'} {abs(by)}" if by else "")
        text = f"w[..., {place}]" if base in WEIGHTS else f"P_{base}[{place}]"
        return _Piece(text, uniform=base not in WEIGHTS)
    name = base if index is None else f"{base}{index}"
    if base in WEIGHTS:
        return _Piece(weight(formula, formula.weights.index(name)))
    if name in formula.parameters:
        return _Piece(parameter(formula, name), uniform=True)
    known = {**{name: f"np.{name}" for name in CONSTANTS}, DIMENSION: number(formula.length)}
    return _Piece(known.get(name, name), uniform=True)


def _negative(formula: Formula, node: Negative, parts: list[_Piece]) -> _Piece:
    whole = None if parts[0].whole is None else -parts[0].whole
    return _Piece("-" + parts[0].at_least(FACTOR), FACTOR, parts[0].uniform, whole)


def _binary(formula: Formula, node: Binary, parts: list[_Piece]) -> _Piece:
    left, right = parts
    if node.op == "^":
        return _power(left, right)
    if node.op == "/" and left.uniform and right.uniform and not isinstance(node.right, Number):
        return _Piece(f"float(np.divide({left.text}, {right.text}))", uniform=True)
    sign, level, least_left, least_right = LEVELS[node.op]
    second = right.at_least(least_right)
    text = left.at_least(least_left) + sign + second
    before = left.terms or (left.text,)
    terms = (*before, sign.lstrip() + second) if level == SUM else ()
    return _Piece(text, level, left.uniform and right.uniform, terms=terms)


def _power(base: _Piece, exponent: _Piece) -> _Piece:
    """x**2; a power of two numbers as a float, which keeps Python from complex or huge integers."""
    written = exponent.text if exponent.whole is None else str(exponent.whole)
    if base.uniform and exponent.uniform:
        return _Piece(f"float(np.power(float({base.text}), {written}))", uniform=True)
    sign, level, least_base, least_exponent = LEVELS["^"]
    power = _Piece(written, exponent.level).at_least(least_exponent)
    return _Piece(base.at_least(least_base) + sign + power, level)


def _call(formula: Formula, node: Call, arguments: list[_Piece]) -> _Piece:
    function = node.function
    if function in EXTREMES:
        return reduce(lambda a, b: _extreme(function, a, b), arguments)
    argument = arguments[0]
    if argument.uniform:
        return _Piece(f"float({OF_NUMBERS[function].format(argument.text)})", uniform=True)
    return _Piece(OF_TENSORS[function].format(argument.text))


def _extreme(function: str, a: _Piece, b: _Piece) -> _Piece:
    if a.uniform and b.uniform:
        return _Piece(f"{function}({a.text}, {b.text})", uniform=True)
    of_two, bound = EXTREMES[function]
    if a.uniform or b.uniform:
        tensor, limit = (b, a) if a.uniform else (a, b)
        return _Piece(f"torch.clamp({tensor.text}, {bound}={limit.text})")
    return _Piece(f"{of_two}({a.text}, {b.text})")


def _running(formula: Formula, node: Running, parts: list[_Piece]) -> _Piece:
    body = parts[0]
    low, high = (
        end if isinstance(end, int) else formula.length + end.by for end in (node.low, node.high)
    )
    if high < low:
        return _Piece("0.0" if node.kind == "sum" else "1.0", uniform=True)
    terms = f"{body.text} for {node.letter} in range({low}, {high + 1})"
    return _Piece(JOINED[node.kind, body.uniform](terms), uniform=body.uniform)


JOINED: Mapping[tuple[str, bool], Callable[[str], str]] = MappingProxyType({
    ("sum", False): lambda terms: f"sum({terms})",
    ("sum", True): lambda terms: f"sum({terms})",
    ("prod", False): lambda terms: f"torch.stack([{terms}]).prod(dim=0)",
    ("prod", True): lambda terms: f"float(np.prod([{terms}]))",
})  # fmt: skip
"""(kind, whether the terms are numbers) → the source of their sum or product."""

PIECES: Mapping[type, Callable[[Formula, Any, list[_Piece]], _Piece]] = MappingProxyType({
    Number: _number,
    Name: _name,
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Running: _running,
})  # fmt: skip
"""Kind of a node → its expression, from those of its children."""
