"""The delta of a drag: data and texts of traces, without their styles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def moves(trace: Mapping[str, Any]) -> bool:
    """Return whether a trace moves during a drag: it is not in the background."""
    return "background" not in trace["meta"]


def without_arrays(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure without x and y of its moving traces, which the delta has."""
    data = [
        {name: value for name, value in trace.items() if name not in ("x", "y")}
        if moves(trace)
        else trace
        for trace in figure["data"]
    ]
    return {**figure, "data": data}


def delta(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return graph id → the part of a figure that `Plotly.animate` needs to move its traces.

    The result is `{"arrays": [typed array, …], "graphs": {id: {"traces": [index, …], "x": [n, …],
    "y": [n, …], "text": [words or null, …], "name": [name or null, …]}}}`; x and y are indices into
    `arrays`, where each distinct array is sent once (all curves share the time array). Background
    traces are omitted: if one changes, the whole figure is sent.
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
        moving = [(i, t) for i, t in enumerate(figure["data"]) if moves(t)]
        graphs[graph] = {
            "traces": [i for i, _ in moving],
            "x": [number_of(t["x"]) for _, t in moving],
            "y": [number_of(t["y"]) for _, t in moving],
            "text": [t.get("text") for _, t in moving],
            "name": [t.get("name") for _, t in moving],
        }
    return {"arrays": arrays, "graphs": graphs}
