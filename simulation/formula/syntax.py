"""Text → syntax tree → canonical text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NoReturn

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from simulation.formula.errors import FormulaError
from simulation.formula.faults import unexpected
from simulation.formula.grammar import DIMENSION, GRAMMAR, MOST_CHARACTERS, WHOLE_TAIL
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
from simulation.formula.tokens import read

__all__ = [
    "Binary", "Call", "Name", "Negative", "Node", "Number", "Offset", "Running", "parse",
    "parse_and_write", "unparse",
]  # fmt: skip

WHOLE_RANGE = ("i", 1, Offset(DIMENSION))  # of a sum without a range

# How tightly a node binds, and how tightly its left and right operand have to.
SUM, PRODUCT, FACTOR, POWER, ATOM = range(1, 6)
LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
OPERANDS = {
    "+": (SUM, PRODUCT), "-": (SUM, PRODUCT), "*": (PRODUCT, FACTOR), "/": (PRODUCT, FACTOR),
    "^": (ATOM, FACTOR),
}  # fmt: skip


def parse(text: str) -> Node:
    """Return the tree of a formula; raise FormulaError with the place of the first fault."""
    return parse_and_write(text)[0]


def parse_and_write(text: str) -> tuple[Node, str]:
    """Return the tree of a formula and its canonical text; raise FormulaError as `parse`."""
    if len(text) > MOST_CHARACTERS:
        _too_long(len(text))
    tree = _tree(text)
    written = unparse(tree)
    if len(written) > MOST_CHARACTERS:
        _too_long(len(written), "written out, ")
    return tree, written


def unparse(tree: Node) -> str:
    """Return the canonical text: no spaces, ^ for powers, products written out, fewest brackets.

    parse(unparse(tree)) == tree for every tree that `parse` can return.
    """
    return fold(tree, _written)


def decimal(value: float) -> str:
    """Return the shortest text of a number; whole numbers without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _tree(text: str) -> Node:
    tokens = read(text)
    try:
        tree: Node = _parser().parse(tokens)  # type: ignore[assignment]
    except UnexpectedToken as fault:
        raise unexpected(fault.token, tokens, text) from None
    return tree


def _too_long(characters: int, how: str = "") -> NoReturn:
    raise FormulaError(
        f"{how}this formula has {characters:,} characters; at most {MOST_CHARACTERS} are read"
    )


class _Replay(Lexer):
    """Hands the parser tokens that have been read already."""

    def __init__(self, _: Any) -> None:
        pass

    def lex(self, tokens: list[Token]) -> Iterator[Token]:  # type: ignore[override]
        return iter(tokens)


class _Builder(Transformer[Token, Node]):
    """Makes the nodes as the parser reduces its rules; the arguments are a rule's children."""

    def binary(self, parts: list[Any]) -> Node:
        return Binary(str(parts[1]), parts[0], parts[2])

    def negative(self, parts: list[Any]) -> Node:
        return Negative(parts[1])

    def positive(self, parts: list[Any]) -> Any:
        return parts[1]

    def number(self, parts: list[Any]) -> Node:
        return Number(float(parts[0]))

    def name(self, parts: list[Any]) -> Node:
        word = str(parts[0])
        base = word.rstrip("0123456789")
        return Name(base, int(word[len(base) :]) if base != word else None)

    def indexed(self, parts: list[Any]) -> Node:
        return Name(str(parts[0]), parts[-1])

    def call(self, parts: list[Any]) -> Node:
        return Call(str(parts[0]), tuple(parts[1:]))

    def running(self, parts: list[Any]) -> Node:
        return Running(str(parts[0]), parts[1], *(_range(*parts[2:]) if parts[2:] else WHOLE_RANGE))

    def whole(self, parts: list[Any]) -> int:
        return int(parts[0])

    def offset(self, parts: list[Any]) -> Offset:
        by = int(parts[2]) if parts[1:] else 0
        return Offset(str(parts[0]), -by if by and parts[1] == "-" else by)


def _range(letter: Any, low: Any, high: Any) -> tuple[str, int | Offset, int | Offset]:
    return str(letter), low, high


@cache
def _parser() -> Lark:
    return Lark(
        GRAMMAR, start="sum", parser="lalr", lexer=_Replay, transformer=_Builder(),
        propagate_positions=False, maybe_placeholders=False,
    )  # fmt: skip


def _level(node: Node) -> int:
    if isinstance(node, Binary):
        return LEVELS[node.op]
    return FACTOR if isinstance(node, Negative) else ATOM


def _written(node: Node, parts: list[str]) -> str:
    match node:
        case Binary(op, left, right):
            low, high = OPERANDS[op]
            return _bracketed(left, parts[0], low) + op + _bracketed(right, parts[1], high)
        case Name(base, index):
            return base if index is None else base + _index(index)
        case Number(value):
            return decimal(value)
        case Negative(operand):
            return "-" + _bracketed(operand, parts[0], FACTOR)
        case Call(function):
            return f"{function}({','.join(parts)})"
        case Running(kind, _, letter, low, high):
            tail = f",{letter}={_end(low)}..{_end(high)}"
            return f"{kind}({parts[0]}{'' if tail == WHOLE_TAIL else tail})"


def _bracketed(node: Node, text: str, level: int) -> str:
    return f"({text})" if _level(node) < level else text


def _index(index: int | Offset) -> str:
    if isinstance(index, Offset):
        return f"_{{{_end(index)}}}" if index.by else f"_{index.letter}"
    return str(index)


def _end(end: int | Offset) -> str:
    if isinstance(end, Offset):
        return end.letter + (f"{end.by:+d}" if end.by else "")
    return str(end)
