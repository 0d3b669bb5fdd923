"""Parameter types: how each kind of value is parsed, formatted, checked and repaired.

A parameter is declared once (`experiment.py`); its declaration drives validation, the URL, the
command line, the sliders and the table in the docs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.model.numbers import NumberError, format_number, parse_number, parse_numbers

LONGEST_SHOWN = 60  # characters of a value in an error message


class ParameterError(ValueError):
    """An invalid parameter value; `str` is one sentence, without Python's notation.

    field: the attribute's name; label: the parameter's name on the page. allowed: a phrase that
    continues "must be"; reason: a clause used instead if there is no such phrase. nearest: the
    closest valid value, used to repair URLs.
    """

    def __init__(
        self,
        field: str,
        value: object,
        allowed: str,
        nearest: Any,
        *,
        reason: str = "",
        label: str = "",
    ) -> None:
        self.field, self.value, self.nearest = field, value, nearest
        self.allowed, self.reason = allowed or reason, reason
        self.label = label or field.replace("_", " ").capitalize()
        end = f": {reason}." if reason else f" must be {allowed}."
        super().__init__(" ".join(f"{self.label} “{self.shown}”{end}".split()))

    @property
    def shown(self) -> str:
        """The value as text, cut after LONGEST_SHOWN characters."""
        text = value_text(self.value)
        return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"

    def about(self, label: str, value: object) -> ParameterError:
        """Return the same error with another label and value, such as those of a text field."""
        allowed = "" if self.reason else self.allowed
        return ParameterError(
            self.field, value, allowed, self.nearest, reason=self.reason, label=label
        )

    def requirement(self, label: str) -> str:
        """Return "`label` must be …", or the reason, as one clause."""
        return self.reason or f"{label} must be {self.allowed}"


def value_text(value: object) -> str:
    """Return a value of any type as text: `0.1`, `1,000`, `1, -0.1`, `infinite`, `nothing`."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | np.bool_):
        return "nothing" if value is None else str(bool(value)).lower()
    if isinstance(value, int | float | np.number) and not isinstance(value, np.complexfloating):
        return _number_text(value)
    if isinstance(value, np.ndarray):
        return value_text(value.tolist())
    if isinstance(value, Sequence):
        return ", ".join(value_text(item) for item in value[:LONGEST_SHOWN])
    return str(getattr(value, "text", "a value of another kind"))


def _number_text(value: Any) -> str:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return "infinite" if number > 0 else "-infinite"
    is_count = isinstance(value, int | np.integer) and abs(number) < 1e15
    return f"{int(value):,}" if is_count else format_number(number)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Base class of parameter declarations. `landscape_defaults.py` may override `default`."""

    key: str  # name in the URL and on the command line
    symbol: str
    label: str
    help: str  # one sentence, for the tooltip and the docs
    default: Any
    torch: str = ""  # name in torch.optim, if any
    unit: str = ""
    field: str = ""  # attribute of Experiment; set by `experiment.py`

    @property
    def allowed(self) -> str:
        """The allowed values in words; TypeError in this base class."""
        raise TypeError("a concrete kind of parameter says what it allows")

    def check(self, value: Any) -> Any:
        """Return the value in canonical form; raises ParameterError (here TypeError)."""
        raise TypeError("a concrete kind of parameter checks its values")

    def parse(self, text: str) -> Any:
        """Parse text without checking the value; raises ParameterError if unreadable."""
        return text

    def format(self, value: Any) -> str:
        """Return the text that `parse` converts back to exactly this value."""
        return str(value)

    def error(self, value: object, nearest: Any = None, reason: str = "") -> ParameterError:
        """Return the error for `value`; defaults: `nearest` the default, `reason` `allowed`."""
        nearest = self.default if nearest is None else nearest
        allowed = "" if reason else self.allowed
        return ParameterError(self.field, value, allowed, nearest, reason=reason, label=self.label)


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A real number in [low, high]; `scale` is the slider's scale."""

    low: float
    high: float
    scale: str = "linear"  # or "log"
    step: float = 0.01  # of the slider; in decades on a log scale
    optional: bool = False  # whether None is allowed: the landscape's own value

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"from {format_number(self.low)} to {format_number(self.high)}"

    def check(self, value: Any) -> float | None:
        """Return a finite float in range; raises ParameterError."""
        if value is None and self.optional:
            return None
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise self.error(value) from None
        if math.isnan(number):
            raise self.error(value)
        if not self.low <= number <= self.high:
            raise self.error(value, min(max(number, self.low), self.high))
        return number + 0.0  # −0.0 → 0.0, so that equal values have equal texts

    def parse(self, text: str) -> float:
        """Parse a float with `parse_number`; raises ParameterError."""
        try:
            return parse_number(text)
        except NumberError as error:
            raise self.error(text, reason=str(error)) from None

    def format(self, value: float) -> str:
        """Return the shortest round-trip text."""
        return format_number(value)


@dataclass(frozen=True, kw_only=True)
class Integer(Parameter):
    """An integer in [low, high]."""

    low: int
    high: int
    scale: str = "linear"
    step: float = 1

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"a whole number from {self.low:,} to {self.high:,}"

    def check(self, value: Any) -> int:
        """Return an int in range; accepts integral floats such as 1e6. Raises ParameterError."""
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise self.error(value) from None
        if math.isnan(number):
            raise self.error(value)
        if not self.low <= number <= self.high:
            raise self.error(value, int(min(max(number, self.low), self.high)))
        if number != math.floor(number):
            raise self.error(value, round(number))
        return int(number)

    def parse(self, text: str) -> float:
        """Parse an integer with `parse_number`; raises ParameterError."""
        try:
            return parse_number(text, whole=True)
        except NumberError as error:
            raise self.error(text, reason=str(error)) from None


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a fixed set of names."""

    choices: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """The names."""
        return "one of " + ", ".join(self.choices)

    def check(self, value: Any) -> str:
        """Return the name unchanged; raises ParameterError."""
        if not isinstance(value, str) or value not in self.choices:
            raise self.error(value)
        return value


@dataclass(frozen=True, kw_only=True)
class Numbers(Parameter):
    """A list of real numbers, each in [low, high].

    Lists of more than 20 numbers are rounded to 3 significant digits, so that the longest URL has
    fewer than 2,000 characters and still represents the experiment exactly.
    """

    low: float
    high: float
    scale: str = "linear"
    step: float = 0.01
    shortest: int = 1
    longest: int = 50
    optional: bool = False  # whether None is allowed: the landscape's own value

    @property
    def allowed(self) -> str:
        """The length and the range in words."""
        few, most = self.shortest, self.longest
        count = f"{few}" if few == most else f"{few} to {most}"
        low, high = format_number(self.low), format_number(self.high)
        return f"{count} numbers, each from {low} to {high}"

    def check(self, value: Any) -> tuple[float, ...] | None:
        """Return a tuple of floats in range; raises ParameterError with the nearest such tuple."""
        if value is None and self.optional:
            return None
        if isinstance(value, int | float):
            value = (value,)
        if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
            raise self.error(value)
        try:
            numbers = [float(v) for v in value]
        except (TypeError, ValueError, OverflowError):
            raise self.error(value) from None
        if not numbers or any(math.isnan(v) for v in numbers):
            raise self.error(value)
        near = [min(max(v, self.low), self.high) for v in numbers[: self.longest]]
        near += near[-1:] * (self.shortest - len(near))
        if near != numbers:
            raise self.error(value, tuple(near))
        if len(near) > 20:
            near = [float(f"{v:.3g}") for v in near]
        return tuple(v + 0.0 for v in near)

    def parse(self, text: str) -> tuple[float, ...]:
        """Parse a list with `parse_numbers`; raises ParameterError."""
        try:
            return parse_numbers(text)
        except NumberError as error:
            raise self.error(text, reason=str(error)) from None

    def format(self, value: Sequence[float]) -> str:
        """Join the shortest round-trip texts with commas."""
        return ",".join(format_number(v) for v in value)
