"""Axes: the time axis, ranges that stay constant during a drag, and the shared layout."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.text.numbers import number, power
from app.theme import SPACE, Theme, font
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment

LEAD = 0.05  # fraction of the time axis beyond T, for the leader from a curve's end to its name
EDGE = 1e-3  # fraction of the axis beyond the names: Plotly hides text at a point out of range
CHARACTER = 0.62  # width of a character, in font sizes
DIGITS = (
    (1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 6, 8), range(1, 10),
    [1 + k / 5 for k in range(45)], [1 + k / 20 for k in range(180)],
)  # fmt: skip
"""First digits of the ticks of a log axis, from coarse to fine."""
LONGEST_BETA = 0.999898  # six digits, the most that a slider has
NUMBERS: Mapping[str, Any] = MappingProxyType(
    {"exponentformat": "power", "minexponent": 5, "separatethousands": True}
)
"""How Plotly writes the numbers of an axis or colour bar: −0.0002, 500,000, 10⁻⁶; never 0.5M."""
X_TITLE = "title of the x axis"  # name of the annotation that is one
TICK_ROOM = 55  # px × ticks of a time axis: 5 ticks in type of 11 px, 3 of 15 px
LONG_TICK = 0.7  # of those, what numbers of six digits and more cost: 4 ticks, 2 on a projector
PANEL_HEIGHT = 185  # px, smallest height of a time plot; names are spaced for it


@dataclass(frozen=True, slots=True)
class Axes:
    """The time axis: x is "linear", "log" or "auto"; `scaled` shows t/(1 − β) in place of t.

    At equal η the scaled curves coincide until β approaches the balance value. start and end: its
    range, in units of the axis; None: from 0 (1 on a log axis) to T. `time_range.fit` decides
    "auto" and the range by the escapes of a run.
    """

    x: str = "linear"
    scaled: bool = False
    start: float | None = None
    end: float | None = None


def times(experiment: Experiment, steps: ArrayLike, axes: Axes) -> NDArray[np.float64]:
    """Return time coordinates (C, K); NaN beyond the axis and, on a log axis, at t = 0."""
    t = clock(experiment, axes)[:, None] * np.asarray(steps, dtype=np.float64)
    seen = t <= time_end(experiment, axes) * (1 + 1e-12)
    return np.where(seen & (t > 0) if axes.x == "log" else seen, t, np.nan)


def clock(experiment: Experiment, axes: Axes) -> NDArray[np.float64]:
    """Return each contender's units of time per step (C,): 1, or 1/(1 − β)."""
    momentum = np.array([c.momentum for c in experiment.contenders])
    return 1 / (1 - momentum) if axes.scaled else np.ones_like(momentum)


def time_end(experiment: Experiment, axes: Axes) -> float:
    """Return the end of the time axis: at most T, or the smallest T/(1 − β)."""
    last = float(experiment.steps * clock(experiment, axes).min())
    return last if axes.end is None else min(axes.end, last)


def time_start(end: float, axes: Axes) -> float:
    """Return the start of the time axis: 0, or on a log axis 1 (less if it ends before 10)."""
    return min(axes.start or 1.0, end / 10) if axes.x == "log" else 0.0


def beyond(end: float, axes: Axes) -> float:
    """Return the end of the leader from a curve that stops at `end` to its name."""
    start = time_start(end, axes)
    return end * (end / start) ** LEAD if axes.x == "log" else end * (1 + LEAD)


def time_axis(experiment: Experiment, axes: Axes, theme: Theme) -> dict[str, Any]:
    """Return the time axis; its range is that of `axes`, or all of the run."""
    end = time_end(experiment, axes)
    named = axis(theme) | {
        "unifiedhovertitle": {"text": f"{time_words(axes)} %{{x:,.0f}}"},
        "hoverformat": ",.0f",
    }
    if axes.x == "log":
        return named | decades(time_start(end, axes), beyond(end, axes) * (1 + EDGE))
    return named | {
        "range": [0, beyond(end, axes) * (1 + EDGE)],
        "tickformat": ",",
        "tickangle": 0,
        "nticks": int(TICK_ROOM / theme.small - (LONG_TICK if end >= 1e5 else 0.0)),
    }


def decades(low: float, high: float, most: int = 5) -> dict[str, Any]:
    """Return a log axis over [low, high] with about `most` ticks.

    They are at whole decades (10⁻³), or if it has fewer than two, at round numbers (200, 500).
    """
    ends = {"type": "log", "range": [math.log10(low), math.log10(high)]}
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / most))
    ticks = [e for e in range(first, last + 1) if e % stride == 0]
    if len(ticks) < 2:
        return ends | round_ticks(low, high, most)
    return ends | {"tickvals": [10.0**e for e in ticks], "ticktext": [power(e) for e in ticks]}


def round_ticks(low: float, high: float, most: int) -> dict[str, Any]:
    """Return at most about `most` round numbers in [low, high], evenly spread on a log axis."""
    decade = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    room = math.log10(high / low) / most
    best: list[float] = []
    for digits in DIGITS:
        ticks = [d * 10.0**e for e in decade for d in digits if low <= d * 10.0**e <= high]
        if np.diff(np.log10(ticks)).min(initial=np.inf) >= room:
            best = ticks
    return {"tickvals": best, "ticktext": [number(tick, 4, whole=7) for tick in best]}


def nice_range(low: float, high: float) -> tuple[float, float]:
    """Return [low, high] widened to multiples of about a quarter of its order of magnitude.

    The steps are coarse so that a small change of the data leaves the range unchanged.
    """
    span = max(high - low, 1e-6 * max(abs(low), abs(high))) or 1.0
    step = 10.0 ** math.floor(math.log10(span)) / 4
    return math.floor(low / step - 0.1) * step, math.ceil(high / step + 0.1) * step


def axis(theme: Theme, grid: bool = True) -> dict[str, Any]:
    """Return the properties shared by all axes."""
    lines = {"gridcolor": theme.grid, "gridwidth": 1} if grid else {"showgrid": False}
    return lines | {
        "zeroline": False,
        "showline": False,
        "ticks": "",
        **NUMBERS,
        "tickfont": font(theme),
        "ticklabelstandoff": 2,
    }


def panel(
    title: str,
    experiment: Experiment,
    y: dict[str, Any],
    theme: Theme,
    axes: Axes,
    note: str = "",
) -> dict[str, Any]:
    """Return the layout of a time plot; its title names the y axis, and may carry a note."""
    em = theme.small
    right = max(6.4 * em, CHARACTER * em * longest_name(experiment) + SPACE)
    return {
        "font": font(theme),
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": theme.paper,
        "margin": {"l": 4.2 * em, "r": right, "t": 2.4 * em, "b": 2.2 * em, "pad": 0},
        "title": {
            "text": titled(title, note, theme),
            "font": font(theme, "base", "ink"),
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": -3.6 * em, "t": SPACE / 2},
        },
        "xaxis": time_axis(experiment, axes, theme),
        "yaxis": y,
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": theme.paper,
            "bordercolor": theme.border,
            "font": font(theme, "small", "ink"),
        },
        "dragmode": "zoom",
        "uirevision": f"{axes.x} {axes.scaled} {experiment.steps}",
        "annotations": [time_name(axes, theme)],
    }


def titled(title: str, note: str, theme: Theme) -> str:
    """Return a title with a note after it, in small muted type."""
    style = f"font-size:{theme.small}px;color:{theme.muted}"
    return f'{title} <span style="{style}">{note}</span>' if note else title


def longest_name(experiment: Experiment) -> int:
    """Return the number of characters to reserve for names; constant while a β is dragged."""
    return max(len(Contender(c.rule, LONGEST_BETA).label) for c in experiment.contenders)


def time_words(axes: Axes) -> str:
    """Return the text before the time in the hover label."""
    return "t / (1−β) =" if axes.scaled else "step"


def time_label(axes: Axes) -> str:
    """Return the title of the time axis, which says whether it is logarithmic."""
    if axes.scaled:
        return "<i>t</i> / (1−β)"
    return "step <i>t</i>, log" if axes.x == "log" else "step <i>t</i>"


def time_name(axes: Axes, theme: Theme) -> dict[str, Any]:
    """Return the title of the time axis as an annotation at its end."""
    return {
        "name": X_TITLE,
        "text": time_label(axes),
        "showarrow": False,
        "font": font(theme),
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        "xshift": 6.2 * theme.small,
        "yref": "paper",
        "y": 0,
        "yanchor": "top",
        "yshift": -1,
    }
