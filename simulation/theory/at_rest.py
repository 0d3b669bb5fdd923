"""A start from which no optimizer ever moves: a zero gradient and no noise."""

from __future__ import annotations

import numpy as np

from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment

AT_REST_REASON = (
    "The start is exactly at a stationary point and no noise acts there: the gradient stays zero, "
    "so no optimizer moves, at any β."
)


def is_at_rest(experiment: Experiment) -> bool:
    """Return whether both the gradient and the noise of a step are exactly zero at the start."""
    landscape = landscape_of(experiment)
    start = landscape.start(experiment)
    if landscape.gradient(experiment, start).any():
        return False
    everywhere = np.eye(len(start))
    return not float(landscape.noise_variance(experiment, start, everywhere)) > 0
