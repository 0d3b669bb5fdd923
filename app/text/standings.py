"""The standings: each contender's steps to escape, its speed-up over the reference and its price.

All contenders have the same noise; the switch beside the standings sets what is equal otherwise: η,
η/(1−β), or the fraction of the largest stable step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.text.divergence import diverged
from app.text.numbers import exact, number, ratio
from app.text.price import tile
from simulation.model.holds import HOLDS
from simulation.results.settled_price import price_of
from simulation.results.summary import Summary
from simulation.theory.at_rest import AT_REST_REASON


@dataclass(frozen=True, slots=True)
class Standing:
    """A contender's steps to escape, its speed-up over the reference and its price.

    theory: the speed-up by the law; price: its settled variance over the reference's, in words, or
    why there is none; meaning: what that is, in a sentence.
    """

    contender: int
    steps: str
    gain: str
    theory: str
    step: str  # its η, if it differs from that of the control rail
    price: str = ""
    meaning: str = ""


def standings(summary: Summary) -> tuple[Standing, ...]:
    """Return one Standing per contender."""
    broken = diverged(summary)
    out = []
    shared = HOLDS[summary.experiment.hold].shares_step
    own = ["" if shared else f"η = {number(float(step))}" for step in summary.step_sizes]
    for i, escape in enumerate(summary.escape):
        gain, theory = float(summary.speed_up[i]), float(summary.predicted_speed_up[i])
        if i in broken:  # divergence is no escape
            out.append(Standing(i, "diverges", "", "", own[i]))
            continue
        if summary.law_reason == AT_REST_REASON and not math.isfinite(escape.median):
            out.append(Standing(i, "never", "", "", own[i]))
            continue
        paid = tile(summary, price_of(summary, i, summary.reference), i, summary.reference)
        if math.isfinite(escape.median):
            steps = exact(escape.median)
        else:
            steps = f">{exact(summary.experiment.steps)}"
        if i == summary.reference:
            out.append(Standing(i, steps, "1×", "", own[i], *paid))
            continue
        out.append(
            Standing(
                i,
                steps,
                f"{ratio(gain)}×" if math.isfinite(gain) else "",
                f"law {ratio(theory)}×" if math.isfinite(theory) else "",
                own[i],
                *paid,
            )
        )
    return tuple(out)
