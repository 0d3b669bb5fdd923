"""Default parameters and constraints of each landscape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulation.model.classics import CLASSICS

# Defaults of every landscape that is given as a formula.
_FORMULA: Mapping[str, Any] = {
    "eigenvalues_fixed": True,
    "noise": "gaussian",
    "noise_sd": (0.05,),
    "step_size": 0.01,
    "start": None,
    "steps": 3_000,
    "paths": 64,
}

# Landscape name → overrides of the declared defaults. Three keys are constraints, not fields:
# `eigenvalue_count` (fewest, most), `eigenvalue_sign` ("one negative", "positive") and
# `eigenvalues_fixed` (the function determines them; no others are accepted).
LANDSCAPE_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    # The paper's (3), Figure 2(a).
    "toy": {"eigenvalue_sign": "one negative"},
    "quadratic": {
        "noise": "gaussian",
        "noise_sd": (0.1,),
        "step_size": 0.01,
        "steps": 10_000,
        "paths": 64,
    },
    # The paper's (4), Figure 2(b), with a batch size at which no draw of the data diverges.
    "phase-retrieval": {
        "eigenvalues_fixed": True,
        "noise_sd": (0.1,),
        "step_size": 5e-4,
        "samples": 200,
        "batch": 10,
        "start": (0.01, 0.0),
        "steps": 4_000,
        "paths": 16,
    },
    "linear-net": {
        "eigenvalue_sign": "positive",
        "eigenvalue_count": (1, 5),
        "eigenvalues": (1.0,),
        "noise": "gaussian",
        "noise_sd": (0.01,),
        "step_size": 0.01,
        "steps": 3_000,
        "paths": 64,
    },
    "monkey": {
        "eigenvalues": (0.0, 0.0),
        "eigenvalues_fixed": True,
        "noise": "gaussian",
        "noise_sd": (0.05,),
        "step_size": 0.01,
        "steps": 10_000,
        "paths": 64,
    },
    "formula": _FORMULA,
    **{name: {**_FORMULA, **classic.defaults} for name, classic in CLASSICS.items()},
}
