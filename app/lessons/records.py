"""The record of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app import ids
from simulation.model.experiment import Experiment
from simulation.model.query import parse_query

PANES: Mapping[str, str] = MappingProxyType({
    "map": ids.LANDSCAPE, "distance": ids.DISTANCE, "correlation": ids.CORRELATION,
    "value": ids.VALUE,
})  # fmt: skip
"""Name of a plot in a lesson's head → its graph id."""
USUAL_PANES = ("map", "distance")


def hidden_graphs(panes: tuple[str, ...] = USUAL_PANES) -> tuple[str, ...]:
    """Return the ids of the graphs of Explore that are not among the panes; keys of PANES."""
    return tuple(graph for name, graph in PANES.items() if name not in panes)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson.

    query: its experiment. controls: keys of the visible controls. axes: its time axis, empty for
    linear. panes: keys of PANES, the plots that it shows; the distance, on which the prediction is
    placed, is one of them. text, reveal and teacher are Markdown with placeholders for numbers;
    formula is LaTeX, or empty.
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
    panes: tuple[str, ...] = USUAL_PANES

    @property
    def experiment(self) -> Experiment:
        """The lesson's experiment."""
        return parse_query(self.query)

    @property
    def hidden_graphs(self) -> tuple[str, ...]:
        """The ids of the graphs that the lesson does not show."""
        return hidden_graphs(self.panes)
