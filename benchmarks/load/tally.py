"""What a class's drags say: pure numbers, times in s."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.common.measure import quantiles
from benchmarks.load.client import Answer


@dataclass(frozen=True, slots=True)
class Drag:
    """One drag: its student, when it began and was released, and the answers to its values.

    moved: when the hand was at the value of each answer. settled: when all of the last value's
    picture was there; None where the release is lost, because its answer failed or shows another
    value.
    """

    student: int
    began: float
    released: float
    answers: Sequence[Answer]
    moved: Sequence[float]
    settled: float | None

    @property
    def pictures(self) -> float:
        """Pictures a second: good answers that came before the release."""
        shown = sum(one.good and one.ended <= self.released for one in self.answers)
        return shown / (self.released - self.began)


@dataclass(frozen=True, slots=True)
class Tally:
    """Quantiles are p50 and p95."""

    drags: int
    answer: tuple[float, ...]  # asked for while dragging → there
    age: tuple[float, ...]  # the hand at the value → its answer there
    pictures: float  # a second of a drag, the median of drags
    slowest: float  # the same, the mean of the student who has the fewest
    blind: int  # drags without a picture before the release
    release: tuple[float, ...]  # released → all of the last value's picture there
    lost: int
    capacity: float  # good answers a second, releases among them


def tally(drags: Sequence[Drag], began: float, ended: float) -> Tally:
    """What happened between two times; raises StatisticsError without a drag."""
    times = [one.took for drag in drags for one in drag.answers if one.began < drag.released]
    ages = [
        one.ended - moved
        for drag in drags
        for one, moved in zip(drag.answers, drag.moved, strict=True)
        if one.good
    ]
    by_student: dict[int, list[float]] = defaultdict(list)
    for drag in drags:
        by_student[drag.student].append(drag.pictures)
    ends = [one.ended for drag in drags for one in drag.answers if one.good]
    ends += [drag.settled for drag in drags if drag.settled is not None]
    return Tally(
        drags=len(drags),
        answer=quantiles(times, 0.5, 0.95),
        age=quantiles(ages, 0.5, 0.95),
        pictures=statistics.median(drag.pictures for drag in drags),
        slowest=min(statistics.mean(its) for its in by_student.values()),
        blind=sum(drag.pictures == 0 for drag in drags),
        release=quantiles(
            [drag.settled - drag.released for drag in drags if drag.settled is not None], 0.5, 0.95
        ),
        lost=sum(drag.settled is None for drag in drags),
        capacity=sum(began <= end <= ended for end in ends) / (ended - began),
    )


def middle(turns: Sequence[Tally]) -> Tally:
    """The median of each number over several classes."""
    fields = {
        name: tuple(map(statistics.median, zip(*values, strict=True)))
        if isinstance(values[0], tuple)
        else statistics.median(values)
        for name in Tally.__slots__
        if (values := [getattr(turn, name) for turn in turns])
    }
    return Tally(**fields)
