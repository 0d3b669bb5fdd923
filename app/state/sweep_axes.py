"""What the Sweep tab varies where an address names nothing, or what changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.model.experiment import Experiment
from simulation.sweeps.grid import AXIS_KEYS, Axis, default_axis
from simulation.sweeps.variables import variables


def axis_of(key: str, experiment: Experiment, given: Mapping[str, Axis | None]) -> Axis:
    """The axis "x" or "y": the given one, else the usual one that the other axis has not taken.

    An axis that changes nothing in the experiment counts as not given.
    """
    fit = {k: axis for k, axis in given.items() if axis and axis.key in variables(experiment)}
    if key in fit:
        return fit[key]
    (other,) = (k for k in AXIS_KEYS if k != key)
    usual = default_axis(key, experiment)
    taken = other in fit and fit[other].key == usual.key
    return default_axis(other, experiment) if taken else usual
