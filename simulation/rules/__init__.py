"""Update rules in PyTorch's convention: m ← βm + g, w ← w − η(νg + κm). One file per rule.

Source: the paper's Algorithms 1 and 2, torch.optim.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulation.rules.adam import ADAM
from simulation.rules.amsgrad import AMSGRAD
from simulation.rules.boosted import BOOSTED
from simulation.rules.momentum import MOMENTUM
from simulation.rules.nesterov import NESTEROV
from simulation.rules.record import Rule
from simulation.rules.rmsprop import RMSPROP

_REGISTERED = (
    MOMENTUM,
    NESTEROV,
    BOOSTED,
    ADAM,
    AMSGRAD,
    RMSPROP,
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _REGISTERED})
"""Rule name → its record, in menu order."""

__all__ = ["RULES", "Rule"]
