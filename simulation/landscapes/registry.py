"""Registry of landscapes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulation.landscapes.base import Landscape, Linearisation, View
from simulation.landscapes.formula import FormulaLandscape
from simulation.landscapes.linear_network import LinearNet
from simulation.landscapes.monkey import Monkey
from simulation.landscapes.phase_retrieval import PhaseRetrieval
from simulation.landscapes.quadratic import Quadratic
from simulation.landscapes.toy import Toy
from simulation.model.classics import CLASSICS
from simulation.model.experiment import Experiment

LANDSCAPES: Mapping[str, Landscape] = MappingProxyType({
    landscape.name: landscape
    for landscape in (
        Toy(), Quadratic(), PhaseRetrieval(), LinearNet(), Monkey(),
        *(FormulaLandscape(name) for name in ("formula", *CLASSICS)),
    )
})  # fmt: skip
"""Landscape name → Landscape."""

__all__ = ["LANDSCAPES", "Landscape", "Linearisation", "View", "landscape_of"]


def landscape_of(experiment: Experiment) -> Landscape:
    """Return the experiment's landscape."""
    return LANDSCAPES[experiment.landscape]
