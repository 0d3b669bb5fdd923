"""Parameter types of a landscape that is given as a formula: its text, and its own parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.formula.errors import FormulaError
from simulation.formula.formula import formula_of
from simulation.model.numbers import NumberError, format_number, parse_number
from simulation.model.parameters import Parameter

Named = tuple[tuple[str, tuple[float, ...]], ...]
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9]*$")
LARGEST = 1e6  # magnitude of a parameter's value


@dataclass(frozen=True, kw_only=True)
class FormulaText(Parameter):
    """A function of the weights as text, kept in the canonical form of `formula.syntax.unparse`."""

    @property
    def allowed(self) -> str:
        """An example, in words."""
        return f"a function of two weights or more, such as {self.default}"

    def check(self, value: Any) -> str:
        """Return the canonical text; raises ParameterError with the place of the fault."""
        if not isinstance(value, str):
            raise self.error(value)
        try:
            return formula_of(value).text
        except FormulaError as error:
            raise self.error(value, reason=str(error)) from None

    def parse(self, text: str) -> str:
        """Return the text without surrounding spaces; `check` reads it."""
        return text.strip()

    def format(self, value: str) -> str:
        """Return the text with ** for ^, which a URL need not escape."""
        return value.replace("^", "**")


@dataclass(frozen=True, kw_only=True)
class NamedNumbers(Parameter):
    """Values of named parameters, each a number or a list: `a:2,b:1;0.5`.

    In canonical form: ((name, numbers), …), sorted by name.
    """

    longest: int = 16

    @property
    def allowed(self) -> str:
        """The grammar in words."""
        return (
            f"at most {self.longest} names with a number each, such as a:2,b:0.5, "
            f"from {format_number(-LARGEST)} to {format_number(LARGEST)}"
        )

    def check(self, value: Any) -> Named:
        """Return ((name, numbers), …) from a mapping or from pairs; raises ParameterError."""
        if isinstance(value, Mapping):
            value = tuple(value.items())
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self.error(value)
        out: dict[str, tuple[float, ...]] = {}
        near: dict[str, tuple[float, ...]] = {}
        for pair in value:
            name, numbers = self._pair(value, pair)
            out[name] = numbers
            near[name] = tuple(min(max(v, -LARGEST), LARGEST) for v in numbers)
        if near != out or len(out) > self.longest:
            raise self.error(value, tuple(sorted(near.items()))[: self.longest])
        return tuple(sorted(out.items()))

    def _pair(self, value: Any, pair: Any) -> tuple[str, tuple[float, ...]]:
        try:
            name, given = pair
            numbers = given if isinstance(given, Sequence) else (given,)
            read = tuple(float(v) + 0.0 for v in numbers)
        except (TypeError, ValueError, OverflowError):
            raise self.error(value) from None
        good = isinstance(name, str) and _NAME.match(name)
        if not good or not read or len(read) > 50 or any(map(math.isnan, read)):
            raise self.error(value)
        return name, read

    def parse(self, text: str) -> Named:
        """Parse `a:2,b:1;0.5` (`=` for `:` too); raises ParameterError if unreadable."""
        out = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, mark, numbers = part.replace("=", ":").partition(":")
            if not mark:
                raise self.error(text, reason=f"“{part}” needs a value: {part}:1")
            try:
                values = tuple(parse_number(item) for item in numbers.split(";"))
            except NumberError as error:
                raise self.error(text, reason=str(error)) from None
            out.append((name.strip(), values))
        return tuple(out)

    def format(self, value: Named) -> str:
        """Return `name:number;number` of each, joined by commas."""
        return ",".join(
            f"{name}:{';'.join(format_number(v) for v in numbers)}" for name, numbers in value
        )
