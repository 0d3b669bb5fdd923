"""Where the reader of a formula stands: tokens so far, open brackets, depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from lark import Token

from simulation.formula import faults
from simulation.formula.errors import FormulaError
from simulation.formula.faults import ENDS
from simulation.formula.grammar import MOST_DEPTH, MOST_TOKENS
from simulation.formula.words import Word, split


@dataclass(slots=True)
class Bracket:
    """An open bracket. kind: group, function, sum (its body), range, index or bar."""

    kind: str
    word: Word
    function: str = ""
    letter: str = ""
    begins: int = 0  # place of its first token
    ends: int | None = None  # of a sum: place of the comma after its body
    commas: int = 0
    waiting: int = 0  # signs and exponents whose operand has not ended
    divided: bool = False  # the last operator of this product is a “/”


class Reading:
    """The words of a formula, and what has been made of those before `next`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = split(text)
        self.next = 0  # the word after the one that is read
        self.tokens: list[Token] = []
        self.last = ""  # the kind of the last token
        self.open = [Bracket("group", Word("OPEN", "", 0))]  # the text as a whole
        self.depth = 0

    def fail(self, why: str, at: int) -> NoReturn:
        """Raise FormulaError at a place of the text."""
        raise FormulaError(why, at, self.text)

    @property
    def in_index(self) -> bool:
        """Return whether the next word belongs to an index."""
        return self.open[-1].kind == "index" or self.last == "UNDERSCORE"

    @property
    def following(self) -> Word | None:
        """Return the word after the one that is read, or None."""
        return self.words[self.next] if self.next < len(self.words) else None

    def letters(self) -> list[str]:
        """Return the letters of the sums around this place."""
        return [b.letter for b in self.open if b.kind == "sum"]

    def emit(self, kind: str, text: str, at: int) -> None:
        """Append a token."""
        if len(self.tokens) >= MOST_TOKENS:
            self.fail(f"a formula has at most {MOST_TOKENS} words and signs", at)
        self.tokens.append(Token(kind, text, at))
        self.last = kind

    def deeper(self, at: int) -> None:
        """Count one more level."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.fail(f"brackets, signs and powers are nested more than {MOST_DEPTH} deep", at)

    def wait(self, at: int) -> None:
        """Count a sign or an exponent: its operand is one deeper."""
        self.open[-1].waiting += 1
        self.deeper(at)

    def settle(self, *, divided: bool = False) -> None:
        """End the signs and exponents before an operator, which is a “/” if `divided`."""
        inner = self.open[-1]
        self.depth -= inner.waiting
        inner.waiting, inner.divided = 0, divided

    def begin_operand(self, at: int) -> None:
        """Append a product's token if an operand follows another one, or fail."""
        if self.last not in ENDS:
            return
        if self.last not in ("NUMBER", "_CLOSE"):
            self.fail(faults.OPERATOR_MISSING, at)
        if self.open[-1].divided:
            self.fail("after a “/” write the product out: 1/(2*x) or (1/2)*x", at)
        self.settle()
        self.emit("IMPLIED", "*", at)

    def enter(self, kind: str, word: Word, token: str = "_OPEN", function: str = "") -> None:
        """Open a bracket."""
        self.deeper(word.at)
        self.emit(token, word.text, word.at)
        self.open.append(Bracket(kind, word, function, word.letter, len(self.tokens)))

    def leave(self, word: Word, token: str = "_CLOSE") -> None:
        """Close the innermost bracket."""
        inner = self.open.pop()
        self.depth -= 1 + inner.waiting
        self.emit(token, word.text, word.at)
