"""The work budget names what to lower, and what it names is enough."""

from __future__ import annotations

import pytest

from simulation import Experiment, ParameterError
from simulation.budget import LIVE_BUDGET, check, work
from simulation.presets import PRESETS

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
    assert work(phase) == 5 * 3 * 100 * 10 * 10
    assert work(phase.replace(noise="none")) == 5 * 3 * 100 * 10 * 200


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
