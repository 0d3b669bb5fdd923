"""LaTeX of a formula, from its syntax tree: what was typed, sums as sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from simulation.formula.grammar import GREEK
from simulation.formula.nodes import (
    Binary,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Offset,
    Running,
    fold,
)
from simulation.formula.syntax import decimal

# How tightly a piece binds: a sum least, what can carry an exponent most.
SUM, SIGNED, RUNNING, PRODUCT, WHOLE, BASE = range(6)

LETTERS = frozenset(GREEK.values())
POWERED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh", "log"})  # sin² x
OPERATORS = POWERED | {"min", "max"}


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    level: int

    def at_least(self, level: int) -> str:
        """Return the text, in brackets if it binds less tightly."""
        return self.text if self.level >= level else rf"\left({self.text}\right)"


def latex(tree: Node) -> str:
    """Return LaTeX for math mode; only macros that MathJax and KaTeX know."""
    return fold(tree, _piece).text


def _piece(node: Node, parts: list[_Piece]) -> _Piece:
    return PIECES[type(node)](node, parts)


def _number(node: Number, parts: list[_Piece]) -> _Piece:
    mantissa, _, exponent = decimal(node.value).partition("e")
    if not exponent:
        return _Piece(mantissa, BASE)
    power = f"10^{{{int(exponent)}}}"
    return _Piece(power if mantissa == "1" else rf"{mantissa} \cdot {power}", PRODUCT)


def _name(node: Name, parts: list[_Piece]) -> _Piece:
    index = "" if node.index is None else f"_{{{_end(node.index)}}}"
    return _Piece(_letters(node.base) + index, BASE)


def _negative(node: Negative, parts: list[_Piece]) -> _Piece:
    return _Piece("-" + parts[0].at_least(RUNNING), SIGNED)


def _binary(node: Binary, parts: list[_Piece]) -> _Piece:
    return OPERATIONS[node.op](*parts) if node.op in OPERATIONS else _power(node, *parts)


def _running(node: Running, parts: list[_Piece]) -> _Piece:
    ends = rf"\{node.kind}_{{{node.letter}={_end(node.low)}}}^{{{_end(node.high)}}}"
    return _Piece(f"{ends} {parts[0].at_least(PRODUCT)}", RUNNING)


def _letters(base: str) -> str:
    if base in LETTERS:
        return rf"\{base}"
    return base if len(base) == 1 else rf"\mathrm{{{base}}}"


def _end(end: int | Offset) -> str:
    if isinstance(end, Offset):
        return end.letter + (f"{end.by:+d}" if end.by else "")
    return str(end)


def _sum(left: _Piece, right: _Piece) -> _Piece:
    return _Piece(f"{left.text} + {right.text if right.level == SUM else _signless(right)}", SUM)


def _difference(left: _Piece, right: _Piece) -> _Piece:
    return _Piece(f"{left.text} - {_signless(right)}", SUM)


def _signless(piece: _Piece) -> str:
    """Return the text after a sign: in brackets if it is a sum or begins with a sign itself."""
    return piece.at_least(BASE if piece.text.startswith("-") else RUNNING)


def _product(left: _Piece, right: _Piece) -> _Piece:
    a = left.text if left.level == SIGNED else left.at_least(PRODUCT)
    b = right.at_least(BASE + 1 if right.text.startswith("-") else PRODUCT)
    number = left.text[-1:].isdigit() and b.startswith(r"\frac")  # else it reads as 2½
    sign = r" \cdot " if b[:1].isdigit() or number else r"\, " if a.endswith("}") else " "
    return _Piece(a + sign + b, PRODUCT)


def _fraction(left: _Piece, right: _Piece) -> _Piece:
    return _Piece(rf"\frac{{{left.text}}}{{{right.text}}}", WHOLE)


def _power(node: Binary, base: _Piece, exponent: _Piece) -> _Piece:
    """bᵉ; a whole power of a function stands after its name: sin² x."""
    if isinstance(node.left, Call) and isinstance(node.right, Number):
        name = rf"\{node.left.function}"
        if node.left.function in POWERED:
            return _Piece(f"{name}^{{{exponent.text}}}{base.text.removeprefix(name)}", WHOLE)
    return _Piece(f"{base.at_least(BASE)}^{{{exponent.text}}}", WHOLE)


def _call(node: Call, parts: list[_Piece]) -> _Piece:
    function = node.function
    if function in SHAPES:
        return SHAPES[function](parts[0].text)
    name = rf"\{function}" if function in OPERATORS else rf"\operatorname{{{function}}}"
    return _Piece(rf"{name}\left({', '.join(part.text for part in parts)}\right)", WHOLE)


OPERATIONS: Mapping[str, Callable[[_Piece, _Piece], _Piece]] = MappingProxyType({
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _fraction,
})  # fmt: skip

SHAPES: Mapping[str, Callable[[str], _Piece]] = MappingProxyType({
    "sqrt": lambda a: _Piece(rf"\sqrt{{{a}}}", BASE),
    "abs": lambda a: _Piece(rf"\left|{a}\right|", BASE),
    "exp": lambda a: _Piece(f"e^{{{a}}}", WHOLE),
})  # fmt: skip
"""Function with a notation of its own → its piece."""

PIECES: Mapping[type, Callable[[Any, list[_Piece]], _Piece]] = MappingProxyType({
    Number: _number,
    Name: _name,
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Running: _running,
})  # fmt: skip
"""Kind of a node → its piece, from those of its children."""
