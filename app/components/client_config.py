"""Configuration of the page's scripts: one JSON object in the HTML, read once by boot.js."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app import ids
from app.state.sliders import SLIDERS, Slider
from app.state.view import CURSOR_STEP, VIEW_KEYS
from app.theme import THEMES
from simulation.model.parameters import Integer

PRELOADS = "<!--MODULES-->"
CONFIG = "<!--CONFIG-->"
"""Placeholders in the HTML template for the tags of the modules and of the configuration."""

TRACE_KINDS: Mapping[str, Any] = {
    "landscapeCurve": "paths",
    "timeCurve": "curve",
    "perContender": ["contenders", "names", "cross"],  # a point for each contender
    "timeLevel": "radius",
    "landmarks": ["radius", "start", "saddle", "minimum"],  # on the landscape: names avoid them
}
"""Traces that the cursor reads from a figure, by their `meta.kind`."""

SHORTCUTS: Mapping[str, Any] = {
    "clicks": {
        "?": f"#{ids.SHORTCUTS}",
        "s": f"#{ids.SHARE}",
        "t": f"#{ids.TAKE}",
        "n": "[data-key=next], .contents a",
        "p": "[data-key=previous]",
        "r": "[data-key=reveal]",
        "Home": ".time-start",
        ",": ".time-back",
        ".": ".time-forward",
        "f": ".time-race",
    },
    "nextTheme": "d",
    "leave": "Escape",
}
"""Keyboard shortcuts: selectors of the clicked elements, and keys with another action."""


def slider_config(slider: Slider) -> dict[str, Any]:
    """Return what slider_steps.mjs needs to know of a slider; its numbers are positions."""
    return {
        "low": slider.low,
        "high": slider.high,
        "step": slider.step,
        "scale": slider.scale,
        "whole": isinstance(slider.parameter, Integer),
    }


def client_config(prefix: str, modules: str) -> dict[str, Any]:
    """Return the configuration; .ci/js/globals.d.ts describes its fields.

    prefix: path of the page; modules: URL of the folder of modules; both end in a slash.
    """
    keys = list(VIEW_KEYS)
    return {
        "prefix": prefix,
        "modules": modules,
        "graphs": list(ids.GRAPHS),
        "betaGraphs": list(ids.CHOOSE_GRAPHS),
        "sweepGraphs": list(ids.SWEEP_GRAPHS),
        "sliders": {key: slider_config(slider) for key, slider in SLIDERS.items()},
        "themes": list(THEMES),
        "keysAfterStep": keys[keys.index(CURSOR_STEP.key) + 1 :],
        "traceKinds": TRACE_KINDS,
        "shortcuts": SHORTCUTS,
    }


def config_tag(config: Mapping[str, Any]) -> str:
    """Return the configuration as a data block, which any Content-Security-Policy allows."""
    text = json.dumps(config, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script id="client-config" type="application/json">{text}</script>'
