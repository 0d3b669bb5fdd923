"""What each landscape wants where nothing is said: names, defaults and needs. Knows nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Landscape name → overrides of the declared defaults. Two keys are needs, not fields:
# `eigenvalue_count` (fewest, most) and `eigenvalue_sign` ("one negative", "positive").
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
}
