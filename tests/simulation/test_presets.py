"""Presets show what their descriptions state."""

from __future__ import annotations

import re

import pytest

from simulation.presets import PRESETS
from simulation.theory.guidance import guidance


def test_the_balance_value_named_is_that_of_the_preset() -> None:
    preset = next(p for p in PRESETS if "balance value" in p.description)
    experiment = preset.experiment
    balance = float(guidance(-experiment.step_size * min(experiment.eigenvalues)).balance)
    named = re.search(r"β = ([\d.]+)", preset.description)
    assert named
    assert float(named[1]) == pytest.approx(balance, abs=5e-4)
    assert float(named[1]) in [c.momentum for c in experiment.contenders]
