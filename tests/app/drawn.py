"""The experiments whose figures are tested, drawn once; and what is looked for in a figure."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from app.figures.axes import Axes
from app.figures.explore import draw
from app.theme import THEMES
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.rules import RULES
from simulation.runs.simulate import simulate

MOST = 8  # contenders of one experiment
LIGHT = THEMES["light"]
EXPERIMENTS = {
    "toy": Experiment(steps=100_000),
    "ensemble": Experiment(landscape="quadratic", steps=3000, paths=24, seed=1),
    "rotated": Experiment(rotation=90, steps=60_000, seed=3),
    "rules": Experiment(
        contenders=(*(Contender(rule) for rule in RULES), "0", "0.5")[:MOST],
        steps=20_000,
    ),
    "alone": Experiment(contenders=(0.9,), steps=5000),
    "silent": Experiment(noise="none", steps=1000),
    "diverging": Experiment(
        landscape="quadratic", step_size=3.0, steps=500, paths=1, contenders=(0, 0.9)
    ),
    "wide": Experiment(
        landscape="quadratic", eigenvalues=(2, 1, -0.5, -0.5), steps=200, paths=4, noise_sd=(0.1,)
    ),
}
AXES = [Axes(x, scaled) for x in ("linear", "log") for scaled in (False, True)]
everywhere = pytest.mark.parametrize("name", EXPERIMENTS)


@cache
def run(name):
    experiment = EXPERIMENTS[name]
    return summarise(simulate(experiment)), terrain(experiment)


def drawn(name, theme=LIGHT, axes=AXES[0]):
    return draw(*run(name), theme, axes)


def of_kind(figure, kind):
    return {t["meta"]["contender"]: t for t in figure["data"] if t["meta"]["kind"] == kind}


def whole_figures(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the whole figures of an answer of /live, with the arrays of its delta."""
    figures, arrays = answer["figures"], answer["frame"]["arrays"]
    for graph, figure in figures.items():
        part = answer["frame"]["graphs"][graph]
        for index, x, y in zip(part["traces"], part["x"], part["y"], strict=True):
            assert not {"x", "y"} & set(figure["data"][index])  # sent once
            figure["data"][index] |= {"x": arrays[x], "y": arrays[y]}
    return figures
