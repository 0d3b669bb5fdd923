"""Text alternatives of the properties' plots."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from app import ids
from app.tabs.properties.styles import PANEL_STYLES
from app.text.numbers import exact, number, percent, plural
from simulation.results.property_panels import Panel, Properties

FEWEST = 10  # recorded steps at which a property must have held to be said to hold


def summary_texts(seen: Properties, chosen: int) -> dict[str, str]:
    """Return graph id → text alternative of the plot."""
    name = seen.experiment.contenders[chosen].label
    last = seen.gradient[chosen][np.isfinite(seen.gradient[chosen])]
    out = {
        ids.GRADIENT: f"Gradient norm of {name}, from {number(float(last[0]))} to "
        f"{number(float(last[-1]))} over {exact(seen.steps[-1])} steps; ε is "
        f"{number(seen.epsilon)}."
        if last.size else f"The path of {name} diverged at once."
    }  # fmt: skip
    for key, face in PANEL_STYLES.items():
        panel = seen.panels[key]
        said = panel.reasons[chosen] or verdict(panel, chosen)
        out[face.graph] = f"{face.short}, {face.words}, along the path of {name}: {said}"
    return out


def brief_verdict(panel: Panel, contender: int) -> str:
    """Return "holds here" with its constant, "fails here" and how often, or why neither is said."""
    if panel.reasons[contender]:
        return "not required here"
    failures, looks = exact(panel.failures[contender]), exact(panel.looks[contender])
    if panel.failures[contender]:
        return f"fails here at {failures} of {looks} steps"
    if panel.looks[contender] < FEWEST:
        return f"required at {looks} {plural(int(panel.looks[contender]), 'step')}: too few to tell"
    symbol = CONSTANTS[panel.name]
    constant = number(float(panel.constant[contender]), 2, whole=4)
    return f"holds here, {symbol} = {constant}" if symbol else "holds here"


def verdict(panel: Panel, contender: int) -> str:
    """Return one sentence on a panel's result for a contender, with its numbers."""
    return VERDICTS[panel.name].format(
        failures=exact(panel.failures[contender]),
        looks=exact(panel.looks[contender]),
        share=percent(float(panel.share[contender])),
        constant=number(float(panel.constant[contender])),
    )


CONSTANTS: Mapping[str, str] = MappingProxyType({
    "apag": "", "apcg": "c′", "cnc": "γ", "grace": "c<sub>h</sub>",
})  # fmt: skip
"""Property → the constant for which it holds."""

VERDICTS: Mapping[str, str] = MappingProxyType({
    "apag": "below −½ for {share} of the time in which it is required, at {failures} of {looks} "
    "drawn steps.",
    "apcg": "below 0, which a c′ > 0 allows, for {share} of the time in the saddle region; it "
    "holds at all {looks} drawn steps with c′ = {constant}.",
    "cnc": "holds with γ = {constant} at {looks} drawn steps in the saddle region.",
    "grace": "above 0, which a c_h allows, for {share} of the time; it holds with "
    "c_h = {constant}.",
})  # fmt: skip
"""Property → template of its sentence."""
