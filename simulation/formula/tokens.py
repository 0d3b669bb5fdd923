"""Text → the parser's tokens, with all that depends on context settled here.

The words are read once from left to right. A product without a sign gets its token (2x, 2(x+1):
only after a number or a bracket, never after a “/”); bars become abs( … ); the words of an index
and of a range get kinds of their own; names are checked and the depth is counted. A tree is built
only from tokens that have passed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

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
    MOST_DIGITS,
    MOST_NUMBER,
    MOST_SUMS,
    SYMBOLS,
    WEIGHTS,
    WHOLE_TAIL,
)
from simulation.formula.reading import Bracket, Reading
from simulation.formula.words import Word

RUNNING = ("sum", "prod")
CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}


def read(text: str) -> list[Token]:
    """Return the tokens of a formula; raise FormulaError for what cannot be one."""
    reading = Reading(text)
    if not reading.words:
        raise FormulaError(f"a formula is needed, such as {faults.EXAMPLE}")
    for word in reading.words:
        reading.next += 1
        READERS[word.kind](reading, word)
    inner = reading.open[-1]
    if inner.kind == "bar":
        reading.fail("the second “|” is missing", inner.word.at)
    if len(reading.open) > 1:
        reading.fail(f"“{CLOSING[inner.word.text]}” is missing", inner.word.at)
    return reading.tokens


def _number(reading: Reading, word: Word) -> None:
    if reading.in_index or reading.open[-1].kind == "range":
        if not (word.text.isdigit() and len(word.text) <= MOST_DIGITS):
            reading.fail(faults.INDEX if reading.in_index else faults.RANGE, word.at)
        name = reading.tokens[-2] if reading.last == "UNDERSCORE" else reading.tokens[-1]
        if reading.in_index and name in WEIGHTS and int(word.text) == 0:
            reading.fail(f"{name}0 does not exist: an index begins at 1", word.at)
        reading.emit("INDEX", word.text, word.at)
        return
    if reading.last in ENDS:
        reading.fail(faults.OPERATOR_MISSING, word.at)
    if len(word.text) > MOST_NUMBER:
        reading.fail(f"a number has at most {MOST_NUMBER} characters", word.at)
    text = FRACTIONS.get(word.text, word.text)
    if not math.isfinite(float(text)):
        reading.fail("this number is too large (up to 1e308)", word.at)
    reading.emit("NUMBER", text, word.at)


def _name(reading: Reading, word: Word) -> None:
    name = word.text.translate(DIGITS)
    name = SYMBOLS.get(name) or GREEK.get(name[0], name[0]) + name[1:]
    if reading.in_index:
        if name not in reading.letters():
            reading.fail(faults.INDEX, word.at)
        reading.emit("LETTER", name, word.at)
        return
    if reading.open[-1].kind == "range":
        first = reading.last == "_COMMA"
        if not first and name != DIMENSION:
            reading.fail("a sum runs between whole numbers or d, as i=1..d-1", word.at)
        reading.emit("LETTER" if first else "DIMENSION", name, word.at)
        return
    reading.begin_operand(word.at)
    follower = reading.following
    called = follower is not None and follower.text == "("
    if name in FUNCTIONS or name in RUNNING:
        if not called:
            power = follower is not None and follower.kind in ("POWER", "RAISED")
            shown = f"{name}(x)^2" if power else f"{name}( … )"
            reading.fail(f"{name} needs its brackets first: {shown}", word.at)
        reading.emit("RUNNING" if name in RUNNING else "FUNCTION", name, word.at)
        return
    if called:
        reading.fail(faults.no_function(name), word.at)
    why = faults.no_name(name)
    if why:
        reading.fail(why, word.at)
    reading.emit("NAME", name, word.at)


def _opening(reading: Reading, word: Word) -> None:
    if reading.last == "UNDERSCORE" or (reading.last == "NAME" and word.text == "["):
        reading.enter("index", word, "_OPEN_INDEX")
    elif reading.last in ("FUNCTION", "RUNNING"):
        function = str(reading.tokens[-1])
        if function in RUNNING:
            _check_letter(reading, word)
        reading.enter("sum" if function in RUNNING else "function", word, function=function)
    else:
        reading.begin_operand(word.at)
        reading.enter("group", word)


def _closing(reading: Reading, word: Word) -> None:
    inner = reading.open[-1]
    if inner.kind == "bar":
        reading.fail("the second “|” is missing", inner.word.at)
    if len(reading.open) == 1:
        reading.fail(f"this “{word.text}” has no opening bracket", word.at)
    if CLOSING[inner.word.text] != word.text:
        reading.fail(f"“{CLOSING[inner.word.text]}” is missing before this", word.at)
    if inner.kind == "function":
        few, most = FUNCTIONS[inner.function].fewest, FUNCTIONS[inner.function].most
        if not few <= inner.commas + 1 <= most:
            number = f"{few} to {most} arguments" if most > 1 else "1 argument"
            reading.fail(f"{inner.function} takes {number}", word.at)
    if inner.kind in ("sum", "range"):
        _check_use(reading, inner)
    reading.leave(word, "_CLOSE_INDEX" if inner.kind == "index" else "_CLOSE")


def _bar(reading: Reading, word: Word) -> None:
    if reading.open[-1].kind == "bar" and reading.last in ENDS:
        reading.leave(word)
        return
    reading.begin_operand(word.at)
    reading.emit("FUNCTION", "abs", word.at)
    reading.enter("bar", word, function="abs")


def _comma(reading: Reading, word: Word) -> None:
    inner, after = reading.open[-1], reading.following
    takes = inner.kind == "function" and FUNCTIONS[inner.function].most > 1
    if not takes and _is_decimal_comma(reading, word):
        reading.fail(faults.DECIMAL_POINT, word.at)
    if inner.kind == "function" and not takes:
        reading.fail(f"{inner.function} takes 1 argument", word.at)
    if inner.kind == "range" or (inner.kind == "sum" and not after):
        reading.fail(faults.RANGE, word.at)
    if inner.kind not in ("function", "sum"):
        reading.fail("a comma stands only inside min( … ), max( … ), sum( … ), prod( … )", word.at)
    if inner.kind == "sum":
        inner.kind, inner.ends = "range", len(reading.tokens)
    inner.commas += 1
    reading.settle()
    reading.emit("_COMMA", ",", word.at)


def _equals(reading: Reading, word: Word) -> None:
    if reading.open[-1].kind != "range" or reading.last != "LETTER":
        reading.fail(faults.NO_EQUALS, word.at)
    reading.emit("_EQUALS", "=", word.at)


def _dots(reading: Reading, word: Word) -> None:
    if reading.open[-1].kind != "range":
        reading.fail("“..” stands only in the range of a sum: sum(w_i, i=1..d)", word.at)
    reading.emit("_DOTS", "..", word.at)


def _sign(reading: Reading, word: Word) -> None:
    if reading.open[-1].kind not in ("index", "range"):
        if reading.last in ENDS:
            reading.settle()
        else:
            reading.wait(word.at)
    reading.emit(word.kind, "+" if word.kind == "PLUS" else "-", word.at)


def _times(reading: Reading, word: Word) -> None:
    reading.settle(divided=word.kind == "OVER")
    reading.emit(word.kind, "/" if word.kind == "OVER" else "*", word.at)


def _power(reading: Reading, word: Word) -> None:
    reading.wait(word.at)
    reading.emit("POWER", "^", word.at)


def _raised(reading: Reading, word: Word) -> None:
    _power(reading, word)
    exponent = word.text.translate(DIGITS)
    if exponent.startswith("-"):
        _sign(reading, Word("MINUS", "-", word.at))
    _number(reading, Word("NUMBER", exponent.lstrip("-"), word.at))


def _underscore(reading: Reading, word: Word) -> None:
    if reading.last != "NAME" or reading.tokens[-1][-1].isdigit():
        reading.fail("an index stands after a name that has none, as w_1", word.at)
    reading.emit("UNDERSCORE", "_", word.at)


def _check_letter(reading: Reading, word: Word) -> None:
    taken = reading.letters()
    if word.letter not in LETTERS:
        reading.fail("a sum runs over i, j, k or l, as sum(w_j, j=1..d)", word.at)
    if word.letter in taken:
        other = next(letter for letter in LETTERS if letter not in taken)
        why = f"{word.letter} runs in the sum around this one; add “,{other}=1..d” to one"
        reading.fail(why, word.at)
    if len(taken) >= MOST_SUMS:
        reading.fail(f"sums are nested at most {MOST_SUMS} deep", word.at)


def _check_use(reading: Reading, inner: Bracket) -> None:
    """Refuse sum(w^2): over all weights, but its letter does not occur."""
    body, tail = reading.tokens[inner.begins : inner.ends], reading.tokens[inner.ends or -1 :]
    if inner.ends and "".join(tail) != WHOLE_TAIL:
        return
    if not any(token.type in ("LETTER", "NAME") and token == inner.letter for token in body):
        why = f"{inner.letter} does not occur in it: all weights are summed by sum(w_i^2)"
        reading.fail(why, inner.word.at)


def _is_decimal_comma(reading: Reading, word: Word) -> bool:
    before, after = reading.words[reading.next - 2], reading.following
    return (
        reading.next >= 2
        and after is not None
        and before.kind == after.kind == "NUMBER"
        and before.end == word.at
        and word.end == after.at
    )


READERS: Mapping[str, Callable[[Reading, Word], None]] = MappingProxyType({
    "NUMBER": _number,
    "NAME": _name,
    "RAISED": _raised,
    "POWER": _power,
    "TIMES": _times,
    "OVER": _times,
    "PLUS": _sign,
    "MINUS": _sign,
    "BAR": _bar,
    "UNDERSCORE": _underscore,
    "OPEN": _opening,
    "CLOSE": _closing,
    "COMMA": _comma,
    "EQUALS": _equals,
    "DOTS": _dots,
})  # fmt: skip
"""Kind of a word → the function that reads it."""
