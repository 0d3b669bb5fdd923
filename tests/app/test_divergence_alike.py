"""Divergence is counted alike in the race, the distribution and a sweep's cell."""

from __future__ import annotations

import random

import pytest

from app.text.standings import standings
from simulation.model.query import parse_query
from simulation.results.escape_distribution import distribution
from simulation.results.summary import summarise
from simulation.runs.escape_times import WATCHED
from simulation.runs.simulate import simulate
from simulation.sweeps.tiles import DIVERGED, cell_of, statistics
from tests.marks import breadth

PLACES = (
    "toy&noise=gaussian&sd=0.1", "quadratic", "quadratic&eig=1,-0.1,-0.09", "linear-net", "monkey",
    "phase-retrieval&batch=1", "phase-retrieval&batch=3",
)  # fmt: skip
RULES = ("{}", "nesterov:{}", "adam:{}", "boosted:{}")


@pytest.mark.parametrize("seed", breadth(range(40), range(2)))
@pytest.mark.parametrize("place", PLACES)
def test_divergence_is_counted_alike(place: str, seed: int) -> None:
    drawn = random.Random(f"{place} {seed}")
    usual = parse_query(f"landscape={place}")
    rule, decades = drawn.choice(RULES), 1 if "phase" in place else 3
    experiment = usual.replace(
        contenders=tuple(rule.format(b) for b in ("0", "0.7", "0.95")),
        step_size=min(usual.step_size * 10 ** drawn.uniform(-0.5, decades), 10),
        paths=24, steps=1500, seed=drawn.randrange(1000),
    )  # fmt: skip
    run = simulate(experiment, record_paths=1, points=4)
    summary = summarise(run)
    assert distribution(experiment).escape == summary.escape
    gone = ((run.diverged_at >= 0).mean(axis=1) >= 0.5).tolist()
    assert [e.diverges for e in summary.escape] == gone
    assert [one.steps == "diverges" for one in standings(summary)] == gone
    for i, contender in enumerate(experiment.contenders):
        (cell,) = statistics([experiment.replace(contenders=(contender,))])
        assert (cell_of(cell)[-1] == DIVERGED) == gone[i]
        late = (run.escape_time[i] >= 0) & (run.diverged_at[i] >= 0)
        if late[:WATCHED].any() or not late.any():  # else too rare to be looked for
            assert cell == summary.escape[i]
