"""Gradient noise, common to all optimizers of a path. One file per noise.

Source: the paper's (3), whose loss is a mean over n fixed samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulation.noise.gaussian import GAUSSIAN
from simulation.noise.none import NONE
from simulation.noise.record import Noise
from simulation.noise.samples import SAMPLES

_REGISTERED = (
    GAUSSIAN,
    SAMPLES,
    NONE,
)

NOISES: Mapping[str, Noise] = MappingProxyType({noise.name: noise for noise in _REGISTERED})
"""Noise name → its record, in menu order."""

__all__ = ["NOISES", "Noise"]
