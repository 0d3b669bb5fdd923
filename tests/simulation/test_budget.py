"""The work budget: the changes named in its error are sufficient."""

from __future__ import annotations

import pytest

from simulation import Experiment, ParameterError
from simulation.landscapes.registry import landscape_of
from simulation.presets import PRESETS
from simulation.runs.budget import LIVE_BUDGET, check, work

HEAVY = [
    Experiment(paths=4096, steps=3_000_000),
    Experiment(paths=60),
    Experiment(landscape="quadratic", eigenvalues=(1.0,) * 49 + (-0.1,), paths=4096),
    Experiment(landscape="phase-retrieval", dimension=50, batch=1000, paths=1000, steps=100_000),
    Experiment(landscape="linear-net", eigenvalues=(1.0,) * 5, paths=4096, steps=100_000),
]
FIELDS = {"paths", "steps", "contenders", "dimension"}


def test_work_is_the_product_of_its_parts():
    assert work(Experiment()) == 5 * 1 * 1_000_000 * 2
    phase = Experiment(landscape="phase-retrieval", paths=3, steps=100)
    for changes in ({"paths": 6}, {"steps": 200}, {"dimension": 20}):
        assert work(phase.replace(**changes)) == 2 * work(phase)
    assert work(phase.replace(contenders=("0",))) == work(phase) // 5
    assert work(phase.replace(noise="none")) > 10 * work(phase)  # 200 samples and not 10


# Nanoseconds of a step in each coordinate, all contenders together: simulate(…, points=4) with one
# path and one thread on one core of an Intel server; medians of three. On another machine, measure
# a row beside rmsprop:0.9 and scale it by that one's.
MEASURED = [
    ({}, "0.5", 5, 10),
    ({"landscape": "quadratic"}, "0.5", 5, 17),
    ({"landscape": "quadratic", "noise": "samples", "batch": 100}, "0.5", 5, 210),
    ({"landscape": "quadratic"}, "adam", 1, 170),
    ({"landscape": "quadratic"}, "rmsprop:0.9", 1, 96),
    ({"landscape": "linear-net", "eigenvalues": (1.0, 0.5, 0.3)}, "0.5", 5, 58),
    ({"landscape": "linear-net"}, "amsgrad", 1, 172),
    ({"landscape": "monkey"}, "0.5", 5, 23),  # of an AMD server, as the next
    ({"landscape": "monkey"}, "adam", 1, 48),
    ({"landscape": "phase-retrieval", "batch": 1}, "0.5", 5, 38),
    ({"landscape": "phase-retrieval", "batch": 10}, "adam", 1, 150),
    ({"landscape": "phase-retrieval", "batch": 100}, "0.5", 5, 590),
]


@pytest.mark.parametrize(("changes", "rule", "contenders", "nanoseconds"), MEASURED)
def test_work_is_in_proportion_to_the_time_it_takes(changes, rule, contenders, nanoseconds):
    experiment = Experiment(contenders=(rule,) * contenders, paths=1, steps=10_000, **changes)
    d = landscape_of(experiment).dimension(experiment)
    priced = 2.0 * work(experiment) / (10_000 * d)  # 2 ns a unit
    assert 1 / 2.5 <= priced / nanoseconds <= 2.5


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.title)
def test_every_preset_is_live(preset):
    check(preset.experiment)


@pytest.mark.parametrize("experiment", HEAVY)
def test_what_is_named_is_enough(experiment):
    with pytest.raises(ParameterError, match="times the live budget; lower") as refusal:
        check(experiment)
    error = refusal.value
    assert error.field in FIELDS
    lowered = experiment
    for _ in range(3):  # as a reader would: lower what is named, and look again
        try:
            check(lowered)
            break
        except ParameterError as again:
            lowered = lowered.replace(**{again.field: again.nearest})
    assert work(lowered) <= LIVE_BUDGET


def test_the_limit_itself_is_allowed():
    check(Experiment(), work(Experiment()))
    with pytest.raises(ParameterError):
        check(Experiment(), work(Experiment()) - 1)
