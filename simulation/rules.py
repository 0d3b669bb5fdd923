"""The update rules, in PyTorch's convention: m ← βm + g, w ← w − η(νg + κm).

Source: the paper's Algorithms 1 and 2, torch.optim; DESIGN.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from simulation.contenders import RULES
from simulation.experiment import Experiment
from simulation.kernels.records import LANES, Rules
from simulation.parameters import ParameterError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """One update rule: its equation, its weights ν and κ, and its limit of stability.

    `stability(β)` is the largest stable ηλ in a direction of curvature λ > 0 (DESIGN.md section
    5), None where there is no such number.
    """

    name: str
    title: str
    latex: str
    weights: Callable[[float], tuple[float, float]]
    stability: Callable[[float], float] | None
    adaptive: bool = False
    boosted: bool = False
    maximal: bool = False


_HEAVY_BALL = r"m_t = \beta m_{t-1} + g_t,\quad w_{t+1} = w_t - \eta\, m_t"
_MEMBERS = (
    Rule("momentum", RULES["momentum"][0], _HEAVY_BALL,
         lambda beta: (0.0, 1.0), lambda beta: 2 * (1 + beta)),
    Rule("nesterov", RULES["nesterov"][0],
         r"m_t = \beta m_{t-1} + g_t,\quad w_{t+1} = w_t - \eta\,(g_t + \beta m_t)",
         lambda beta: (1.0, beta), lambda beta: 2 * (1 + beta) / (1 + 2 * beta)),
    Rule("boosted", RULES["boosted"][0],
         _HEAVY_BALL + r",\quad \eta \to r \text{ when } t \bmod T_\mathrm{thred} = 0",
         lambda beta: (0.0, 1.0), lambda beta: 2 * (1 + beta), boosted=True),
    *(Rule(name, RULES[name][0],
           r"\hat m_t = \tfrac{m_t}{1-\beta_1^{t+1}},\quad "
           r"w_{t+1} = w_t - \eta\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)",
           lambda beta: (0.0, 1.0), None, adaptive=True, maximal=name == "amsgrad")
      for name in ("adam", "amsgrad")),
)  # fmt: skip

UPDATE_RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _MEMBERS})
"""Rule name → Rule."""


def _same_step(rule: Rule, beta: float) -> float:
    return 1.0


def _same_effective_step(rule: Rule, beta: float) -> float:
    return 1.0 if rule.adaptive else 1.0 - beta  # Adam's m is an average already


def _same_share_of_stability(rule: Rule, beta: float) -> float:
    if rule.stability is None:  # the Experiment refuses it first, with a sentence
        raise ParameterError("hold", "stability", f"not for {rule.title}", "step")
    return rule.stability(beta) / 2.0  # of SGD's limit, ηλ < 2


HOLD: Mapping[str, Callable[[Rule, float], float]] = MappingProxyType({
    "step": _same_step,
    "effective": _same_effective_step,
    "stability": _same_share_of_stability,
})  # fmt: skip
"""What is held fixed → the factor on η for a rule at β; the step size given is SGD's."""


def step_sizes(experiment: Experiment) -> Floats:
    """Each contender's step size η (C,), after `hold`.

    Source: DESIGN.md section 5.
    """
    factor = HOLD[experiment.hold]
    return np.array([
        experiment.step_size * factor(UPDATE_RULES[c.rule], c.momentum)
        for c in experiment.contenders
    ])  # fmt: skip


def groups(experiment: Experiment) -> list[list[int]]:
    """The contenders' numbers by kind of update, momentum first; empty kinds left out."""
    kinds: tuple[list[int], list[int]] = ([], [])
    for c, contender in enumerate(experiment.contenders):
        kinds[UPDATE_RULES[contender.rule].adaptive].append(c)
    return [kind for kind in kinds if kind]


def lanes(experiment: Experiment, chosen: list[int], d: int) -> Rules:
    """The kernel's coefficients for the contenders of one group; unused lanes rest."""
    beta, maximal = np.zeros(LANES), np.zeros(LANES)
    eta = np.zeros((3, LANES))
    sizes = step_sizes(experiment)
    period, adaptive = 0, False
    for lane, c in enumerate(chosen):
        contender = experiment.contenders[c]
        rule = UPDATE_RULES[contender.rule]
        nu, kappa = rule.weights(contender.momentum)
        boost = experiment.boost if rule.boosted else sizes[c]
        beta[lane] = contender.momentum
        eta[:, lane] = sizes[c] * nu, sizes[c] * kappa, boost * kappa
        maximal[lane] = rule.maximal
        period = experiment.period if rule.boosted else period
        adaptive = rule.adaptive
    wide_beta, wide_maximal = np.tile(beta, d), np.tile(maximal, d)
    return Rules(wide_beta, np.tile(eta, (1, d)), wide_maximal, period, adaptive)
