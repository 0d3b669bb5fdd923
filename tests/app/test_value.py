"""The function value: its scale."""

from __future__ import annotations

import numpy as np
import pytest

from app.figures.value import y_range
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate


@pytest.mark.parametrize("query", ["eta=10", "eta=10&run=0.9"])
def test_a_diverging_runs_last_value_does_not_set_the_scale(query):
    summary = summarise(simulate(parse_query(query)))
    low, high = y_range(summary)
    values = summary.value.median
    assert low <= values[:, 0].min()
    assert high < values[np.isfinite(values)].max() / 1e6
