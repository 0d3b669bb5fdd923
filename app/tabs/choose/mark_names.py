"""Names of the marks of the Choose β tab, above the plot, and the axis on which they stand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.tabs.choose.text import mark_label
from app.theme import Theme, font
from simulation.results.beta_choice import SGD, BetaChoice

Floats = NDArray[np.float64]

ENDS = (0.86, 13_000.0)  # range of the axis, in 1/(1−β)
PLOT_WIDTH = 390  # px, smallest width of the plots on a wide screen; notes are wrapped to it
NOTE_CHARACTER = 0.53  # mean width of a character of a note, in font sizes
BOLD = 0.56  # the same in bold type
LEFT, RIGHT = 4.4, 2.0  # margins of the plots, in font sizes
BEYOND = {"left": 1.0, "center": 0.5, "right": 0.0}  # part of a name to the right of its anchor


def place(momenta: ArrayLike) -> Floats:
    """Return the axis coordinate of β (…,), 1/(1−β)."""
    out: Floats = 1 / (1 - np.asarray(momenta, dtype=np.float64))
    return out


def mark_names(seen: BetaChoice, theme: Theme) -> list[dict[str, Any]]:
    """Return the marks' names above the plot, on rows descending to the right: no overlaps."""
    marks = [(i, mark) for i, mark in enumerate(seen.marks) if mark.name != SGD]
    marks.sort(key=lambda pair: pair[1].momentum)
    out = []
    for row, (i, mark) in enumerate(marks):
        advised = i == seen.advised
        at, label = float(place(mark.momentum)), mark_label(seen, i)
        side = "right" if at > 1000 else "left" if at < 5 else "center"
        out.append({
            "text": label,
            "showarrow": False, "font": font(theme, "small", "accent" if advised else "muted"),
            "xref": "x", "x": math.log10(at), "xanchor": side,
            "xshift": -overhang(at, side, label, theme),
            "yref": "paper", "y": 1, "yanchor": "bottom",
            "yshift": 1.3 * theme.small * (len(marks) - 1 - row),
        })  # fmt: skip
    return out


def overhang(at: float, side: str, label: str, theme: Theme) -> float:
    """Return by how much a name would leave the narrowest plot on the right, px.

    at: its place on the axis; side: how it is anchored there.
    """
    em = theme.small
    width = (BOLD if label.startswith("<b>") else NOTE_CHARACTER) * em * len(plain(label))
    low, high = (math.log10(end) for end in ENDS)
    axis = PLOT_WIDTH - (LEFT + RIGHT) * em
    end = axis * (math.log10(at) - low) / (high - low) + BEYOND[side] * width
    return max(0.0, end - axis - RIGHT * em)


def plain(label: str) -> str:
    """Return a label without its marks of bold type."""
    return label.removeprefix("<b>").removesuffix("</b>")
