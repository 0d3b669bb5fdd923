"""Kernel inputs of an experiment's optimizers: step sizes, rule families, SIMD coefficients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.records import LANES, Rules
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.rules import RULES

Floats = NDArray[np.float64]


def step_sizes(experiment: Experiment) -> Floats:
    """Return each contender's step size η (C,), scaled by `hold`."""
    factor = HOLDS[experiment.hold].factor
    return np.array([
        experiment.step_size * factor(RULES[c.rule], c.momentum) for c in experiment.contenders
    ])  # fmt: skip


def rule_families(experiment: Experiment) -> list[list[int]]:
    """Return the contenders' indices grouped by rule family, ordered by the families' codes."""
    families: dict[int, list[int]] = {}
    for c, contender in enumerate(experiment.contenders):
        families.setdefault(RULES[contender.rule].family.code, []).append(c)
    return [families[code] for code in sorted(families)]


def simd_coefficients(experiment: Experiment, chosen: list[int], d: int) -> Rules:
    """Return the kernel's coefficients for the contenders of one family; unused lanes are zero."""
    beta, maximal = np.zeros(LANES), np.zeros(LANES)
    eta = np.zeros((3, LANES))
    sizes = step_sizes(experiment)
    period, family = 0, 0
    for lane, c in enumerate(chosen):
        contender = experiment.contenders[c]
        rule = RULES[contender.rule]
        nu, kappa = rule.weights(contender.momentum) if rule.weights else (0.0, 1.0)
        boost = experiment.boost if rule.boosted else sizes[c]
        beta[lane] = contender.momentum
        eta[:, lane] = sizes[c] * nu, sizes[c] * kappa, boost * kappa
        maximal[lane] = rule.maximal
        period = experiment.period if rule.boosted else period
        family = rule.family.code
    wide_beta, wide_maximal = np.tile(beta, d), np.tile(maximal, d)
    return Rules(wide_beta, np.tile(eta, (1, d)), wide_maximal, period, family)
