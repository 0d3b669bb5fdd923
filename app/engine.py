"""The page's one door to the simulation: an experiment in, plain numbers out."""

from __future__ import annotations

from simulation.experiment import Experiment
from simulation.run import simulate
from simulation.summary import Summary, summarise
from simulation.surface import Surface, surface


def ask(experiment: Experiment) -> Summary:
    """Every number the first screen draws; raises ParameterError over the work budget."""
    return summarise(simulate(experiment))


def background(experiment: Experiment) -> Surface:
    """The landscape under the paths: contour values, saddles, minima, region."""
    return surface(experiment)
