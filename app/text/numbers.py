"""Number formatting: 29,600 · 10⁻³ · 9.99×."""

from __future__ import annotations

import math
import re

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "−"
_ONES = re.compile(r"(?<![\w.,])1 (step|path|time|gradient)s\b")


def rounded(value: float, digits: int = 3) -> str:
    """Return a number to `digits` significant digits, with thousands separators: 29,637 → 29,600.

    For ratios and axes; numbers below 10^digits are rounded to integers.
    """
    if value < 10**digits:
        return f"{round(value):,}"
    scale = 10 ** (math.floor(math.log10(value)) - digits + 1)
    return f"{round(value / scale) * scale:,}"


def count(value: float, digits: int = 3) -> str:
    """Return a count to `digits` significant digits, with ≈ if that is not exact: ≈ 29,600."""
    text = rounded(value, digits)
    return text if float(text.replace(",", "")) == value else f"≈ {text}"


def exact(value: float) -> str:
    """Return an integer, or a median half-way between two, with thousands separators: 18.5."""
    return f"{value:,.1f}" if value % 1 == 0.5 else f"{round(value):,}"


def plural(value: float, noun: str) -> str:
    """Return the noun as it stands after a number: `step` after 1, else `steps`."""
    return noun if value == 1 else f"{noun}s"


def agreeing(text: str) -> str:
    """Return a text with the nouns after a 1 in the singular: `1 steps` → `1 step`."""
    return _ONES.sub(r"1 \1", text)


def ratio(value: float) -> str:
    """Return a ratio to three significant digits: 9.99, 10.0, 123."""
    if not math.isfinite(value):
        return "—"
    if value >= 999.5:
        return rounded(value)
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}"


def power(exponent: int) -> str:
    """Return an integer power of 10 with a superscript: −3 → 10⁻³; 0 → 1."""
    return "1" if exponent == 0 else "10" if exponent == 1 else "10" + superscript(exponent)


def superscript(value: int) -> str:
    """Return an integer in superscript digits."""
    return str(value).translate(_SUPERSCRIPT)


def number(value: float, digits: int = 3, whole: int = 6) -> str:
    """Return a real number to `digits` significant digits: 0.0123, −1.5, 3.1 × 10⁻⁶.

    Numbers from 10^whole on have a power of ten.
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "—"
    exponent = math.floor(math.log10(abs(value)))
    if -4 <= exponent < whole:
        text = f"{value:,.{max(digits - 1 - exponent, 0)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, _, power_ = f"{value:.{digits - 1}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        decade = "10" + superscript(int(power_))
        text = f"{mantissa} × {decade}".removeprefix("1 × ")
    return text.replace("-", MINUS)


def typed_text(value: float) -> str:
    """Return a number as text fields show it: six significant digits, `5e-5`, `−0.1`."""
    text = f"{value:.6g}"
    mantissa, e, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if e else text).replace("-", MINUS)


def beta_text(momentum: float) -> str:
    """Return β, with 1 − β to two significant digits: 0.9, 0.9974."""
    return f"{1 - float(f'{1 - momentum:.2g}'):.7g}"


def percent(share: float) -> str:
    """Return a fraction in per cent: 0 %, < 0.1 %, 3.2 %, 41 %; — for NaN."""
    if not math.isfinite(share):
        return "—"
    value = 100 * share
    if 0 < value < 0.05:
        return "< 0.1 %"
    return f"{value:.0f} %" if value >= 9.95 or value == 0 else f"{value:.1f} %"


def duration(seconds: float) -> str:
    """Return a duration in s, min or h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def wrapped(text: str, width: int = 44) -> str:
    """Return the text in lines of at most about `width` characters, joined by <br>."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
