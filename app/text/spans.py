"""Pieces of a sentence that names contenders in their colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulation.results.summary import Summary


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the sentence. kind: "text", "name" (of `contender`), "number", "theory"."""

    text: str
    kind: str = "text"
    contender: int | None = None


def name(summary: Summary, i: int) -> Span:
    """A contender's name, to be set in its colour."""
    return Span(summary.experiment.contenders[i].label, "name", i)


def names(summary: Summary, who: Sequence[int]) -> list[Span]:
    """Several names: "SGD, β = 0.5 and β = 0.9"."""
    out: list[Span] = []
    for place, i in enumerate(who):
        if place:
            out.append(Span(" and " if place == len(who) - 1 else ", "))
        out.append(name(summary, i))
    return out
