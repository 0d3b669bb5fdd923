"""What the page's scripts are told of it: one JSON object in its HTML, read once by boot.js."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app import ids
from app.state.sliders import SLIDERS
from app.state.view import CURSOR_STEP, VIEW_KEYS
from app.theme import THEMES

PRELOADS = "<!--MODULES-->"
CONFIG = "<!--CONFIG-->"
"""Where in the page's HTML the tags of the modules and of the configuration stand."""

TRACE_KINDS: Mapping[str, Any] = {
    "landscapeCurve": "paths",
    "timeCurve": "curve",
    "lines": ["curve", "path"],  # carry a contender's colour, width and dash
    "label": "name",  # carries the colour and size of its name
    "dot": "dot",  # carries its name
    "hidden": ["path", "dot", "name", "note"],  # of the landscape: the cursor draws them
    "landmarks": ["radius", "start", "saddle", "minimum"],  # of the landscape: names keep off them
}
"""What the cursor reads from a figure's traces, by their `meta.kind`."""

SHORTCUTS: Mapping[str, Any] = {
    "clicks": {
        "?": f"#{ids.SHORTCUTS}",
        "s": f"#{ids.SHARE}",
        "t": f"#{ids.TAKE}",
        "n": "[data-key=next], .contents a",
        "p": "[data-key=previous]",
        "r": "[data-key=reveal]",
    },
    "nextTheme": "d",
    "leave": "Escape",
}
"""What keys do: selectors of what a key clicks, and the keys that do something else."""


def client_config(prefix: str, modules: str) -> dict[str, Any]:
    """The configuration; its fields are described in .ci/js/globals.d.ts.

    prefix: path of the page; modules: address of the folder of scripts; both end in a slash.
    """
    keys = list(VIEW_KEYS)
    beta = SLIDERS["beta"]
    return {
        "prefix": prefix,
        "modules": modules,
        "graphs": list(ids.GRAPHS),
        "betaGraphs": list(ids.CHOOSE_GRAPHS),
        "sweepGraphs": list(ids.SWEEP_GRAPHS),
        "betaSlider": {"low": beta.low, "high": beta.high, "step": beta.step},
        "themes": list(THEMES),
        "keysAfterStep": keys[keys.index(CURSOR_STEP.key) + 1 :],
        "traceKinds": TRACE_KINDS,
        "shortcuts": SHORTCUTS,
    }


def config_tag(config: Mapping[str, Any]) -> str:
    """The configuration as a data block, which no Content-Security-Policy forbids."""
    text = json.dumps(config, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script id="client-config" type="application/json">{text}</script>'
