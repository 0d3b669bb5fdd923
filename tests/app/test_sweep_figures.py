"""What the Sweep tab draws and says before, while and after a map is measured."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app import ids
from app.sweep_jobs.jobs import Status
from app.tabs.sweep import figures
from app.tabs.sweep.text import hints, words
from app.text.numbers import duration
from app.theme import DARK, LIGHT
from simulation.runs.simulate import simulate
from simulation.storage import MemoryStore
from simulation.sweeps.chart import sweep_chart
from simulation.sweeps.grid import Sweep, parse_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import run_sweep
from simulation.sweeps.theory_map import theory_map
from simulation.sweeps.tiles import tiles

SWEEP = parse_sweep(
    "landscape=quadratic&N=16&T=4000&run=0.9&x=beta:0:0.99:16:near-one&y=eta:0.01:0.3:8:log"
)
TURNED = Sweep(SWEEP.experiment, SWEEP.y, SWEEP.x)


def measured(sweep: Sweep) -> ResultMap:
    with ThreadPoolExecutor(1) as pool:
        return run_sweep(sweep, pool, MemoryStore())


def in_part(sweep: Sweep) -> ResultMap:
    """The map with its first tile alone: no line along β is whole."""
    part, whole = ResultMap.empty(sweep), measured(sweep)
    tile = tiles(sweep)[0]
    part.fill(tile, whole.cells[tile.top : tile.bottom, tile.left : tile.right])
    return part


@pytest.mark.parametrize("sweep", [SWEEP, TURNED])
def test_the_soonest_momentum_is_drawn_of_whole_lines_alone(sweep: Sweep) -> None:
    law = theory_map(sweep)
    chart = sweep_chart(in_part(sweep), law)
    assert len(chart.ridge[0]) == 0
    whole = sweep_chart(measured(sweep), law)
    assert len(whole.ridge[0]) == len(SWEEP.y.values)


DIVERGING = "landscape=phase-retrieval&batch=1&N=32&run=0.9&x=beta:0.97:0.999:4&y=eta:5e-4:6e-4:2"
OUTSIDE = "landscape={}&w0=0.8,0.8&N=8&T=500&R=0.3&x=beta:0:0.9:4&y=eta:0.001:0.01:3"


def test_where_every_path_diverges_after_its_escape_no_time_and_no_best_line_is_drawn() -> None:
    sweep = parse_sweep(DIVERGING)
    run = simulate(sweep.cell(0, 0), record_paths=1, points=4)
    assert (run.escape_time >= 0).all()
    assert (run.diverged_at > run.escape_time).all()
    chart = sweep_chart(measured(sweep), theory_map(sweep))
    assert len(chart.diverged[0]) == chart.decades.size
    assert not np.isfinite(chart.decades).any()
    assert not len(chart.ridge[0])
    assert "fastest" not in words(chart)
    assert all("diverges" in text for row in figures.texts(chart) for text in row)


@pytest.mark.parametrize("landscape", ["toy", "quadratic", "monkey", "quadratic&eig=1,-0.1,-0.1"])
def test_a_start_beyond_the_radius_is_said_and_has_no_times(landscape: str) -> None:
    sweep = parse_sweep(OUTSIDE.format(landscape))
    assert (simulate(sweep.cell(0, 0)).escape_time == 0).all()
    law = theory_map(sweep)
    chart = sweep_chart(measured(sweep), law)
    assert len(chart.outside[0]) == chart.decades.size
    assert not np.isfinite([chart.decades, chart.law_decades]).any()
    assert not len(chart.ridge[0])
    assert not len(chart.law_ridge[0])
    assert chart.agreement.cells == 0
    assert "start is already beyond" in words(chart)
    assert "fastest" not in words(chart)
    assert "start is already beyond" in hints(chart, Status("done", 12, 12))[ids.SWEEP_MAP]


def test_the_colours_hold_while_a_map_fills() -> None:
    law = theory_map(SWEEP)
    empty, part = (sweep_chart(m, law) for m in (ResultMap.empty(SWEEP), in_part(SWEEP)))
    assert empty.range[0] <= part.range[0] + 0.1
    assert part.range[1] - part.range[0] >= 0.9 * (empty.range[1] - empty.range[0])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("sweep", [SWEEP, TURNED])
def test_each_line_bears_its_name_at_the_line(sweep: Sweep, theme) -> None:
    chart = sweep_chart(measured(sweep), theory_map(sweep))
    drawn = figures.figures(chart, theme)
    for graph, best in ((ids.SWEEP_MAP, chart.ridge), (ids.SWEEP_LAW, chart.law_ridge)):
        names = {a["text"]: (a["x"], a["y"]) for a in drawn[graph]["layout"]["annotations"]}
        assert names["fastest β"] in list(zip(*best, strict=True))
        assert names["balance β"] in list(zip(*chart.balance, strict=True))
    assert not drawn[ids.SWEEP_DIFFERENCE]["layout"]["annotations"]


def test_an_empty_map_says_what_to_do_and_a_map_with_a_number_says_nothing() -> None:
    law = theory_map(SWEEP)
    empty, some = sweep_chart(ResultMap.empty(SWEEP), law), sweep_chart(in_part(SWEEP), law)
    said = {
        state: hints(empty, Status(state, 0, 128))[ids.SWEEP_MAP] for state in ("idle", "running")
    }
    assert said["idle"].startswith("Not measured yet. Click Start: about ")
    assert said["running"] != said["idle"]
    assert not any(hints(some, Status("running", 32, 128)).values())
    drawn = figures.figures(empty, LIGHT, hints(empty, Status("idle", 0, 128)))
    (hint,) = drawn[ids.SWEEP_MAP]["layout"]["annotations"]
    assert hint["text"].replace("<br>", " ") == said["idle"]


def test_where_the_law_does_not_hold_its_map_says_why() -> None:
    sweep = parse_sweep("landscape=quadratic&run=adam&x=beta:0:0.9:4&y=eta:0.01:0.1:4")
    law = theory_map(sweep)
    said = hints(sweep_chart(ResultMap.empty(sweep), law), Status("idle", 0, 16))
    assert said[ids.SWEEP_LAW] == law.reason != ""
    assert said[ids.SWEEP_DIFFERENCE] == "Nothing to compare."


def test_the_words_take_their_numbers_from_the_map() -> None:
    chart = sweep_chart(measured(SWEEP), theory_map(SWEEP))
    said = words(chart)
    assert f"{chart.agreement.within:,} of {chart.agreement.cells:,} cells" in said
    beta = [SWEEP.x.values[round(place)] for place in chart.ridge[0]]
    assert f": {figures.number(min(beta), 4)} to {figures.number(max(beta), 4)}, measured." in said
    assert ("A dot marks" in said) == bool(np.isnan(chart.measured.median).any())


@pytest.mark.parametrize("sweep", [SWEEP, TURNED])
def test_of_a_map_that_fills_only_what_is_known_is_said(sweep: Sweep) -> None:
    law, whole = theory_map(sweep), measured(sweep)
    before = words(sweep_chart(ResultMap.empty(sweep), law))
    assert ", by the law." in before
    part = ResultMap.empty(sweep)
    rows = sweep.x.key == "beta"
    whole_line = (slice(0, 1), slice(None)) if rows else (slice(None), slice(0, 1))
    part.cells[whole_line] = whole.cells[whole_line]
    said = words(sweep_chart(part, law))
    assert f"so far, in the 1 of 8 {'rows' if rows else 'columns'} that are complete." in said
    assert "standard errors" not in said
    done = words(sweep_chart(whole, law))
    assert ", measured." in done
    assert "so far" not in done


def test_a_time_is_said_as_a_person_says_it() -> None:
    assert [duration(s) for s in (0.2, 42, 600, 7200)] == ["1 s", "42 s", "10 min", "2.0 h"]


@pytest.mark.parametrize(
    ("run", "axes", "named"),
    [("adam:0.9", "x=beta:0:0.9:4&y=eta:0.01:0.1:3", "Adam"),
     ("adam:0.8", "x=R:0.1:0.5:4&y=eta:0.01:0.1:3", "Adam 0.8")],
)  # fmt: skip
def test_the_measured_map_names_its_optimizer(run: str, axes: str, named: str) -> None:
    sweep = parse_sweep(f"landscape=quadratic&noise=gaussian&run={run}&{axes}&N=2&T=100")
    assert figures.title(ids.SWEEP_MAP, sweep) == f"Measured steps, {named}"
