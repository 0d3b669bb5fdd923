"""Export of runs, summaries, predictions and maps: NPZ without pickle, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.model.experiment import Experiment
from simulation.model.query import format_query
from simulation.results.prediction import Prediction
from simulation.results.summary import Band, Summary
from simulation.runs.trajectories import Trajectories
from simulation.sweeps.grid import format_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.theory_map import TheoryMap, agreement
from simulation.sweeps.tiles import CELL
from simulation.version import numbers_version

STATUSES = ("measured", "never", "diverged", "missing")
"""Names of a cell's status, indexed by its code."""

Arrays = Mapping[str, NDArray[Any]]
Columns = dict[str, Any]
"""Name → array, list or plain value."""


def run_tables(summary: Summary) -> tuple[Columns, Columns]:
    """Return the measured numbers: facts of the experiment and its contenders, and curves (C, K).

    C contenders, K recorded steps.
    """
    bands: dict[str, Band | None] = {
        "distance": summary.distance,
        "correlation": summary.correlation,
        "value": summary.value,
        "law": summary.law,
    }
    curves = {
        f"{name}_{part}": getattr(band, part)
        for name, band in bands.items()
        if band is not None
        for part in ("median", "low", "high")
    }
    facts = _head(summary.experiment) | {
        "radius": summary.radius,
        "start": summary.start,
        "law_reason": summary.law_reason,
        "step_size": summary.step_sizes,
        "largest_stable_step": summary.largest_stable_step,
        "predicted_escape": summary.predicted,
        "speed_up": summary.speed_up,
        "predicted_speed_up": summary.predicted_speed_up,
        "reference": summary.experiment.contenders[summary.reference].text,
        "lines": summary.lines,
        "steps": summary.steps,
    }
    counts = ("median", "low", "high", "ci_low", "ci_high", "escaped", "total", "diverged",
              "first_diverged")  # fmt: skip
    escapes = {f"escape_{name}": [getattr(e, name) for e in summary.escape] for name in counts}
    return facts | escapes, curves


def theory_tables(prediction: Prediction) -> tuple[Columns, Columns]:
    """Return the predicted numbers as facts; there are no curves."""
    guide = prediction.guidance
    low, median, high = prediction.escape.T
    advice = {
        name: None if guide is None else float(getattr(guide, name))
        for name in ("linear_end", "balance", "ninety_percent")
    }
    facts = _head(prediction.experiment) | {
        "radius": prediction.radius,
        "law_reason": prediction.reason,
        "eigenvalues": prediction.eigenvalues,
        "step_size": prediction.step_sizes,
        "growth_rate": prediction.growth_rate,
        "speed_up": prediction.speed_up,
        "predicted_speed_up": prediction.predicted_speed_up,
        "reference": prediction.experiment.contenders[prediction.reference].text,
        "largest_stable_step": prediction.largest_stable_step,
        "escape_low": low,
        "escape_median": median,
        "escape_high": high,
    }
    return facts | advice, {}


def _head(experiment: Experiment) -> Columns:
    return {
        "query": format_query(experiment),
        "engine": numbers_version(),
        "contender": [contender.text for contender in experiment.contenders],
    }


def as_json(facts: Columns, curves: Columns) -> bytes:
    """Return one JSON object, name → value; null where there is no number."""
    said = {name: _plain(value) for name, value in (facts | curves).items()}
    return json.dumps(said, allow_nan=False).encode()


def as_npz(facts: Columns, curves: Columns) -> bytes:
    """Return an NPZ with one array per name; NaN where there is no number."""
    return npz({k: np.asarray(np.nan if v is None else v) for k, v in (facts | curves).items()})


def as_csv(facts: Columns, curves: Columns) -> bytes:
    """Return CSV with a row per contender and step; without curves, a row per contender."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    names = facts["contender"]
    if curves:
        out.writerow(["contender", "step", *curves])
        for i, name in enumerate(names):
            rows = [facts["steps"].tolist(), *(_plain(curve[i]) for curve in curves.values())]
            out.writerows([name, *row] for row in zip(*rows, strict=True))
        return file.getvalue().encode()
    columns = {k: _plain(v) for k, v in facts.items() if np.shape(v) == (len(names),)}
    out.writerow(columns)
    out.writerows(zip(*columns.values(), strict=True))
    return file.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


def run_arrays(run: Trajectories) -> Arrays:
    """Return a run's arrays, named as in Trajectories, with its query and contenders.

    Shapes as in Trajectories.
    """
    arrays = {f.name: np.asarray(getattr(run, f.name)) for f in fields(run)[1:]}
    contenders = np.array([c.text for c in run.experiment.contenders])
    return {"query": np.array(format_query(run.experiment)), "contender": contenders, **arrays}


def map_arrays(measured: ResultMap, law: TheoryMap) -> Arrays:
    """Return a map's arrays: query, x (columns,), y (rows,), measured cells, law and errors.

    Per cell (rows, columns): median, ci_low, ci_high, low, high in steps, NaN where undefined;
    escaped, diverged, total paths; status, an index into STATUSES; law, the exact law's median, NaN
    where undefined; errors, the difference between the two in standard errors.
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
    """Return the arrays as one compressed NPZ; equal arrays give equal bytes."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **dict(arrays))
    return file.getvalue()


def map_csv(arrays: Arrays) -> bytes:
    """Return CSV with a row per cell, y by y: both values, then the numbers; empty if NaN."""
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
    """Return one JSON object, name → list of rows; null where there is no number."""
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
"""File extension → function that encodes a map."""
