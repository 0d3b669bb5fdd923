"""Sentences on the stationary points of a formula."""

from __future__ import annotations

import numpy as np

from app.text.numbers import number
from simulation.landscapes.formula import FormulaLandscape
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment, declared_formula
from simulation.model.numbers import format_number

LISTED = 12
"""Most points in the list: those nearest to the saddle."""


def _place(experiment: Experiment) -> FormulaLandscape:
    place = landscape_of(experiment)
    assert isinstance(place, FormulaLandscape)
    return place


def points_sentence(experiment: Experiment) -> str:
    """Return how many stationary points there are, and whether these are all."""
    place = _place(experiment)
    found = place.points(experiment)
    points = "stationary point" if found.total == 1 else "stationary points"
    if not place.has_saddle(experiment):
        return "No saddle was found: there is nothing to escape from."
    if "continuum" in found.kinds:
        return "Some of the minima are points of a whole curve of minima."
    if found.complete or (found.decided and found.unresolved == found.known):
        every = "The only" if found.total == 1 else f"All {found.total}"
        but = "" if found.complete else ", but for what is next to a degenerate one"
        where = _ranges(experiment, found.box)
        return f"{every} {points} with {where}, checked by interval arithmetic{but}."
    return f"{found.total} {points} found; there may be more."


def _ranges(experiment: Experiment, box: np.ndarray) -> str:
    """Return the box (2, d) in words: `x from −1 to 1 and y from −2 to 2`."""
    names = declared_formula(experiment).weights
    if len(names) > 2:
        names, box = ("weights",), np.array([box[0].min(keepdims=True), box[1].max(keepdims=True)])
    sides = zip(names, box[0], box[1], strict=True)
    return " and ".join(
        f"{name} from {number(float(low))} to {number(float(high))}" for name, low, high in sides
    )


def _named(kind: str, falls: bool) -> str:
    """Return a point's kind as the list names it."""
    if kind in ("degenerate", "kink"):
        return f"{kind} {'saddle' if falls else 'minimum'}"
    return "minimum on a curve" if kind == "continuum" else kind


def _clean(value: float, values: np.ndarray) -> float:
    """Return a value, or 0 if it is rounding error beside the others."""
    largest = np.abs(values[np.isfinite(values)]).max(initial=0.0)
    return 0.0 if abs(value) < 1e-9 * (1 + largest) else value


def point_texts(experiment: Experiment) -> list[tuple[str, str, bool]]:
    """Return (description, `at` text or "", whether the race starts from it) of LISTED points."""
    place = _place(experiment)
    found, chosen = place.points(experiment), place.untilted_saddle(experiment)
    away = np.linalg.norm(found.places - chosen, axis=1)
    out = []
    for i in np.lexsort((found.values, away.round(9)))[:LISTED]:
        here_at = found.places[i]
        where = ", ".join(number(_clean(float(v), here_at)) for v in here_at[:4])
        more = ", …" if len(found.places[i]) > 4 else ""
        bends = found.eigenvalues[i]
        bend = ", ".join(number(_clean(float(v), bends)) for v in bends[:3])
        bend += ", …" if len(bends) > 3 else ""
        value = number(_clean(float(found.values[i]), found.values))
        at = ",".join(format_number(float(f"{v:.6g}")) for v in found.places[i])
        raced = bool(found.falls[i])
        text = f"{_named(found.kinds[i], raced)} ({where}{more}): f = {value}, λ = {bend}"
        out.append((text, at if raced else "", bool(away[i] < 1e-9)))
    return out
