"""When the race is decided: the first contender to escape, and how that is said on the picture."""

from __future__ import annotations

import numpy as np

from app.text.divergence import diverged
from app.text.numbers import count, exact
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain


def race_moment(summary: Summary, surface: Terrain) -> tuple[int, int | None]:
    """The step at which the first contender's drawn path escapes, and which; (T, None) if none.

    With one path this is the measured escape time; with more, the first recorded step at which the
    first path is past the radius. Who diverges is asked only where nobody else escapes.
    """
    seen = len(surface.saddles) and surface.direction.any()
    if summary.experiment.paths == 1 or not seen:
        return first_escape(summary)
    away = np.abs((summary.lines[:, 0] - surface.saddles[0]) @ surface.direction)
    past = away >= summary.radius
    if not past.any():
        return int(summary.steps[-1]), None
    reached = np.where(past.any(axis=1), past.argmax(axis=1), past.shape[1])
    first = _first(summary, np.where(past.any(axis=1), reached, np.inf))
    return int(summary.steps[reached[first]]), first


def cursor_index(summary: Summary, surface: Terrain, at: int | None = None) -> int:
    """The recorded step where the cursor stands: nearest to step `at`.

    Where none is given the first that is not before the race's moment: what is said of that moment
    has happened by then.
    """
    if at is not None:
        return int(np.argmin(np.abs(summary.steps - at)))
    race = race_moment(summary, surface)[0]
    return min(int(np.searchsorted(summary.steps, race)), len(summary.steps) - 1)


def first_escape(summary: Summary) -> tuple[int, int | None]:
    """The smallest median escape time and whose it is; (T, None) where there is none.

    Who diverges is asked only where nobody else escapes.
    """
    medians = np.array([e.median for e in summary.escape], dtype=np.float64)
    known = np.isfinite(medians) & (medians >= 0)
    if not known.any():
        return int(summary.steps[-1]), None
    first = _first(summary, np.where(known, medians, np.inf))
    return int(medians[first]), first


def _first(summary: Summary, at: np.ndarray) -> int:
    """The contender with the smallest of `at` (C,), one that stays if one has escaped."""
    stays = at.copy()
    stays[diverged(summary)] = np.inf
    return int(np.argmin(stays if np.isfinite(stays).any() else at))


def race_words(summary: Summary, first: int | None) -> str:
    """What has happened at the race's moment; "" where nobody has escaped.

    Of one path the headline's own number, which lies before the recorded step; of several that
    the drawn path has escaped by then, beside the median that the headline speaks of.
    """
    if first is None:
        return ""
    escape, name = summary.escape[first], summary.experiment.contenders[first].label
    known = bool(np.isfinite(escape.median))
    if first in diverged(summary):
        passed = f" at {count(escape.median)}" if known else ""
        return f"{name} passed the radius{passed}, then diverged at {exact(escape.first_diverged)}"
    if summary.experiment.paths == 1:
        return f"{name} escaped at {count(escape.median)}"
    median = f"; median {count(escape.median)}" if known else ""
    return f"{name} has escaped on this path{median}"
