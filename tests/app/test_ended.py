"""A race that every contender has left ends there, on every plot and on the time bar."""

from __future__ import annotations

import numpy as np
import pytest

from app import ids
from app.figures.axes import Axes
from app.figures.explore import draw
from app.figures.truncate import clip_to_map, truncate_at_divergence
from app.figures.typed_arrays import untyped
from app.render.cursor_data import cursor_data
from app.text.divergence import diverged
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.runs.simulate import simulate
from tests.app.drawn import LIGHT, of_kind, run

LEFT = ["eta=3", "landscape=monkey&eta=9&T=5000"]


def seen(query):
    experiment = parse_query(query)
    return summarise(simulate(experiment)), terrain(experiment)


@pytest.mark.parametrize("query", LEFT)
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_time_ends_soon_after_the_last_divergence(query, scale):
    summary, ground = seen(query)
    assert len(diverged(summary)) == len(summary.escape)
    last = max(e.first_diverged for e in summary.escape)
    figures = draw(summary, ground, LIGHT, Axes(scale))
    for graph in ids.GRAPHS[1:]:
        axis = figures[graph]["layout"]["xaxis"]
        end = 10 ** axis["range"][1] if scale == "log" else axis["range"][1]
        assert last < end <= 2 * max(last, 10), graph
    steps = untyped(cursor_data(summary, LIGHT)["steps"])
    assert last <= steps[-1] <= max(last, 10)
    names = of_kind(figures[ids.LANDSCAPE], "paths").values()
    assert all(len(untyped(t["x"])) % (len(steps) + 1) == 0 for t in names)  # as the bar counts


def test_while_one_goes_on_nothing_is_cut():
    summary, _ = run("diverging")
    assert truncate_at_divergence(summary) is summary


@pytest.mark.parametrize("query", [*LEFT, "eta=0.3&run=0,0.9&w0=0.5,0"])
def test_who_diverges_leaves_the_map_once(query):
    summary, ground = seen(query)
    paths = clip_to_map(summary, ground)
    low, high = ([axis[end] for axis in (ground.x, ground.y)] for end in (0, -1))
    with np.errstate(invalid="ignore"):
        off = ((paths < low) | (paths > high)).any(axis=-1)
    gone = diverged(summary)
    assert gone
    assert (off[gone].sum(axis=-1) <= 1).all()
    stay = [i for i in range(len(summary.escape)) if i not in gone]
    assert np.array_equal(paths[stay], summary.lines[stay])
