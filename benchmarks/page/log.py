"""A drag as pure numbers: the values that it goes over, and what the log of one says.

Times are ms of the browser's clock. A value is a position of β's slider, −log₁₀(1 − β).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIRST, LAST, STEP = 0.5, 4.0, 0.01  # β = 0.68, the end of the slider, and its step
DIGITS = 6  # to which values are told apart


def schedule(events: int) -> list[float]:
    """The values of a drag, none of them twice: up by two steps at a time, back over those between.

    A value that repeats would be answered from the cache. 180 events go up to 2.28, then from 2.29
    (β = 0.995) back to 0.51. Raises ValueError where the slider has not as many values.
    """
    if events > (most := round((LAST - FIRST) / STEP) + 1):
        raise ValueError(f"a drag has at most {most} values, not {events}")
    ups = [2 * n for n in range((events + 1) // 2)]
    downs = [2 * n + 1 for n in reversed(range(events // 2))]
    return [round(FIRST + STEP * n, DIGITS) for n in ups + downs]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One plot drawn: the value that it shows, the frame that shows it, when that was painted."""

    plot: str
    value: float | None  # None: a change that no answer to a pushed value made
    frame: float
    painted: float


@dataclass(frozen=True, slots=True)
class DragLog:
    """What happened in a drag, each list in the order of time."""

    began: float
    ended: float
    moved: tuple[tuple[float, float], ...]  # when the hand was at a value
    pushed: tuple[tuple[float, float], ...]  # when the slider had it
    drawn: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A value that all plots show: when that was painted, and ms since push and since the hand."""

    value: float
    painted: float
    age: float
    age_of_hand: float


def read(raw: Mapping[str, Any]) -> DragLog:
    """The log that drag.js returns."""
    moved, pushed = (tuple((t, round(v, DIGITS)) for t, v in raw[k]) for k in ("moved", "pushed"))
    drawn = tuple(
        Drawing(
            one["plot"],
            None if one["value"] is None else round(one["value"], DIGITS),
            one["frame"],
            one["painted"],
        )
        for one in raw["drawn"]
    )
    return DragLog(raw["began"], raw["ended"], moved, pushed, drawn)


def first_times(events: Iterable[tuple[float, float]]) -> dict[float, float]:
    """Value → when it first came, in the order of coming."""
    times: dict[float, float] = {}
    for when, value in events:
        times.setdefault(value, when)
    return times


def pictures(log: DragLog, plots: Sequence[str]) -> list[Picture]:
    """The pictures painted before the release, at most one a frame.

    A picture is there once every plot shows its value or a newer one; a frame counts once, with the
    newest of its pictures, and one that shows nothing newer does not count.
    """
    pushed, moved = first_times(log.pushed), first_times(log.moved)
    values = list(pushed)
    order = {value: n for n, value in enumerate(values)}
    shown = dict.fromkeys(plots, -1)
    newest = -1
    found: dict[float, Picture] = {}
    for one in log.drawn:
        if one.value not in order or one.painted > log.ended:
            continue
        shown[one.plot] = max(shown[one.plot], order[one.value])
        complete = min(shown.values())
        if complete <= newest:
            continue
        newest = complete
        value = values[newest]
        age, age_of_hand = (one.painted - times[value] for times in (pushed, moved))
        found[one.frame] = Picture(value, one.painted, age, age_of_hand)
    return list(found.values())


def rate(log: DragLog, plots: Sequence[str]) -> float:
    """Pictures a second of a drag."""
    return 1000 * len(pictures(log, plots)) / (log.ended - log.began)
