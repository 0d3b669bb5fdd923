"""What moves while the hand drags: the numbers and words of traces, without their looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def delta(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Graph id → figure, cut down to what `Plotly.animate` needs to move its traces.

    Returns `{"arrays": [typed array, …], "graphs": {id: {"traces": [index, …], "x": [n, …],
    "y": [n, …], "text": [words or null, …], "name": [name or null, …]}}}`; x and y hold places in
    `arrays`, where each distinct array is sent once (time is the same for all curves). Background
    traces are left out: where one changes, the whole figure is due. Source: DESIGN.md section 8.
    """
    arrays: list[dict[str, Any]] = []
    place: dict[str, int] = {}

    def number_of(spec: dict[str, Any]) -> int:
        if spec["bdata"] not in place:
            place[spec["bdata"]] = len(arrays)
            arrays.append(spec)
        return place[spec["bdata"]]

    graphs = {}
    for graph, figure in figures.items():
        moving = [(i, t) for i, t in enumerate(figure["data"]) if "background" not in t["meta"]]
        graphs[graph] = {
            "traces": [i for i, _ in moving],
            "x": [number_of(t["x"]) for _, t in moving],
            "y": [number_of(t["y"]) for _, t in moving],
            "text": [t.get("text") for _, t in moving],
            "name": [t.get("name") for _, t in moving],
        }
    return {"arrays": arrays, "graphs": graphs}
