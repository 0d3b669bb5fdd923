"""Text → the parser's tokens, with all that depends on context settled here.

The words are read once from left to right: a product without a sign gets its token (2x, 2(x+1);
only after a number or a bracket, never after a “/”),
bars become abs( … ), the words of an index and of a range their own kinds, names are checked, and
the depth is counted. A tree is only built from tokens that have passed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from lark import Token

from simulation.formula import faults
from simulation.formula.errors import FormulaError
from simulation.formula.faults import ENDS
from simulation.formula.functions import FUNCTIONS
from simulation.formula.grammar import (
    DIGITS,
    DIMENSION,
    FRACTIONS,
    GREEK,
    LETTERS,
    MOST_DEPTH,
    MOST_DIGITS,
    MOST_NUMBER,
    MOST_SUMS,
    MOST_TOKENS,
    SYMBOLS,
    WEIGHTS,
)
from simulation.formula.words import Word, split

RUNNING = ("sum", "prod")
CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}


@dataclass(slots=True)
class _Bracket:
    """An open bracket. kind: group, function, sum (its body), range, index or bar."""

    kind: str
    word: Word
    function: str = ""
    letter: str = ""
    commas: int = 0
    waiting: int = 0  # signs and exponents whose operand has not ended
    divided: bool = False  # the last operator of this product is a “/”


def read(text: str) -> list[Token]:
    """Return the tokens of a formula; raise FormulaError for what cannot be one."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.words = split(text)
        self.next = 0  # the word after the one that is read
        self.tokens: list[Token] = []
        self.open = [_Bracket("group", Word("OPEN", "", 0))]  # the text as a whole
        self.depth = 0

    def read(self) -> list[Token]:
        if not self.words:
            raise FormulaError(f"a formula is needed, such as {faults.EXAMPLE}")
        for word in self.words:
            self.next += 1
            READERS[word.kind](self, word)
        inner = self.open[-1]
        if inner.kind == "bar":
            self.fail("the second “|” is missing", inner.word.at)
        if len(self.open) > 1:
            self.fail(f"“{CLOSING[inner.word.text]}” is missing", inner.word.at)
        return self.tokens

    def fail(self, why: str, at: int) -> NoReturn:
        raise FormulaError(why, at, self.text)

    # What is known of the place that is read.

    @property
    def last(self) -> str:
        return self.tokens[-1].type if self.tokens else ""

    @property
    def in_index(self) -> bool:
        return self.open[-1].kind == "index" or self.last == "UNDERSCORE"

    @property
    def following(self) -> Word | None:
        return self.words[self.next] if self.next < len(self.words) else None

    def letters(self) -> list[str]:
        return [b.letter for b in self.open if b.kind == "sum"]

    # What readers do.

    def emit(self, kind: str, text: str, at: int) -> None:
        if len(self.tokens) >= MOST_TOKENS:
            self.fail(f"a formula has at most {MOST_TOKENS} words and signs", at)
        self.tokens.append(Token(kind, text, at))

    def deeper(self, at: int) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.fail(f"brackets, signs and powers are nested more than {MOST_DEPTH} deep", at)

    def wait(self, at: int) -> None:
        """Count a sign or an exponent: its operand is one deeper."""
        self.open[-1].waiting += 1
        self.deeper(at)

    def settle(self, *, divided: bool = False) -> None:
        """An operator between two operands: the signs and exponents before it have ended."""
        inner = self.open[-1]
        self.depth -= inner.waiting
        inner.waiting, inner.divided = 0, divided

    def begin_operand(self, at: int) -> None:
        """Put a product's token before an operand that follows another one, or fail."""
        if self.last not in ENDS:
            return
        if self.last not in ("NUMBER", "_CLOSE"):
            self.fail(faults.OPERATOR_MISSING, at)
        if self.open[-1].divided:
            self.fail("after a “/” write the product out: 1/(2*x) or (1/2)*x", at)
        self.settle()
        self.emit("IMPLIED", "*", at)

    def enter(self, kind: str, word: Word, token: str = "_OPEN", function: str = "") -> None:
        self.deeper(word.at)
        self.emit(token, word.text, word.at)
        self.open.append(_Bracket(kind, word, function, word.letter))

    def leave(self, word: Word, token: str = "_CLOSE") -> _Bracket:
        inner = self.open.pop()
        self.depth -= 1 + inner.waiting
        self.emit(token, word.text, word.at)
        return inner

    # One reader for each kind of word.

    def number(self, word: Word) -> None:
        if self.in_index or self.open[-1].kind == "range":
            if not (word.text.isdigit() and len(word.text) <= MOST_DIGITS):
                self.fail(faults.INDEX if self.in_index else faults.RANGE, word.at)
            name = self.tokens[-2] if self.last == "UNDERSCORE" else self.tokens[-1]
            if self.in_index and name in WEIGHTS and int(word.text) == 0:
                self.fail(f"{name}0 does not exist: an index begins at 1", word.at)
            self.emit("INDEX", word.text, word.at)
            return
        if self.last in ENDS:
            self.fail(faults.OPERATOR_MISSING, word.at)
        if len(word.text) > MOST_NUMBER:
            self.fail(f"a number has at most {MOST_NUMBER} characters", word.at)
        text = FRACTIONS.get(word.text, word.text)
        if not math.isfinite(float(text)):
            self.fail("this number is too large (up to 1e308)", word.at)
        self.emit("NUMBER", text, word.at)

    def name(self, word: Word) -> None:
        name = word.text.translate(DIGITS)
        name = SYMBOLS.get(name) or GREEK.get(name[0], name[0]) + name[1:]
        if self.in_index:
            if name not in self.letters():
                self.fail(faults.INDEX, word.at)
            self.emit("LETTER", name, word.at)
            return
        if self.open[-1].kind == "range":
            first = self.last == "_COMMA"
            if not first and name != DIMENSION:
                self.fail("a sum runs between whole numbers or d, as i=1..d-1", word.at)
            self.emit("LETTER" if first else "DIMENSION", name, word.at)
            return
        self.begin_operand(word.at)
        follower = self.following
        called = follower is not None and follower.text == "("
        if name in FUNCTIONS or name in RUNNING:
            if not called:
                power = follower is not None and follower.kind in ("POWER", "RAISED")
                shown = f"{name}(x)^2" if power else f"{name}( … )"
                self.fail(f"{name} needs its brackets first: {shown}", word.at)
            self.emit("RUNNING" if name in RUNNING else "FUNCTION", name, word.at)
            return
        if called:
            self.fail(faults.no_function(name), word.at)
        why = faults.no_name(name)
        if why:
            self.fail(why, word.at)
        self.emit("NAME", name, word.at)

    def opening(self, word: Word) -> None:
        if self.last == "UNDERSCORE" or (self.last == "NAME" and word.text == "["):
            self.enter("index", word, "_OPEN_INDEX")
        elif self.last in ("FUNCTION", "RUNNING"):
            function = str(self.tokens[-1])
            if function in RUNNING:
                self._check_letter(word)
            self.enter("sum" if function in RUNNING else "function", word, function=function)
        else:
            self.begin_operand(word.at)
            self.enter("group", word)

    def closing(self, word: Word) -> None:
        inner = self.open[-1]
        if inner.kind == "bar":
            self.fail("the second “|” is missing", inner.word.at)
        if len(self.open) == 1:
            self.fail(f"this “{word.text}” has no opening bracket", word.at)
        if CLOSING[inner.word.text] != word.text:
            self.fail(f"“{CLOSING[inner.word.text]}” is missing before this", word.at)
        if inner.kind == "function":
            few, most = FUNCTIONS[inner.function].fewest, FUNCTIONS[inner.function].most
            if not few <= inner.commas + 1 <= most:
                number = f"{few} to {most} arguments" if most > 1 else "1 argument"
                self.fail(f"{inner.function} takes {number}", word.at)
        self.leave(word, "_CLOSE_INDEX" if inner.kind == "index" else "_CLOSE")

    def bar(self, word: Word) -> None:
        if self.open[-1].kind == "bar" and self.last in ENDS:
            self.leave(word)
            return
        self.begin_operand(word.at)
        self.emit("FUNCTION", "abs", word.at)
        self.enter("bar", word, function="abs")

    def comma(self, word: Word) -> None:
        inner, after = self.open[-1], self.following
        takes = inner.kind == "function" and FUNCTIONS[inner.function].most > 1
        if not takes and self._is_decimal_comma(word):
            self.fail(faults.DECIMAL_POINT, word.at)
        if inner.kind == "function" and not takes:
            self.fail(f"{inner.function} takes 1 argument", word.at)
        if inner.kind == "range" or (inner.kind == "sum" and (not after or not inner.letter)):
            self.fail(faults.RANGE, word.at)
        if inner.kind not in ("function", "sum"):
            self.fail("a comma stands only inside min( … ), max( … ), sum( … ), prod( … )", word.at)
        if inner.kind == "sum":
            inner.kind = "range"
        inner.commas += 1
        self.settle()
        self.emit("_COMMA", ",", word.at)

    def equals(self, word: Word) -> None:
        if self.open[-1].kind != "range" or self.last != "LETTER":
            self.fail(faults.NO_EQUALS, word.at)
        self.emit("_EQUALS", "=", word.at)

    def dots(self, word: Word) -> None:
        if self.open[-1].kind != "range":
            self.fail("“..” stands only in the range of a sum: sum(w_i, i=1..d)", word.at)
        self.emit("_DOTS", "..", word.at)

    def sign(self, word: Word) -> None:
        if self.open[-1].kind not in ("index", "range"):
            if self.last in ENDS:
                self.settle()
            else:
                self.wait(word.at)
        self.emit(word.kind, "+" if word.kind == "PLUS" else "-", word.at)

    def times(self, word: Word) -> None:
        self.settle(divided=word.kind == "OVER")
        self.emit(word.kind, "/" if word.kind == "OVER" else "*", word.at)

    def power(self, word: Word) -> None:
        self.wait(word.at)
        self.emit("POWER", "^", word.at)

    def raised(self, word: Word) -> None:
        self.power(word)
        exponent = word.text.translate(DIGITS)
        if exponent.startswith("-"):
            self.sign(Word("MINUS", "-", word.at))
        self.number(Word("NUMBER", exponent.lstrip("-"), word.at))

    def underscore(self, word: Word) -> None:
        if self.last != "NAME" or self.tokens[-1][-1].isdigit():
            self.fail("an index stands after a name that has none, as w_1", word.at)
        self.emit("UNDERSCORE", "_", word.at)

    def _check_letter(self, word: Word) -> None:
        taken = self.letters()
        if word.letter not in LETTERS:
            self.fail("a sum runs over i, j, k or l, as sum(w_j, j=1..d)", word.at)
        if word.letter in taken:
            other = next(letter for letter in LETTERS if letter not in taken)
            why = f"{word.letter} runs in the sum around this one; add “,{other}=1..d” to one"
            self.fail(why, word.at)
        if len(taken) >= MOST_SUMS:
            self.fail(f"sums are nested at most {MOST_SUMS} deep", word.at)

    def _is_decimal_comma(self, word: Word) -> bool:
        before, after = self.words[self.next - 2], self.following
        return (
            self.next >= 2
            and after is not None
            and before.kind == after.kind == "NUMBER"
            and before.end == word.at
            and word.end == after.at
        )


READERS: Mapping[str, Callable[[_Reader, Word], None]] = MappingProxyType({
    "NUMBER": _Reader.number,
    "NAME": _Reader.name,
    "RAISED": _Reader.raised,
    "POWER": _Reader.power,
    "TIMES": _Reader.times,
    "OVER": _Reader.times,
    "PLUS": _Reader.sign,
    "MINUS": _Reader.sign,
    "BAR": _Reader.bar,
    "UNDERSCORE": _Reader.underscore,
    "OPEN": _Reader.opening,
    "CLOSE": _Reader.closing,
    "COMMA": _Reader.comma,
    "EQUALS": _Reader.equals,
    "DOTS": _Reader.dots,
})  # fmt: skip
"""Kind of a word → the method that reads it."""
