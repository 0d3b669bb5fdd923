"""Presets: named experiments, the paper's toy first."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Preset:
    """An experiment with a name and one line on what it shows."""

    title: str
    description: str
    experiment: Experiment


PRESETS: tuple[Preset, ...] = (
    Preset(
        "The paper's toy saddle",
        "Five values of β from the same start: the larger β, the sooner the escape (Figure 2a).",
        Experiment(),
    ),
    Preset(
        "A quadratic saddle",
        "64 paths with Gaussian noise, where the exact law holds to the last digit.",
        Experiment(landscape="quadratic"),
    ),
)
"""In the order of the menu."""
