"""Quantity held fixed across optimizers: step size, effective step or share of stability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulation.rules.record import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One option for the quantity held fixed across optimizers.

    name: its key in a URL; label: on the page's switch; what: the quantity as a noun phrase;
    phrase: the same as an adverbial phrase. factor(rule, β): ratio of the rule's η to the given
    step size, which is SGD's. shares_step: whether all optimizers then have the same η.
    excludes(rule): whether the option is undefined for a rule; refusal: the message then, with
    {label} for the rule's name.
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
        return 1.0  # the step is no sum of gradients that grows with β
    nu, kappa = rule.weights(beta)
    factor: float = (1 - beta) / (nu * (1 - beta) + kappa)
    return factor


def _share_of_stability(rule: Rule, beta: float) -> float:
    assert rule.stable is not None  # rejected by Experiment
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
