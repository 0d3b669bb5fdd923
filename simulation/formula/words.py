"""Text → words, by the patterns of the grammar's terminals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulation.formula.errors import FormulaError
from simulation.formula.faults import NO_EQUALS
from simulation.formula.grammar import SPACE, TERMINALS

FIRST_LETTER = "i"
_PATTERNS = {**TERMINALS, "SPACE": SPACE}
_WORD = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))


@dataclass(slots=True)
class Word:
    """A word of the text, or a sign; kind is a key of TERMINALS, `at` its place in the text.

    letter: for an opening bracket, the letter that a sum inside it would run over.
    """

    kind: str
    text: str
    at: int
    letter: str = FIRST_LETTER

    @property
    def end(self) -> int:
        """Return the place after the word."""
        return self.at + len(self.text)


def split(text: str) -> list[Word]:
    """Return the words of a text; raise FormulaError for a character without a meaning."""
    words: list[Word] = []
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None or found.lastgroup is None:
            shown = text[at] if text[at].isprintable() else f"U+{ord(text[at]):04X}"
            raise FormulaError(f"“{shown}” has no meaning here", at, text)
        if found.lastgroup != "SPACE":
            words.append(Word(found.lastgroup, found.group(), at))
        at = found.end()
    _find_letters(words, text)
    return words


def _find_letters(words: list[Word], text: str) -> None:
    """Give each opening bracket its letter: the name before the first “=” inside it, else i."""
    opened: list[Word] = []
    named: set[int] = set()
    for k, word in enumerate(words):
        if word.kind == "OPEN":
            opened.append(word)
        elif word.kind == "CLOSE" and opened:
            opened.pop()
        elif word.kind == "EQUALS" and not opened:
            raise FormulaError(NO_EQUALS, word.at, text)
        elif word.kind == "EQUALS" and words[k - 2].kind == "COMMA" and opened[-1].at not in named:
            opened[-1].letter = words[k - 1].text
            named.add(opened[-1].at)
