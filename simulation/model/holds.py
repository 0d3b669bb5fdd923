"""What all contenders share: the step size, the effective step, or the share of stability.

Source: DESIGN.md section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulation.rules.record import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One choice of what is held fixed.

    name: its key in an address; label: on the page's switch; what: the thing that is shared, and
    phrase: that in a sentence. factor(rule, β): of a rule's η over the step size given, SGD's.
    shares_step: whether all contenders then have one η. excludes(rule): whether it means nothing
    for a rule, and refusal: the sentence about such a rule, {label} its name. Source: DESIGN.md
    section 5.
    """

    name: str
    label: str
    what: str
    phrase: str
    factor: Callable[[Rule, float], float]
    shares_step: bool = False
    excludes: Callable[[Rule], bool] = lambda rule: False
    refusal: str = ""


def _same_effective_step(rule: Rule, beta: float) -> float:
    if rule.weights is None:
        return 1.0  # m is an average already
    nu, kappa = rule.weights(beta)
    factor: float = (1 - beta) / (nu * (1 - beta) + kappa)
    return factor


def _share_of_stability(rule: Rule, beta: float) -> float:
    assert rule.stable is not None  # the Experiment has refused it
    share: float = rule.stable.at(beta) / 2.0  # of SGD's limit, ηλ < 2
    return share


STEP = Hold(
    name="step",
    label="η",
    what="the step size η",
    phrase="at the same step size",
    factor=lambda rule, beta: 1.0,
    shares_step=True,
)
EFFECTIVE = Hold(
    name="effective",
    label="η/(1−β)",
    what="the effective step η/(1−β)",
    phrase="at the same effective step η/(1−β)",
    factor=_same_effective_step,
)
STABILITY = Hold(
    name="stability",
    label="stability",
    what="the same fraction of each one's largest stable step",
    phrase="at the same share of each one’s largest stable step",
    factor=_share_of_stability,
    excludes=lambda rule: rule.stable is None,
    refusal="{label} has no largest stable step; hold the step or the effective step",
)

HOLDS: Mapping[str, Hold] = MappingProxyType({h.name: h for h in (STEP, EFFECTIVE, STABILITY)})
"""Hold name → its record, in the order of the page's switch; the first is the default."""
