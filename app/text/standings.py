"""The race in numbers: what each contender needs to escape, and how that compares.

The same noise for all; which of η, η/(1−β) or the share of the stable step is the same is said by
the switch beside it. DESIGN.md section 7, Race.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.text.divergence import diverged
from app.text.numbers import count, exact, number, ratio
from simulation.model.holds import HOLDS
from simulation.results.summary import Summary


@dataclass(frozen=True, slots=True)
class Standing:
    """One contender's count: steps to escape, and against the reference, measured and in theory."""

    contender: int
    steps: str
    gain: str
    theory: str
    step: str  # its own η, where that is not the one on the rail


def standings(summary: Summary) -> tuple[Standing, ...]:
    """One Standing a contender. Source: DESIGN.md section 7."""
    broken = diverged(summary)
    out = []
    shared = HOLDS[summary.experiment.hold].shares_step
    own = ["" if shared else f"η = {number(float(step))}" for step in summary.step_sizes]
    for i, escape in enumerate(summary.escape):
        gain, theory = float(summary.speed_up[i]), float(summary.predicted_speed_up[i])
        if i in broken:  # to run off is not to escape
            out.append(Standing(i, "diverges", "", "", own[i]))
            continue
        if math.isfinite(escape.median):
            steps = count(escape.median)
        else:
            steps = f">{exact(summary.experiment.steps)}"
        if i == summary.reference:
            out.append(Standing(i, steps, "1×", "", own[i]))
            continue
        out.append(
            Standing(
                i,
                steps,
                f"{ratio(gain)}×" if math.isfinite(gain) else "",
                f"theory {ratio(theory)}×" if math.isfinite(theory) else "",
                own[i],
            )
        )
    return tuple(out)
