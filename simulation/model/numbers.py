"""Parsing and formatting of numbers.

`format_number` writes the canonical text. `parse_number` reads it, and also decimal commas,
thousands separators, percentages, fractions and powers of ten, if they are unambiguous.
"""

from __future__ import annotations

import re

LONGEST = 1000  # most characters of a number
MINUS_SIGNS = "−–‐‑﹣－"
SPACES = "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f"
_PLAIN = str.maketrans({**dict.fromkeys(MINUS_SIGNS, "-"), **dict.fromkeys(SPACES, " "),
                        **dict.fromkeys("’‘", "'"), "＋": "+", "％": "%", "⁄": "/", "∕": "/",
                        "＿": "_"})  # fmt: skip
_SUPERSCRIPT = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_RAISED = re.compile(r"10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_POWER = re.compile(r"^(?:(?P<factor>.+?) *[×xX*·⋅] *)?(?P<sign>[-+]?)10 *(?:\^|\*\*) *"
                    r"\(? *(?P<exponent>[-+]?\d{1,9}) *\)?$")  # fmt: skip
_LOST_PLUS = re.compile(r"(?<=\d[eE]) (?=\d)")  # in a query string, "+" stands for a space
_SIGN = re.compile(r"^([-+]) +(?=[\d.,])")  # "− 0.1"
_THREE = re.compile(r"^[-+]?[1-9]\d{0,2}(?P<mark>[,.])\d{3}$")  # ambiguous: thousands or decimals
# Accepted notations: pattern, decimal mark, thousands separators.
_FORMS = (
    (re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"), ".", ""),
    (re.compile(r"^[-+]?\d*,\d+([eE][-+]?\d+)?$"), ",", ""),
    (re.compile(r"^[-+]?\d{1,3}(( \d{3})+|('\d{3})+|(_\d{3})+)(\.\d+)?$"), ".", " '_"),
    (re.compile(r"^[-+]?\d{1,3}(( \d{3})+|('\d{3})+|(_\d{3})+),\d+$"), ",", " '_"),
    (re.compile(r"^[-+]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,})$"), ".", ","),
    (re.compile(r"^[-+]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$"), ",", "."),
)


class NumberError(ValueError):
    """A text that is not a number or is ambiguous; `str` is the reason, or ''."""


def format_number(value: float) -> str:
    """Return the shortest text that parses to the same float: 5e-05 → `5e-5`, 1.0 → `1`."""
    text = repr(float(value)).removesuffix(".0")
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}" if e else text


def parse_number(text: str, *, whole: bool = False) -> float:
    """Parse a number: `-0.1`, `−0,1`, `5×10^-5`, `90%`, `1/1000`, `1 000 000`.

    whole: whether an integer is expected. If so, `1,000` is one thousand and `1.000` is rejected;
    otherwise `1,000` is rejected and `1.000` is one. Raises NumberError.
    """
    if len(text) > LONGEST:
        raise NumberError("")
    plain = _RAISED.sub(lambda m: "10^" + m[1].translate(_SUPERSCRIPT), text)
    plain = _LOST_PLUS.sub("+", _SIGN.sub(r"\1", plain.translate(_PLAIN).strip()))
    if plain.endswith("%"):
        return _power(plain[:-1].rstrip(), whole=False) / 100
    above, slash, below = plain.partition("/")
    if not slash:
        return _power(plain, whole)
    one, other = (_power(part.strip(), whole=False) for part in (above, below))
    if other == 0:
        raise NumberError("the denominator of a fraction must not be 0")
    return one / other


def _power(plain: str, whole: bool) -> float:
    """Parse a number, optionally times a power of ten, as one literal, so that 5×10^-5 is 5e-5."""
    power = _POWER.match(plain)
    if not power:
        return _decimal(plain, whole)
    factor = format_number(_decimal(power["factor"], whole=False)) if power["factor"] else "1"
    mantissa, _, exponent = factor.partition("e")
    try:
        return float(f"{power['sign']}{mantissa}e{int(exponent or 0) + int(power['exponent'])}")
    except ValueError:
        raise NumberError("") from None


def _decimal(plain: str, whole: bool) -> float:
    """Parse digits with a decimal point or comma and thousands separators."""
    three = _THREE.match(plain)
    if three and whole and three["mark"] == ",":
        return float(plain.replace(",", ""))
    if three and (whole or three["mark"] == ","):
        grouped, decimal = plain.replace(three["mark"], ""), float(plain.replace(",", "."))
        raise NumberError(f"“{plain}” can mean {grouped} or {format_number(decimal)}: write one")
    for form, decimal_mark, group_marks in _FORMS:
        if form.match(plain):
            digits = "".join(c for c in plain if c not in group_marks)
            return float(digits.replace(decimal_mark, "."))
    try:
        return float(plain)  # inf, nan, non-ASCII digits
    except ValueError:
        raise NumberError("") from None


def parse_numbers(text: str) -> tuple[float, ...]:
    """Parse a list of numbers: `1,-0.1`, `2, -0.5`, `2 -0.5`, or `1,5; -0,1`.

    With a semicolon as separator, commas are decimal; otherwise a comma separates. A later item
    with a leading zero (`0,06`) is taken for a decimal comma and rejected. Raises NumberError.
    """
    plain = _LOST_PLUS.sub("+", text.translate(_PLAIN).strip())
    if ";" in plain:
        return tuple(parse_number(part) for part in plain.removesuffix(";").split(";"))
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) == 1:
        parts = re.split(r" +(?=[-+.\d])", plain)
    if any(re.match(r"^0\d", part) for part in parts[1:]):
        raise NumberError("separate numbers with decimal commas by semicolons")
    return tuple(parse_number(part) for part in parts)
