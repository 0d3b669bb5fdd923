"""Controls that have no effect for the current landscape or noise, and the reasons.

The rail shows the reason in place of the control.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app import ids
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import PARAMETERS, PER_DIRECTION, Experiment
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.noise import NOISES

_OWN = "Set by the landscape."
_STILL = "This landscape cannot be rotated."
_SILENT = "There is no noise."
_SPREAD = "Set by the samples."
_WHOLE = "No batch is drawn."
_FIRST = "Only the first number has an effect here."


def _field(name: str, why: str, silent: str = "") -> Callable[[Experiment], str]:
    """Return a function giving `why` if a parameter is unused, `silent` if for lack of noise."""

    def reason(experiment: Experiment) -> str:
        if landscape_of(experiment).uses(experiment, name):
            return ""
        return silent if silent and not NOISES[experiment.noise].random else why

    return reason


def _escape_eigenvalue(experiment: Experiment) -> str:
    """Return the reason why the slider, below zero, sets nothing: all eigenvalues are positive."""
    if LANDSCAPE_DEFAULTS[experiment.landscape].get("eigenvalue_sign") != "positive":
        return _EIGENVALUES(experiment)
    return "All are above zero: listed below." if _many(experiment) else "One direction only: λ₊."


def _escape_noise(experiment: Experiment) -> str:
    alone = "" if _many(experiment) else "One direction only: σ₊."
    return _NOISE(experiment) or alone


def _start_part(experiment: Experiment) -> str:
    return _FIRST if landscape_of(experiment).start_parts < 2 else ""


def _many(experiment: Experiment) -> bool:
    return len(experiment.eigenvalues) > 1


_EIGENVALUES = _field("eigenvalues", _OWN)
_NOISE = _field("noise_sd", _SPREAD, _SILENT)

INACTIVE_REASONS: Mapping[str, Callable[[Experiment], str]] = MappingProxyType({
    "eig-stable": _EIGENVALUES,
    "eig-escape": _escape_eigenvalue,
    "rot": _field("rotation", _STILL),
    "sd-stable": _NOISE,
    "sd-escape": _escape_noise,
    "c-escape": _field("tilt", _OWN),
    "w0-y": _start_part,
    "n": _field("samples", _WHOLE),
    "batch": _field("batch", _WHOLE),
    PARAMETERS["eigenvalues"].key: _EIGENVALUES,
    PARAMETERS["noise_sd"].key: _NOISE,
    PARAMETERS["tilt"].key: _field("tilt", _OWN),
})  # fmt: skip
"""Control key → function returning why the control has no effect; "" if it has one."""

_LISTED = tuple(PARAMETERS[name].key for name in ("eigenvalues", *PER_DIRECTION))
# Fields that share a row, and the row that shows the reason.
_PARTS = {"w0-y": ids.row("w0"), "n": ids.SAMPLING, "batch": ids.SAMPLING}


def inactive_props(experiment: Experiment) -> dict[str, dict[str, Any]]:
    """Return component id → props: reasons in place of controls; fields in shared rows disabled."""
    out: dict[str, dict[str, Any]] = {}
    for key, reason in INACTIVE_REASONS.items():
        why = reason(experiment)
        if key in _PARTS:
            out[ids.field(key)] = {"disabled": bool(why)}
            out[_PARTS[key]] = {"title": why}
            continue
        usual = "control list" if key in _LISTED else "control"
        out[ids.row(key)] = {"className": f"{usual} unused" if why else usual}
        out[ids.why(key)] = {"children": why}
    return out
