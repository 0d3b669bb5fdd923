"""Truncation of diverging runs: summaries in time, paths to the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.figures.traces import Floats
from app.text.divergence import diverged
from simulation.model.experiment import PARAMETERS
from simulation.results.summary import Arrows, Band, Summary
from simulation.results.terrain import Terrain

SHORTEST = PARAMETERS["steps"].low  # type: ignore[attr-defined]


def truncate_at_divergence(summary: Summary) -> Summary:
    """Return the summary, cut at the last divergence if every contender diverges."""
    broken = diverged(summary)
    if len(broken) < len(summary.escape):
        return summary
    last = max(SHORTEST, *(summary.escape[i].first_diverged for i in broken))
    kept = min(int(np.searchsorted(summary.steps, last)) + 1, len(summary.steps))
    arrows = summary.arrows
    law = summary.law
    return replace(
        summary,
        experiment=summary.experiment.replace(steps=int(summary.steps[kept - 1])),
        steps=summary.steps[:kept],
        distance=_cut(summary.distance, kept),
        drawn_distance=summary.drawn_distance[:, :kept],
        correlation=_cut(summary.correlation, kept),
        trend=summary.trend[:, :kept],
        value=_cut(summary.value, kept),
        law=None if law is None else _cut(law, kept),
        lines=summary.lines[:, :, :kept],
        arrows=Arrows(arrows.momentum[:, :kept], arrows.gradient[:, :kept], arrows.fresh,
                      arrows.weights),
    )  # fmt: skip


def _cut(band: Band, kept: int) -> Band:
    return Band(band.median[:, :kept], band.low[:, :kept], band.high[:, :kept])


def clip_to_map(summary: Summary, surface: Terrain) -> Floats:
    """Return the paths (C, L, K, 2); those of diverging contenders are NaN once off the map.

    Later points oscillate with growing amplitude and would only draw lines across the map.
    """
    lines = np.array(summary.lines, dtype=np.float64)
    low, high = ([axis[end] for axis in (surface.x, surface.y)] for end in (0, -1))
    for i in diverged(summary):
        off = ((lines[i] < low) | (lines[i] > high)).any(axis=-1)
        gone = np.maximum.accumulate(off, axis=-1)[:, :-1]
        lines[i, :, 1:][gone] = np.nan
    return lines
