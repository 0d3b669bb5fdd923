"""Default axes of the Sweep tab, for an axis that is missing or has no effect."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.model.experiment import Experiment
from simulation.sweeps.grid import AXIS_KEYS, Axis, default_axis
from simulation.sweeps.variables import variables


def axis_of(key: str, experiment: Experiment, given: Mapping[str, Axis | None]) -> Axis:
    """Return the axis "x" or "y": the given one, else the default not used by the other axis.

    An axis that has no effect on the experiment is ignored.
    """
    fit = {k: axis for k, axis in given.items() if axis and axis.key in variables(experiment)}
    if key in fit:
        return fit[key]
    (other,) = (k for k in AXIS_KEYS if k != key)
    usual = default_axis(key, experiment)
    taken = other in fit and fit[other].key == usual.key
    return default_axis(other, experiment) if taken else usual
