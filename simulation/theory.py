"""The theory of the escape, in one place: what is exact for a quadratic saddle.

growth.py: one step, roots, growth, stability, speed-up, Lemma 4; moments.py: mean and covariance
at any t, stationary variance; escape_law.py: the law of the escape time. Source: DESIGN.md
section 5; docs/theory.md has the formulas.
"""

from simulation.escape_law import (
    EscapeLaw,
    GrowingMode,
    distance_quantiles,
    escape_law,
    exact_cdf,
    exact_quantile,
    exit_probability,
    folded_quantile,
    folded_tail,
    growing_mode,
)
from simulation.growth import (
    LINEAR_RULES,
    Lemma4,
    growth,
    growth_rate,
    largest_stable_step,
    lemma4,
    rings,
    roots,
    speed_up,
    transition,
)
from simulation.moments import Moments, moments, stationary_variance

__all__ = [
    "LINEAR_RULES",
    "EscapeLaw",
    "GrowingMode",
    "Lemma4",
    "Moments",
    "distance_quantiles",
    "escape_law",
    "exact_cdf",
    "exact_quantile",
    "exit_probability",
    "folded_quantile",
    "folded_tail",
    "growing_mode",
    "growth",
    "growth_rate",
    "largest_stable_step",
    "lemma4",
    "moments",
    "rings",
    "roots",
    "speed_up",
    "stationary_variance",
    "transition",
]
