"""The exact law over a sweep, the agreement with it, and the lines over the map."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.sweeps.grid import Sweep, parse_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.theory_map import agreement, balance_line, ridge, theory_map
from tests.simulation.sweeping import SMALL, computed

pytestmark = pytest.mark.long


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_the_map_agrees_with_the_exact_law(rule: str) -> None:
    sweep = parse_sweep(
        f"landscape=quadratic&run={rule}:0.9&N=256&x=beta:0:0.999:16:near-one&y=eta:0.003:0.3:16:log"
    )
    measured, law = computed(sweep), theory_map(sweep)
    found = agreement(measured, law)
    print(f"{rule}: {found.within} of {found.cells} cells within 3 standard errors")
    assert found.cells > 200
    assert found.share >= 0.99
    # the comparison has teeth: a map measured at twice the radius is found out
    other = computed(sweep.replace(radius=2.0))
    assert agreement(ResultMap(sweep, other.cells), law).share < 0.1


def test_the_law_is_silent_where_it_does_not_hold_and_says_why() -> None:
    sweep = parse_sweep("landscape=quadratic&run=adam&x=beta:0:0.9:4&y=eta:0.01:0.1:4")
    law = theory_map(sweep)
    assert "momentum" in law.reason
    assert np.isnan(law.median).all()
    assert agreement(computed(sweep.replace(paths=8)), law).cells == 0


def test_the_ridge_is_the_shortest_and_the_balance_line_meets_the_guidance() -> None:
    law = theory_map(SMALL)
    beta, eta = ridge(SMALL, law.median)
    assert eta.tolist() == list(SMALL.y.values)
    for row, best in enumerate(beta):
        column = SMALL.x.values.index(best)
        shortest = np.nanmin(law.median[row])
        assert law.median[row, column] <= max(1.02 * shortest, shortest + 1)
        assert (law.median[row, :column] > shortest).all()
    beta, eta = balance_line(SMALL, law)
    h = 0.1 * eta  # η|λ₋|
    grid = np.diff(SMALL.x.values).max()
    assert len(beta) == len(SMALL.y.values)
    assert np.allclose(beta**-0.5 + beta**1.5 - 1 - beta, h, atol=4 * grid * np.sqrt(h).max())


def test_turned_axes_give_the_turned_map() -> None:
    turned = Sweep(SMALL.experiment, SMALL.y, SMALL.x)
    assert computed(turned).tobytes() == computed(SMALL).cells.T.tobytes()
    for one, other in zip(
        ridge(turned, theory_map(turned).median),
        ridge(SMALL, theory_map(SMALL).median)[::-1],
        strict=True,
    ):
        assert np.array_equal(one, other)
