"""The record of a lesson."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.model.experiment import Experiment
from simulation.model.query import parse_query


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson.

    query: its experiment. controls: keys of the visible controls. axes: its time axis, empty for
    linear. text, reveal and teacher are Markdown with placeholders for numbers; formula is LaTeX,
    or empty.
    """

    number: int
    title: str
    query: str
    controls: tuple[str, ...]
    question: str
    formula: str
    text: str
    reveal: str
    teacher: str
    axes: str

    @property
    def experiment(self) -> Experiment:
        """The lesson's experiment."""
        return parse_query(self.query)
