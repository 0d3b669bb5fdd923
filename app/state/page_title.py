"""Title and description of the page for a state: of the window, and of the preview of a link."""

from __future__ import annotations

from app.state.page_state import State
from simulation.landscapes.registry import LANDSCAPES
from simulation.presets import PRESETS, Preset

NAME = "Saddlescape"
SUBJECT = "how momentum escapes saddle points"
DESCRIPTION = (
    "How much faster stochastic momentum leaves a saddle point than SGD, what that costs in noise, "
    "and which β to use: optimizers race from the same start on the same noise, with the exact law "
    "beside the measurement."
)
"""What the page is, for those who find it or are sent a link to it."""


def page_title(state: State, tab: str = "") -> str:
    """Return the lesson's title, or the tab's (if `tab` is not empty) and the experiment's."""
    if state.lesson is not None:
        return f"{state.lesson.number}. {state.lesson.title} · {NAME}"
    preset = _preset(state)
    if preset is PRESETS[0] and not tab:
        return f"{NAME}: {SUBJECT}"
    experiment = preset.title if preset else LANDSCAPES[state.experiment.landscape].short
    return " · ".join(filter(None, [tab, experiment, NAME]))


def page_description(state: State) -> str:
    """Return what the page is, after a sentence on the experiment if it is one of the menu's."""
    preset = _preset(state)
    known = preset is not None and preset is not PRESETS[0] and state.lesson is None
    return f"{preset.description} {DESCRIPTION}" if preset and known else DESCRIPTION


def _preset(state: State) -> Preset | None:
    return next((p for p in PRESETS if p.experiment == state.experiment), None)
