"""Laws of a frame: laid over the old figures it gives the new ones, and nothing is sent twice."""

from __future__ import annotations

import json

import numpy as np

from app import ids
from app.figures.explore import draw
from app.figures.typed_arrays import typed
from app.render.delta import delta
from app.theme import THEMES
from simulation.model.experiment import Experiment
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.runs.simulate import simulate
from tests.app.drawn import EXPERIMENTS, LIGHT, drawn


def moved(figures, said):
    """The figures with x, y and text taken from a frame, as the browser does it."""
    out = json.loads(json.dumps(figures))
    for graph, moving in said["graphs"].items():
        for place, i in enumerate(moving["traces"]):
            trace = out[graph]["data"][i]
            trace["x"] = said["arrays"][moving["x"][place]]
            trace["y"] = said["arrays"][moving["y"][place]]
            if moving["text"][place] is not None:
                trace["text"] = moving["text"][place]
    return out


def test_a_frame_over_the_old_figures_gives_the_new_ones():
    """Dragging β changes numbers and words only: traces, looks and background stay."""
    experiment = EXPERIMENTS["toy"]
    betas = (0, 0.3, 0.5, 0.7)
    before, after = (
        draw(summarise(simulate(e)), terrain(e), LIGHT)
        for e in (experiment.replace(contenders=(*betas, b)) for b in (0.9, 0.912))
    )
    assert json.dumps(before) != json.dumps(after)
    result = moved(before, delta(after))
    for graph, figure in json.loads(json.dumps(after)).items():
        for got, wanted in zip(result[graph]["data"], figure["data"], strict=True):
            # The name under the pointer comes with the true figure.
            assert got | {"name": None} == wanted | {"name": None}
        assert result[graph]["layout"] == figure["layout"]


def test_a_frame_sends_each_array_once_and_no_background():
    figures = drawn("toy")
    said = delta(figures)
    sent = [spec["bdata"] for spec in said["arrays"]]
    assert len(set(sent)) == len(sent)
    back = [t for t in figures[ids.LANDSCAPE]["data"] if "background" in t["meta"]]
    assert len(back) > 10
    assert not {t["x"]["bdata"] for t in back} & (set(sent) - {typed([np.nan])["bdata"]})


def test_the_background_changes_with_the_landscape_and_nothing_else():
    experiment = EXPERIMENTS["toy"]

    def key(e, theme=LIGHT):
        data = draw(summarise(simulate(e)), terrain(e), theme)[ids.LANDSCAPE]["data"]
        return tuple(t["meta"]["background"] for t in data if "background" in t["meta"])

    same = [experiment.replace(step_size=1e-3, contenders=(0.2, 0.8)), experiment]
    other = [experiment.replace(rotation=10), experiment.replace(eigenvalues=(1, -0.2))]
    assert len({key(e) for e in same}) == 1
    assert len({key(e) for e in (experiment, *other)}) == 3
    assert key(experiment) != key(experiment, THEMES["dark"])


def test_traces_are_of_the_same_kinds_in_the_same_order_whatever_the_paths():
    one, many = Experiment(steps=2000), Experiment(steps=2000, paths=12)
    kinds = [
        [[t["meta"]["kind"] for t in f["data"]]
         for f in draw(summarise(simulate(e)), terrain(e), LIGHT).values()]
        for e in (one, many)
    ]  # fmt: skip
    assert kinds[0] == kinds[1]
