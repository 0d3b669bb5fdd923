"""Runs and maps as files: NPZ that `numpy.load` reads without pickle, CSV, JSON.

Source: DESIGN.md section 10.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.law_map import LawMap, agreement
from simulation.phase_map import PhaseMap
from simulation.query import format_query
from simulation.sweep import format_sweep
from simulation.tiles import CELL
from simulation.trajectories import Trajectories

STATUSES = ("measured", "never", "diverged", "missing")
"""The names of a cell's status, in the order of its numbers."""

Arrays = Mapping[str, NDArray[Any]]


def run_arrays(run: Trajectories) -> Arrays:
    """A run's arrays under the names they have in Trajectories, with its query and contenders."""
    arrays = {f.name: np.asarray(getattr(run, f.name)) for f in fields(run)[1:]}
    contenders = np.array([c.text for c in run.experiment.contenders])
    return {"query": np.array(format_query(run.experiment)), "contender": contenders, **arrays}


def map_arrays(measured: PhaseMap, law: LawMap) -> Arrays:
    """A map's arrays: query, x (columns,), y (rows,), and per cell its record, the law and z.

    Per cell (rows, columns): median, ci_low, ci_high, low, high in steps, NaN where there is no
    number; escaped, diverged, total paths; status, a place in STATUSES; law, the exact law's
    median, NaN where it gives none; errors, standard errors between the two.
    """
    sweep = measured.sweep
    cells = {name: measured.cells[name] for name in CELL.names or ()}
    return {
        "query": np.array(format_sweep(sweep)),
        "x_name": np.array(sweep.x.key),
        "y_name": np.array(sweep.y.key),
        "x": np.array(sweep.x.values),
        "y": np.array(sweep.y.values),
        **cells,
        "law": law.median,
        "errors": agreement(measured, law).errors,
    }


def npz(arrays: Arrays) -> bytes:
    """The arrays as one compressed NPZ; equal arrays give equal bytes."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **dict(arrays))
    return file.getvalue()


def map_csv(arrays: Arrays) -> bytes:
    """A row for each cell, y by y: both values, then the cell's numbers; empty where none is."""
    x_name, y_name = str(arrays["x_name"]), str(arrays["y_name"])
    columns = [*(CELL.names or ()), "law", "errors"]
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow([x_name, y_name, *columns])
    for row, y in enumerate(arrays["y"].tolist()):
        for column, x in enumerate(arrays["x"].tolist()):
            out.writerow([x, y, *(_said(name, arrays[name][row, column]) for name in columns)])
    return file.getvalue().encode()


def map_json(arrays: Arrays) -> bytes:
    """One object, name → list of rows; null where there is no number."""
    said = {name: _lists(name, array) for name, array in arrays.items()}
    return json.dumps(said, allow_nan=False).encode()


def _said(name: str, value: Any) -> Any:
    if name == "status":
        return STATUSES[value]
    return "" if np.isnan(value) else value.item()


def _lists(name: str, array: NDArray[Any]) -> Any:
    if array.ndim == 0:
        return array.item()
    if array.ndim == 2:
        return [_lists(name, row) for row in array]
    values = array.tolist()
    if name == "status":
        return [STATUSES[value] for value in values]
    return (
        [None if np.isnan(value) else value for value in values]
        if array.dtype.kind == "f"
        else values
    )


MAP_FORMATS: Mapping[str, Callable[[Arrays], bytes]] = {
    "npz": npz,
    "csv": map_csv,
    "json": map_json,
}
"""Ending of a file → how a map is written into it."""
