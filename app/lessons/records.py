"""The record of a lesson."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.model.experiment import Experiment
from simulation.model.query import parse_query


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step. `query` is the experiment it opens on; `controls` the keys of the controls shown;
    `axes` how time runs when it opens, empty for linear.

    text, reveal and teacher are Markdown with places for numbers; formula is LaTeX, or empty.
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
        """The experiment it opens on."""
        return parse_query(self.query)
