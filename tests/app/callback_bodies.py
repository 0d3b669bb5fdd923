"""A request to the callback endpoint, as Dash's page sends it."""

from __future__ import annotations

from typing import Any

import dash

CALLBACK = "/_dash-update-component"


def callback_of(app: dash.Dash) -> tuple[str, dict[str, Any]]:
    """A server-side callback: its output and a body that it answers."""
    output, callback = next((k, c) for k, c in app.callback_map.items() if "callback" in c)
    names = output.strip(".").split("...")
    outputs = [dict(zip(("id", "property"), n.rpartition(".")[::2], strict=True)) for n in names]
    return output, {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [part | {"value": ""} for part in callback["inputs"]],
        "state": [part | {"value": ""} for part in callback["state"]],
        "changedPropIds": [],
    }
