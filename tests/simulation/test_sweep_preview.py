"""The coarse map that a sweep opens with: cells measured as the sweep would, at little work."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.landscapes.registry import LANDSCAPES
from simulation.model.experiment import Experiment
from simulation.runs.simulate import simulate
from simulation.sweeps.chart import sweep_chart
from simulation.sweeps.grid import Sweep, default_axis, parse_sweep
from simulation.sweeps.preview import PREVIEW_WORK, nearest, preview, preview_work, previewed
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.theory_map import theory_map
from simulation.sweeps.tiles import DIVERGED, NEVER

SWEEPS = [
    "landscape=quadratic&run=0.9&x=beta:0:0.99:20:near-one&y=eta:0.01:0.1:12:log&N=64",
    "landscape=quadratic&run=0.9&x=eta:0.01:5:30:log&y=beta:0:0.9:9&N=16&T=400",
    "landscape=double-well&run=0.9&x=sd.out:0.01:0.5:6&y=eta:0.001:0.1:40:log&N=16&T=300",
]


@pytest.mark.parametrize("text", SWEEPS)
def test_each_coarse_cell_is_measured_and_drawn_in_the_cells_nearest_to_it(text: str) -> None:
    sweep = parse_sweep(text)
    coarse = preview(sweep)
    assert coarse is not None
    assert coarse.measured.complete
    assert max(coarse.sweep.shape) <= 8
    assert coarse.sweep.x.values[0] == sweep.x.values[0]
    assert coarse.sweep.y.values[-1] == sweep.y.values[-1]
    at = coarse.sweep.shape[0] // 2, coarse.sweep.shape[1] // 2
    run = simulate(coarse.sweep.cell(*at), record_paths=1, points=2)
    cell = coarse.measured.cells[at]
    assert cell["diverged"] == (run.diverged_at >= 0).sum()
    assert cell["escaped"] == ((run.escape_time >= 0) & (run.diverged_at < 0)).sum()
    chart = previewed(sweep_chart(ResultMap.empty(sweep), theory_map(sweep)), coarse)
    assert chart.decades.shape == sweep.shape
    rows, columns = (nearest(n, k) for n, k in zip(sweep.shape, coarse.sweep.shape, strict=True))
    status = coarse.measured.cells["status"][rows][:, columns]
    known = np.isfinite(coarse.measured.median[rows][:, columns])
    assert (np.isfinite(chart.decades) == known).all()
    assert len(chart.never[0]) == (status == NEVER).sum()
    assert len(chart.diverged[0]) == (status == DIVERGED).sum()
    assert np.isnan(chart.difference).all()  # a coarse cell is no measurement of a fine one


@pytest.mark.parametrize(("fine", "coarse"), [(48, 8), (5, 5), (9, 4), (2, 2)])
def test_the_nearest_cell_is_nearest_along_the_axis(fine: int, coarse: int) -> None:
    at, places = np.arange(fine) / (fine - 1), np.arange(coarse) / (coarse - 1)
    least = np.abs(at[:, None] - places).min(axis=1)
    np.testing.assert_allclose(np.abs(at - places[nearest(fine, coarse)]), least, atol=1e-12)


@pytest.mark.parametrize("landscape", LANDSCAPES)
@pytest.mark.parametrize("steps", [1000, 3_000_000])
def test_no_preview_costs_more_than_its_work(landscape: str, steps: int, monkeypatch) -> None:
    monkeypatch.setattr("simulation.sweeps.preview.measure", ResultMap.empty)
    experiment = Experiment(landscape=landscape, steps=steps, contenders=(0.9,))
    axes = (default_axis(key, experiment) for key in "xy")
    found = preview.__wrapped__(Sweep(experiment, *axes))
    assert found is None or preview_work(found.sweep) <= PREVIEW_WORK
    assert found is not None or steps > 1000
