"""A sweep: one experiment with two parameters varied over a grid.

Its text is an experiment's query with two axes,
`…&x=beta:0:0.999:48:near-one&y=eta:1e-4:0.1:48:log`; it is used in links, on the command line, and
in the tiles' addresses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import numpy as np

from simulation.model.experiment import Experiment
from simulation.model.link import query_pairs
from simulation.model.numbers import format_number
from simulation.model.parameters import Integer, ParameterError
from simulation.model.query import format_query, parse_query
from simulation.sweeps.variables import Variable, variable

AXIS_KEYS = ("x", "y")
CELLS = Integer(
    field="cells", key="cells", symbol="", label="Cells", help="How many values the axis has.",
    default=48, low=2, high=128,
)  # fmt: skip
CELL_PATHS = Integer(
    field="cell_paths", key="cellN", symbol="N", label="Paths a cell", default=256, low=1,
    high=4096, help="How many independent runs measure one cell of the map.",
)  # fmt: skip
DIGITS = 6  # significant digits of a value: short links, same floats on every machine


def _linear(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _logarithmic(low: float, high: float, share: float) -> float:
    return math.copysign(math.exp(_linear(math.log(abs(low)), math.log(abs(high)), share)), low)


def _near_one(low: float, high: float, share: float) -> float:
    return 1 - _logarithmic(1 - low, 1 - high, share)


SCALES: Mapping[str, Callable[[float, float, float], float]] = MappingProxyType({
    "linear": _linear,
    "log": _logarithmic,
    "near-one": _near_one,  # even in log(1 − value), for a momentum
})  # fmt: skip
"""Scale → the value at a fraction 0…1 between low and high."""

BELOW = "the first end must be below the second"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: a variable's key, its range, number of cells, and spacing.

    Raises ParameterError with what is wrong and what is allowed.
    """

    key: str
    low: float
    high: float
    cells: int = CELLS.default
    scale: str = "linear"

    def __post_init__(self) -> None:
        variable(self.key)
        if self.scale not in SCALES:
            raise ParameterError("axis", self.scale, "one of " + ", ".join(SCALES), "linear")
        object.__setattr__(self, "cells", CELLS.check(self.cells))
        for name in ("low", "high"):
            end = self.varied.parameter.check(float(getattr(self, name)))
            object.__setattr__(self, name, float(end or 0))
        if not self.low < self.high:
            raise ParameterError("axis", self.text, "", None, reason=BELOW)
        if self.scale == "log" and self.low <= 0 <= self.high:
            raise ParameterError("axis", self.text, "", None, reason="a log axis cannot contain 0")
        if self.scale == "near-one" and self.high >= 1:
            raise ParameterError(
                "axis", self.text, "", None, reason="all values must be below 1 on this scale"
            )
        if len(set(self.values)) < self.cells:
            why = f"there are only {len(set(self.values))} values here; ask for fewer cells"
            raise ParameterError("axis", self.text, "", None, reason=why)

    @property
    def varied(self) -> Variable:
        """The variable of the axis."""
        return variable(self.key)

    @property
    def values(self) -> tuple[float, ...]:
        """The cells' values, in order; integers if the parameter is an Integer."""
        return _values(self)

    def place(self, value: float) -> float:
        """Return a value's position along the axis: k at cell k, linearly interpolated."""
        return float(np.interp(value, self.values, range(self.cells)))

    @property
    def text(self) -> str:
        """`beta:0:0.999:48:near-one`; a linear scale is omitted."""
        parts = [self.key, format_number(self.low), format_number(self.high), str(self.cells)]
        return ":".join(parts if self.scale == "linear" else [*parts, self.scale])

    @classmethod
    def parse(cls, text: str) -> Axis:
        """Parse `text`; cells and scale may be omitted. Raises ParameterError."""
        key, *rest = (part.strip() for part in text.split(":"))
        if not 2 <= len(rest) <= 4:
            raise ParameterError("axis", text, "written key:low:high:cells:scale", None)
        low, high = (variable(key).parameter.parse(end) for end in rest[:2])
        cells = CELLS.parse(rest[2]) if len(rest) > 2 else CELLS.default
        return cls(key, low, high, CELLS.check(cells), rest[3] if len(rest) > 3 else "linear")


@lru_cache(maxsize=256)
def _values(axis: Axis) -> tuple[float, ...]:
    whole = isinstance(axis.varied.parameter, Integer)
    shares = [k / (axis.cells - 1) for k in range(axis.cells)]
    raw = [SCALES[axis.scale](axis.low, axis.high, share) for share in shares]
    inner = [float(round(v)) if whole else _rounded(v, axis.scale) for v in raw]
    return (axis.low, *inner[1:-1], axis.high)


def _rounded(value: float, scale: str) -> float:
    if scale == "near-one":  # significant digits of 1 − β
        return round(1 - float(f"{1 - value:.{DIGITS}g}"), 12)
    return float(f"{value:.{DIGITS}g}")


@dataclass(frozen=True, slots=True)
class Sweep:
    """An experiment of one contender, varied along x and y; hashable and canonical.

    The varied fields of `experiment` hold the first cell's values, so that equivalent sweeps
    compare equal. Raises ParameterError if a corner of the grid is not a valid experiment.
    """

    experiment: Experiment
    x: Axis
    y: Axis

    def __post_init__(self) -> None:
        if len(self.experiment.contenders) != 1:
            given = ",".join(c.text for c in self.experiment.contenders)
            first = self.experiment.contenders[0].text
            raise ParameterError("contenders", given, "", first, reason="a sweep has one optimizer")
        if self.x.key == self.y.key:
            raise ParameterError(
                "axis", self.y.text, "", None, reason="the two axes vary different numbers"
            )
        object.__setattr__(self, "experiment", self.cell(0, 0))
        for row, column in ((0, -1), (-1, 0), (-1, -1)):
            self.cell(row, column)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows (cells of y) and columns (cells of x)."""
        return self.y.cells, self.x.cells

    def cell(self, row: int, column: int) -> Experiment:
        """Return the experiment of one cell."""
        along_x = self.x.varied.put(self.experiment, self.x.values[column])
        return self.y.varied.put(along_x, self.y.values[row])

    def replace(self, **changes: Any) -> Sweep:
        """Return a copy with an axis or some of the experiment's fields changed."""
        axes = {key: changes.pop(key) for key in AXIS_KEYS if key in changes}
        return replace(self, experiment=self.experiment.replace(**changes), **axes)


@lru_cache(maxsize=256)  # used in each tile's address
def format_sweep(sweep: Sweep) -> str:
    """Return the sweep's canonical text: the experiment's query and the two axes."""
    axes = [f"{key}={quote(getattr(sweep, key).text, safe=':.-')}" for key in AXIS_KEYS]
    return "&".join(filter(None, [format_query(sweep.experiment), *axes]))


def parse_sweep(text: str) -> Sweep:
    """Parse a sweep's text; raises ParameterError at the first fault.

    A missing axis is `default_axis`; without `run` the last contender is used.
    """
    pairs = query_pairs(text)
    rest = "&".join(f"{key}={quote(value)}" for key, value in pairs if key not in AXIS_KEYS)
    experiment = parse_query(rest)
    if "run" not in dict(pairs):
        experiment = one_contender(experiment)
    given = dict(reversed(pairs))
    x, y = (
        Axis.parse(given[key]) if key in given else default_axis(key, experiment)
        for key in AXIS_KEYS
    )
    return Sweep(experiment, x, y)


def one_contender(experiment: Experiment) -> Experiment:
    """Return the experiment with its last contender only."""
    return experiment.replace(contenders=experiment.contenders[-1:])


def default_axis(key: str, experiment: Experiment) -> Axis:
    """Return the default axis: β up to 0.999, or η over a decade to both sides."""
    if key == "x":
        return Axis("beta", 0.0, 0.999, CELLS.default, "near-one")
    allowed = variable("eta").parameter
    low, high = (float(f"{experiment.step_size * factor:.1g}") for factor in (0.1, 10))
    return Axis("eta", max(low, allowed.low), min(high, allowed.high), CELLS.default, "log")


def axis_around(key: str, experiment: Experiment) -> Axis:
    """Return an initial axis: a decade to both sides of the experiment's value, within range."""
    if key == "beta":
        return default_axis("x", experiment)
    parameter = variable(key).parameter
    value = variable(key).get(experiment)
    ends, scale = sorted((value / 10, value * 10)), "log"
    if value == 0:
        ends, scale = [-0.1, 0.1], "linear"
    low, high = (min(max(end, parameter.low), parameter.high) for end in ends)
    cells = CELLS.default
    if isinstance(parameter, Integer):
        low, high, scale = max(int(low), parameter.low), max(int(high), int(low) + 1), "linear"
        cells = min(cells, int(high - low) + 1)
    return Axis(key, float(f"{low:.2g}"), float(f"{high:.2g}"), cells, scale)
