"""Spans of a sentence, which show contenders' names in their colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulation.results.summary import Summary


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a sentence. kind: "text", "name" (of `contender`), "number" or "theory"."""

    text: str
    kind: str = "text"
    contender: int | None = None


def name(summary: Summary, i: int) -> Span:
    """Return a contender's name as a span."""
    return Span(summary.experiment.contenders[i].label, "name", i)


def names(summary: Summary, who: Sequence[int]) -> list[Span]:
    """Return several names joined as a list: "SGD, Momentum 0.5 and Momentum 0.9"."""
    out: list[Span] = []
    for place, i in enumerate(who):
        if place:
            out.append(Span(" and " if place == len(who) - 1 else ", "))
        out.append(name(summary, i))
    return out
