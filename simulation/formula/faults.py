"""What to say about a word that cannot be read, and what would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from lark import Token

from simulation.formula.errors import FormulaError
from simulation.formula.functions import FUNCTIONS
from simulation.formula.grammar import (
    CONSTANTS,
    MOST_DIGITS,
    MOST_NAME,
    NOT_NAMES,
    WEIGHTS,
)

ENDS = frozenset({"NUMBER", "NAME", "INDEX", "LETTER", "_CLOSE", "_CLOSE_INDEX"})
"""Kinds of the words that can end an operand."""

IN_RANGES = frozenset({"INDEX", "LETTER", "DIMENSION", "_EQUALS", "_DOTS"})

EXAMPLE = "x^4/4 - x^2/2 + y^2/2"
OPERATOR_MISSING = "an operator is missing before this; a product is written x*y"
DECIMAL_POINT = "a decimal number is written with a point, as 0.5"
INDEX = "an index is a whole number, or i inside sum( … )"
RANGE = "the range of a sum is written i=1..d, as sum(w_i^2, i=1..d)"
NO_EQUALS = "a formula has no “=”: only what stands on its right is written here"

INSTEAD: Mapping[str, str] = MappingProxyType({
    "pow": "a power is written x^2",
    "sqr": "a square is written x^2",
    "square": "a square is written x^2",
    "cbrt": "a cube root is written x^(1/3)",
    "log10": "write log(x)/log(10)",
    "log2": "write log(x)/log(2)",
    "lg": "write log(x)/log(10)",
    "sec": "write 1/cos(x)",
    "csc": "write 1/sin(x)",
    "cot": "write cos(x)/sin(x)",
    "logistic": "write sigmoid(x)",
    "norm": "write sqrt(x^2+y^2)",
    "mean": "write sum( … )/d",
    "product": "write prod( … )",
})  # fmt: skip
"""Name of a function that others have → what to write instead."""


def unexpected(token: Token, tokens: Sequence[Token], text: str) -> FormulaError:
    """Return the fault of a token that cannot stand where it stands."""
    if token.type == "$END":
        return FormulaError("the formula ends too early", len(text), text)
    place = next((k for k, other in enumerate(tokens) if other is token), 0)
    before = tokens[place - 1].type if place else ""
    opened = [other.type for other in tokens[:place] if other.type.endswith("_INDEX")]
    if before == "UNDERSCORE" or opened[-1:] == ["_OPEN_INDEX"]:
        why = INDEX
    elif token.type in IN_RANGES or before in IN_RANGES:
        why = RANGE
    elif before in ENDS and (token.type in ENDS or token.type.startswith("_OPEN")):
        why = OPERATOR_MISSING
    else:
        why = "a number, a name or a bracket is expected here"
    return FormulaError(why, token.start_pos, text)


def no_function(word: str) -> str:
    """Return what to say about a name before a bracket that is no function."""
    if word in WEIGHTS or word in CONSTANTS or len(word) == 1:
        return f"{word} is no function; a product is written {word}*( … )"
    if word in INSTEAD:
        return f"{word} is no function that is known here; {INSTEAD[word]}"
    near = get_close_matches(word, [*FUNCTIONS, "sum", "prod"], 1)
    hint = f"did you mean {near[0]}?" if near else f"a product is written {word}*( … )"
    return f"{word} is no function that is known here; {hint}"


@lru_cache(maxsize=256)
def no_name(word: str) -> str:
    """Return why a word cannot be a name, or ''."""
    base = word.rstrip("0123456789")
    return next((why for fault in NAME_FAULTS if (why := fault(base, word[len(base) :]))), "")


def _too_long(base: str, digits: str) -> str:
    if len(base) > MOST_NAME:
        return f"a name has at most {MOST_NAME} letters"
    return f"an index has at most {MOST_DIGITS} digits" if len(digits) > MOST_DIGITS else ""


def _reserved(base: str, digits: str) -> str:
    if digits or base.lower() not in NOT_NAMES:
        return ""
    return f"{base} is no number that can be used, and no name for a parameter"


def _product(base: str, digits: str) -> str:
    if len(base) < 2 or any(letter not in WEIGHTS for letter in base):
        return ""
    return f"“{base}{digits}” is read as one name; a product is written {'*'.join(base)}{digits}"


def _mixed(base: str, digits: str) -> str:
    if base.isalpha():
        return ""
    return f"“{base}{digits}” is one name, but a name is letters, then digits; a product is x*y"


def _function(base: str, digits: str) -> str:
    if base in FUNCTIONS:
        return f"“{base}{digits}” needs brackets: {base}({digits})"
    for function in FUNCTIONS:
        if base.startswith(function) and base.removeprefix(function) in WEIGHTS:
            argument = base.removeprefix(function) + digits
            return f"“{base}{digits}” is read as one name; write {function}({argument})"
    return ""


def _zero(base: str, digits: str) -> str:
    if base not in WEIGHTS or not digits or int(digits):
        return ""
    return f"{base}{digits} does not exist: an index begins at 1"


NAME_FAULTS: Sequence[Callable[[str, str], str]] = (
    _too_long, _reserved, _product, _mixed, _function, _zero,
)  # fmt: skip
"""(letters, digits) → why they make no name, or ''; in this order."""
