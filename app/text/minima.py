"""A note on minima inside the escape radius, which a path can reach without escaping."""

from __future__ import annotations

import numpy as np

from app.text.numbers import number
from simulation.diagnostics.escape import escape_distance
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment


def minimum_inside(experiment: Experiment) -> str:
    """Return a sentence if a path that ends at a minimum has not escaped, else ""."""
    landscape = landscape_of(experiment)
    minima = landscape.minima(experiment)
    if not len(minima):
        return ""
    saddle, directions = landscape.saddle(experiment), landscape.escape_directions(experiment)
    radius = landscape.escape_radius(experiment)
    nearest = float(np.min(escape_distance(minima, saddle, directions)))
    if nearest >= radius:
        return ""
    return (
        f"Along v, the nearest minimum is {number(nearest)} from the saddle, inside the escape "
        f"radius {number(radius)}: a path that ends there has not escaped."
    )
