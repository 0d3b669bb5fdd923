"""Sweeps: their grammar, what their cells are, what they cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import Experiment, ParameterError, simulate
from simulation.diagnostics.escape import escape_statistics
from simulation.rules import RULES
from simulation.runs import escape_times as runs_escape_times
from simulation.runs.escape_times import WATCHED, escape_times
from simulation.runs.simulate import Cancelled
from simulation.sweeps import cost
from simulation.sweeps.cost import check_sweep, expected_seconds, expected_work, pace, sweep_work
from simulation.sweeps.grid import (
    SCALES,
    Sweep,
    axis_around,
    default_axis,
    format_sweep,
    one_contender,
    parse_sweep,
)
from simulation.sweeps.theory_map import theory_map
from simulation.sweeps.tiles import address, groups, tiles
from simulation.sweeps.variables import VARIABLES, variables
from tests.marks import every_landscape
from tests.simulation.sweeping import SMALL

numbers = st.floats(-20, 20, allow_nan=False)
axes = st.builds(
    lambda key, a, b, cells, scale: f"{key}:{a!r}:{b!r}:{cells}:{scale}",
    st.sampled_from([*VARIABLES, "steps"]), numbers, numbers, st.integers(0, 200),
    st.sampled_from([*SCALES, "cubic"]),
)  # fmt: skip


@given(axes, axes)
def test_every_axis_is_refused_with_a_reason_or_reads_back(x: str, y: str) -> None:
    try:
        sweep = parse_sweep(f"run=0.5&x={x}&y={y}")
    except ParameterError as error:
        refused = error.allowed
        assert refused
        return
    text = format_sweep(sweep)
    assert parse_sweep(text) == sweep
    assert format_sweep(parse_sweep(text)) == text
    for axis in (sweep.x, sweep.y):
        assert list(axis.values) == sorted(set(axis.values))
        assert (axis.values[0], axis.values[-1]) == (axis.low, axis.high)


@given(st.text(max_size=60))
def test_every_text_is_refused_with_a_reason_or_reads_back(text: str) -> None:
    try:
        sweep = parse_sweep(f"run=0.5&x={text}")
    except ParameterError as error:
        refused = error.allowed
        assert refused
        return
    assert parse_sweep(format_sweep(sweep)) == sweep


def test_what_is_varied_has_no_part_in_the_sweeps_name() -> None:
    one = parse_sweep("run=0.5&eta=0.2&x=beta:0:0.9:4&y=eta:0.1:1:4")
    other = parse_sweep("run=0.7&eta=0.3&x=beta:0:0.9:4&y=eta:0.1:1:4")
    assert one == other
    assert [address(one, t) for t in tiles(one)] == [address(other, t) for t in tiles(other)]
    assert {address(one.replace(seed=1), t) for t in tiles(one)}.isdisjoint(
        address(one, t) for t in tiles(one)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("run=0,0.9&x=beta:0:0.9:4", "one optimizer"),
        ("x=beta:0:1:4", "0.9999"),
        ("x=beta:0.9:0:4", "below the second"),
        ("x=beta:0:0.9:4&y=beta:0:0.5:4", "different numbers"),
        ("x=batch:1:3:9", "fewer cells"),
        ("x=eta:1e-4:1:400:log", "128"),
        ("x=c.out:-1:1:9:log", "cannot contain 0"),
        ("x=eig.out:-1:3:9", "smallest"),
        ("x=what:0:1:9", "one of beta"),
        ("x=beta", "key:low:high"),
    ],
)
def test_a_faulty_sweep_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        parse_sweep(f"landscape=quadratic&{text}")


@pytest.mark.parametrize("key", VARIABLES)
def test_each_sweepable_number_is_set_in_the_cells(key: str) -> None:
    # a log axis where the declaration has one; both ends inside the bounds
    ends = {"beta": (0.1, 0.9), "eig.out": (-1, -0.1), "eig.top": (1, 2), "c.out": (-0.5, 0.5)}
    low, high = ends.get(key, (2, 5))
    other = "eta:0.1:0.2:2" if key != "eta" else "beta:0:0.5:2"
    sweep = parse_sweep(f"landscape=quadratic&run=0.5&x={key}:{low}:{high}:3&y={other}")
    cells = [sweep.cell(1, column) for column in range(3)]
    assert len(set(cells)) == 3
    varied = sweep.x.varied.parameter.field
    assert [sweep.x.varied.get(cell) for cell in cells] == list(sweep.x.values)
    assert [sweep.x.place(value) for value in sweep.x.values] == [0, 1, 2]
    name = {"momentum": "contenders"}.get(varied, varied)
    assert len({cell.replace(**{name: getattr(cells[0], name)}) for cell in cells}) == 1


def test_cost_is_told_and_too_much_is_refused_with_what_to_lower() -> None:
    check_sweep(SMALL)
    law = theory_map(SMALL)
    assert 0 < expected_work(SMALL, law) < sweep_work(SMALL)
    assert 0 < pace(SMALL) < 1e-3
    heavy = parse_sweep("landscape=quadratic&run=0&N=4096&T=3000000&x=beta:0:0.9:99&y=eta:0.1:1:99")
    with pytest.raises(ParameterError, match=r"paths to .* or steps to .* or cells to") as refused:
        check_sweep(heavy)
    lowered = int(str(refused.value).partition("paths to ")[2].partition(" ")[0].replace(",", ""))
    check_sweep(heavy.replace(paths=lowered))
    batches = parse_sweep(
        "landscape=quadratic&noise=samples&n=9&batch=1000&run=0.9&N=4096&T=100000"
    )
    with pytest.raises(ParameterError, match=r"or batch to (\d+) or cells to") as refused:
        check_sweep(batches)
    lowered = int(str(refused.value).partition("batch to ")[2].split()[0])
    check_sweep(batches.replace(batch=lowered))


class StepClock:
    """A clock that counts simulated steps, so that no machine's speed enters."""

    def __init__(self) -> None:
        self.now = 0.0

    def escape_times(
        self, experiments: list[Experiment], cancelled: Any = None, watched: int = WATCHED
    ) -> tuple[np.ndarray, np.ndarray]:
        """Run cells side by side; a path takes the steps of its slowest lane, a watched one T."""
        times, gone = escape_times(experiments, cancelled, watched)
        ends = np.where(times >= 0, times, np.where(gone >= 0, gone, experiments[0].steps))
        steps = ends.max(axis=0)
        steps[:watched] = experiments[0].steps
        self.now += 1e-5 + 1e-8 * float(steps.sum())
        return times, gone

    thread_time = perf_counter = lambda self: self.now


@pytest.mark.long
@pytest.mark.parametrize(
    "landscape", ["toy&noise=gaussian&sd=0.1&T=3000", "monkey"], ids=["with the law", "without"]
)
def test_the_time_that_is_told_is_what_it_takes_within_a_factor_of_two(
    landscape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    axes = "x=beta:0:0.99:24:near-one&y=eta:0.003:0.1:12:log"
    sweep = parse_sweep(f"landscape={landscape}&run=0.9&N=64&{axes}")
    clock = StepClock()
    monkeypatch.setattr(cost, "time", clock)
    monkeypatch.setattr(cost, "escape_times", clock.escape_times)
    told = expected_seconds(sweep, theory_map(sweep))
    began = clock.now
    for tile in tiles(sweep):
        for group in groups(sweep, tile):
            clock.escape_times([sweep.cell(*at) for at in group])
    assert 0.5 < told / (clock.now - began) < 2


def test_a_time_is_told_where_no_cell_could_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling takes longer than TRIAL_TIME: that is no reason to give up."""
    monkeypatch.setattr(cost, "TRIAL_TIME", 0.0)
    assert 0 < expected_seconds(SMALL, theory_map(SMALL)) < np.inf
    outside = parse_sweep("landscape=quadratic&run=0.9&w0=0,2&x=beta:0:0.9:4&y=eta:0.1:0.3:4")
    assert np.isnan(theory_map(outside).median).all()
    assert 0 < expected_seconds(outside, theory_map(outside)) < np.inf


@pytest.mark.parametrize("landscape", every_landscape())
def test_every_landscape_has_a_sweep_to_begin_with(landscape: str) -> None:
    experiment = one_contender(Experiment(landscape=landscape))
    sweep = Sweep(experiment, default_axis("x", experiment), default_axis("y", experiment))
    assert parse_sweep(format_sweep(sweep)) == sweep
    theory_map(sweep)
    for key, varied in variables(experiment).items():
        axis = axis_around(key, experiment)
        assert axis.low <= varied.get(experiment) <= axis.high


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("landscape", every_landscape())
def test_escape_times_side_by_side_are_those_of_each_run_alone(landscape: str, rule: str) -> None:
    base = Experiment(landscape=landscape, contenders=(f"{rule}:0.5",), paths=9, steps=1000)
    runs = [
        base.replace(contenders=(f"{rule}:{beta}",), step_size=base.step_size * factor)
        for beta in (0.0, 0.6, 0.95)
        for factor in (1, 20)
    ]
    escape_time, diverged_at = escape_times(runs)
    for experiment, escaped, diverged in zip(runs, escape_time, diverged_at, strict=True):
        alone = simulate(experiment, record_paths=1, points=4, threads=1)
        assert np.array_equal(escaped, alone.escape_time[0])
        before = escaped < 0  # a path is not followed beyond its escape
        assert np.array_equal(diverged[before], alone.diverged_at[0][before])


def test_a_cell_counts_divergence_after_the_escape_as_a_run_does() -> None:
    base = Experiment(landscape="phase-retrieval", batch=1, paths=24, contenders=("0.9",))
    runs = [base.replace(contenders=(str(b),)) for b in (0.0, 0.7, 0.8, 0.85, 0.9, 0.97)]
    together = escape_times(runs)
    late = []
    for i, experiment in enumerate(runs):
        alone = escape_times([experiment])
        whole = simulate(experiment, record_paths=1, points=4, threads=1)
        assert np.array_equal(alone[0][0], whole.escape_time[0])
        seen = escape_statistics(together[0][i], together[1][i])
        assert seen == escape_statistics(alone[0][0], alone[1][0])
        counted = escape_statistics(whole.escape_time[0], whole.diverged_at[0])
        after = (whole.escape_time[0] >= 0) & (whole.diverged_at[0] >= 0)
        assert seen.diverges == counted.diverges
        if not after.any() or after[:WATCHED].any():
            assert seen == counted
        late.append(float(after.mean()))
    assert (late[0], late[-1]) == (0, 1)
    assert any(0 < share < 0.5 for share in late)


def test_no_more_than_the_watched_paths_run_on_where_none_diverges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs_escape_times, "STRETCH", 40_000)
    experiment = Experiment(landscape="toy", noise="gaussian", step_size=0.01, steps=60_000,
                            contenders=("0.9",), paths=64)  # fmt: skip

    def calls(watched: int) -> int:
        count = 0

        def looked() -> bool:
            nonlocal count
            count += 1
            return False

        escape_times([experiment], looked, watched)
        return count

    assert calls(0) < calls(8) < calls(64) / 4


@pytest.mark.parametrize("stretch", [1, 70_000])
@pytest.mark.parametrize("rule", ["momentum", "boosted", "adam"])
def test_escape_times_do_not_depend_on_where_the_kernel_looks_up(
    monkeypatch: pytest.MonkeyPatch, rule: str, stretch: int
) -> None:
    base = Experiment(landscape="toy", paths=5, steps=3000)
    runs = [base.replace(contenders=(f"{rule}:{b}",), step_size=s) for b in (0, 0.9)
            for s in (base.step_size, 300 * base.step_size)]  # fmt: skip
    usual = escape_times(runs)
    monkeypatch.setattr(runs_escape_times, "STRETCH", stretch)
    for one, other in zip(usual, escape_times(runs), strict=True):
        assert np.array_equal(one, other)


def test_cancel_stops_inside_a_long_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_escape_times, "STRETCH", 1_000_000)
    looks = iter([False, False, True])
    one_path = SMALL.replace(paths=1, steps=3_000_000, radius=100.0, noise="none")
    with pytest.raises(Cancelled):
        escape_times([one_path.cell(0, 0)] * 4, lambda: next(looks))
    assert next(looks, None) is None
