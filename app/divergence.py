"""Who diverges, when, and why: the limit at the saddle that it breaks, or the ground beyond it.

DESIGN.md section 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.figures.text import exact, number
from app.parts import Part, name, names
from simulation.landscapes import landscape_of
from simulation.summary import Summary

# Rule → its stability limit on ηλ in words.
LIMITS: Mapping[str, str] = MappingProxyType(
    {"momentum": "2(1+β)", "boosted": "2(1+β)", "nesterov": "2(1+β)/(1+2β)"}
)

# What is said of one contender, and of several.
BREAKS = "breaks its limit at the saddle", "break their limits at the saddle"
LEAVES = "is thrown out by the ground beyond it", "are thrown out by the ground beyond it"
KEEPS = (
    f"keeps its limit at the saddle but {LEAVES[0]}",
    (f"keep their limits at the saddle but {LEAVES[1]}"),
)


def divergence(summary: Summary, broken: Sequence[int]) -> list[Part]:
    """The sentence on the contenders `broken`; each has its own limit, and so its own reason."""
    first = min(broken, key=lambda j: summary.escape[j].first_diverged)
    unstable = [i for i in broken if breaks_its_limit(summary, i)]
    thrown = [i for i in broken if i not in unstable]
    same, rest = (unstable, thrown) if first in unstable else (thrown, unstable)
    also = [i for i in same if i != first]
    at = exact(summary.escape[first].first_diverged)
    parts = [name(summary, first), Part(" diverges at step "), Part(at, "number"),
             Part(f": {_why(summary, first)}")]  # fmt: skip
    if also:
        parts += [Part(f"; so {'does' if len(also) == 1 else 'do'} "), *names(summary, also)]
    if rest:
        why = BREAKS if rest is unstable else _thrown(summary, rest)
        parts += [Part("; "), *names(summary, rest), Part(f" {why[len(rest) > 1]}")]
    return [*parts, Part(".")]


def breaks_its_limit(summary: Summary, i: int) -> bool:
    """Whether the linear model at the saddle is already unstable under the contender's step."""
    limited = summary.experiment.contenders[i].rule in LIMITS
    return limited and bool(summary.step_sizes[i] >= summary.largest_stable_step[i])


def _why(summary: Summary, i: int) -> str:
    if not breaks_its_limit(summary, i):
        step = number(float(summary.step_sizes[i]))
        return f"the step η = {step} is too large away from the saddle"
    model = landscape_of(summary.experiment).linearisation(summary.experiment)
    steepest = float(model.eigenvalues.max())
    reached = number(float(summary.step_sizes[i]) * steepest)
    limit = number(float(summary.largest_stable_step[i]) * steepest)
    words = LIMITS[summary.experiment.contenders[i].rule]
    return f"ηλ = {reached} breaks the limit ηλ < {words} = {limit}"


def _thrown(summary: Summary, who: Sequence[int]) -> tuple[str, str]:
    limited = all(summary.experiment.contenders[i].rule in LIMITS for i in who)
    return KEEPS if limited else LEAVES
