"""The language: its grammar, the patterns of its words, its reserved names and its limits.

The grammar is LALR(1). Its terminals come from `tokens`, which reads the text with TERMINALS and
settles what depends on context: IMPLIED is a product without a sign (2x), INDEX, LETTER and
DIMENSION are the numbers and names inside an index or a range, and a bar becomes abs( … ).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

MOST_CHARACTERS = 500
MOST_TOKENS = 400
MOST_DEPTH = 40  # brackets, signs and exponents inside one another
MOST_NUMBER = 30  # characters of a number
MOST_NAME = 20  # letters of a name
MOST_DIGITS = 3  # of an index
MOST_WEIGHTS = 50
MOST_PARAMETERS = 16
MOST_TERMS = 64  # of a sum or product
MOST_SUMS = 2  # sums or products inside one another

WEIGHTS = ("u", "v", "w", "x", "y", "z")
LETTERS = ("i", "j", "k", "l")  # a sum runs over one of them
DIMENSION = "d"
WHOLE_TAIL = ",i=1..d"  # of a sum over all weights, where it need not be written
CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e})
NOT_NAMES = frozenset({"nan", "inf", "infinity"})

GRAMMAR = r"""
?sum: product
    | sum PLUS product                        -> binary
    | sum MINUS product                       -> binary
?product: factor
    | product TIMES factor                    -> binary
    | product OVER factor                     -> binary
    | product IMPLIED power                   -> binary
?factor: power
    | MINUS factor                            -> negative
    | PLUS factor                             -> positive
?power: atom
    | atom POWER factor                       -> binary
?atom: NUMBER                                 -> number
    | NAME                                    -> name
    | NAME UNDERSCORE index                   -> indexed
    | NAME UNDERSCORE _OPEN_INDEX shifted _CLOSE_INDEX -> indexed
    | NAME _OPEN_INDEX shifted _CLOSE_INDEX   -> indexed
    | _OPEN sum _CLOSE
    | FUNCTION _OPEN sum (_COMMA sum)* _CLOSE -> call
    | RUNNING _OPEN sum _CLOSE                -> running
    | RUNNING _OPEN sum _COMMA LETTER _EQUALS end _DOTS end _CLOSE -> running
?shifted: index
    | LETTER PLUS INDEX                       -> offset
    | LETTER MINUS INDEX                      -> offset
?end: INDEX                                   -> whole
    | DIMENSION                               -> offset
    | DIMENSION PLUS INDEX                    -> offset
    | DIMENSION MINUS INDEX                   -> offset
?index: INDEX                                 -> whole
    | LETTER                                  -> offset

%declare PLUS MINUS TIMES OVER IMPLIED POWER NUMBER NAME UNDERSCORE INDEX LETTER DIMENSION
%declare FUNCTION RUNNING _OPEN _CLOSE _OPEN_INDEX _CLOSE_INDEX _COMMA _EQUALS _DOTS
"""

TERMINALS: Mapping[str, str] = MappingProxyType({
    "NUMBER": r"(?:[0-9]+(?:\.(?!\.)[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[½¼¾]",
    "NAME": r"[A-Za-z][A-Za-z0-9]*[₀-₉]*|[α-ωΓΔΘΛΞΦΨΩµϕϵϑ][0-9]*[₀-₉]*|[√∑Σ∏Π]",
    "RAISED": r"⁻?[⁰¹²³⁴-⁹]+",
    "POWER": r"\*\*|\^",
    "TIMES": r"[*·×⋅∙]",
    "OVER": r"[/÷∕]",
    "PLUS": r"\+",
    "MINUS": r"[-−–]",
    "BAR": r"\|",
    "UNDERSCORE": r"_",
    "OPEN": r"[(\[{]",
    "CLOSE": r"[)\]}]",
    "COMMA": r",",
    "EQUALS": r"=",
    "DOTS": r"\.\.|…",
})  # fmt: skip
"""Kind of a word → its pattern; tried in this order."""

SPACE = r"[ \t\r\n\u00a0\u2009\u202f]+"

DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁻", "01234567890123456789-")
FRACTIONS: Mapping[str, str] = MappingProxyType({"½": "0.5", "¼": "0.25", "¾": "0.75"})
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {"√": "sqrt", "∑": "sum", "Σ": "sum", "∏": "prod", "Π": "prod", "ln": "log"}
)
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "sigma tau upsilon phi chi psi omega"
)
_CAPITALS = "Gamma Delta Theta Lambda Xi Phi Psi Omega"
GREEK: Mapping[str, str] = MappingProxyType(
    dict(zip("αβγδεζηθικλμνξοπρςστυφχψω", _GREEK.split(), strict=True))
    | dict(
        zip(
            "ΓΔΘΛΞΦΨΩ",
            ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Phi", "Psi", "Omega"],
            strict=True,
        )
    )
    | {"µ": "mu", "ϕ": "phi", "ϵ": "epsilon", "ϑ": "theta"}
)
"""Greek letter → its name, as it stands in the canonical text."""
