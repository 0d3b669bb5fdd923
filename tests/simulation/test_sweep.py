"""Sweeps: their grammar, the same bits everywhere, what is kept, and the exact law."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import Experiment, ParameterError, simulate
from simulation.contenders import RULES
from simulation.diagnostics import escape_statistics
from simulation.escapes import escape_times
from simulation.landscapes import LANDSCAPES
from simulation.law_map import agreement, balance_line, law_map, ridge
from simulation.phase_map import PhaseMap
from simulation.run import Cancelled
from simulation.store import FolderStore, MemoryStore
from simulation.sweep import (
    SCALES,
    Axis,
    Sweep,
    axis_around,
    default_axis,
    format_sweep,
    one_contender,
    parse_sweep,
    repair_sweep,
)
from simulation.sweep_budget import check_sweep, expected_work, pace, sweep_work
from simulation.sweep_run import Progress, run_sweep
from simulation.sweepable import SWEEPABLE
from simulation.tiles import (
    DIVERGED,
    MEASURED,
    NEVER,
    address,
    compute_tile,
    groups,
    read_tile,
    tiles,
)

SMALL = parse_sweep(
    "landscape=quadratic&N=64&T=4000&run=0.9&x=beta:0:0.99:11:near-one&y=eta:0.01:0.3:7:log"
)
numbers = st.floats(-20, 20, allow_nan=False)
axes = st.builds(
    lambda key, a, b, cells, scale: f"{key}:{a!r}:{b!r}:{cells}:{scale}",
    st.sampled_from([*SWEEPABLE, "steps"]), numbers, numbers, st.integers(0, 200),
    st.sampled_from([*SCALES, "cubic"]),
)  # fmt: skip


class Counted(ThreadPoolExecutor):
    """A pool that counts what it was asked to compute."""

    def __init__(self, workers: int = 2) -> None:
        super().__init__(workers)
        self.asked = 0

    def submit(self, *args, **kwargs):
        self.asked += 1
        return super().submit(*args, **kwargs)


def computed(sweep: Sweep, threads: int = 2) -> PhaseMap:
    with ThreadPoolExecutor(threads) as pool:
        return run_sweep(sweep, pool, MemoryStore())


@given(axes, axes)
def test_every_axis_is_refused_with_a_reason_or_reads_back(x: str, y: str) -> None:
    try:
        sweep = parse_sweep(f"run=0.5&x={x}&y={y}")
    except ParameterError as error:
        refused = str(error)
        mended, repairs = repair_sweep(f"run=0.5&x={x}&y={y}")
        assert refused in {repair.why for repair in repairs}
        assert parse_sweep(format_sweep(mended)) == mended
        return
    text = format_sweep(sweep)
    assert parse_sweep(text) == sweep
    assert format_sweep(parse_sweep(text)) == text
    for axis in (sweep.x, sweep.y):
        assert list(axis.values) == sorted(set(axis.values))
        assert (axis.values[0], axis.values[-1]) == (axis.low, axis.high)


@given(st.text(max_size=60))
def test_repair_never_raises(text: str) -> None:
    sweep, _ = repair_sweep(f"x={text}")
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
        ("run=0,0.9&x=beta:0:0.9:4", "one contender"),
        ("x=beta:0:1:4", "0.9999"),
        ("x=beta:0.9:0:4", "below the second"),
        ("x=beta:0:0.9:4&y=beta:0:0.5:4", "different numbers"),
        ("x=batch:1:3:9", "fewer cells"),
        ("x=eta:1e-4:1:400:log", "128"),
        ("x=c.out:-1:1:9:log", "does not meet 0"),
        ("x=eig.out:-1:3:9", "smallest"),
        ("x=what:0:1:9", "one of beta"),
        ("x=beta", "key:low:high"),
    ],
)
def test_a_faulty_sweep_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        parse_sweep(f"landscape=quadratic&{text}")


@pytest.mark.parametrize("key", SWEEPABLE)
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


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("landscape", LANDSCAPES)
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


def test_the_map_is_the_same_bytes_for_any_number_of_threads() -> None:
    one, two = computed(SMALL, 1), computed(SMALL, 2)
    assert one.tobytes() == two.tobytes()
    assert one.complete


def test_a_cell_of_the_map_is_the_experiment_that_explore_opens() -> None:
    measured = computed(SMALL)
    for place in ((0, 0), (3, 5), (6, 10)):
        alone = simulate(SMALL.cell(*place), record_paths=1, points=4)
        expected = escape_statistics(alone.escape_time[0], alone.diverged_at[0])
        cell = measured.cells[place]
        for name in ("median", "ci_low", "ci_high", "low", "high", "escaped"):
            assert np.array_equal(cell[name], getattr(expected, name), equal_nan=True)


def test_tiles_cover_the_grid_once() -> None:
    for text in (
        "x=beta:0:0.9:19&y=eta:0.1:1:13",
        "x=R:1:2:19&y=eta:0.1:1:13",
        "x=R:1:2:9&y=rot:0:90:7",
    ):
        sweep = parse_sweep(f"landscape=quadratic&run=0.9&{text}")
        cover = np.zeros(sweep.shape, int)
        for tile in tiles(sweep):
            for group in groups(sweep, tile):
                for place in group:
                    cover[place] += 1
        assert (cover == 1).all()


def test_finished_tiles_are_never_computed_again() -> None:
    store, total = MemoryStore(), len(tiles(SMALL))
    stop, seen = Event(), []

    def after_two(_tile: object, _cells: object, progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == 2:
            stop.set()

    with Counted(1) as pool, pytest.raises(Cancelled):
        run_sweep(SMALL, pool, store, on_tile=after_two, cancel=stop)
    with Counted(1) as pool:
        whole = run_sweep(SMALL, pool, store, on_tile=lambda *said: seen.append(said[2]))
    assert pool.asked == total - 2
    assert seen[-1].computed + seen[-1].found == seen[-1].cells == 77
    assert whole.tobytes() == computed(SMALL).tobytes()
    with Counted(1) as pool:
        assert run_sweep(SMALL, pool, store).tobytes() == whole.tobytes()
    assert pool.asked == 0


def test_a_folder_keeps_tiles_for_the_next_process(tmp_path: Path) -> None:
    with Counted() as pool:
        whole = run_sweep(SMALL, pool, FolderStore(tmp_path / "tiles"))
        asked = pool.asked
        again = run_sweep(SMALL, pool, FolderStore(tmp_path / "tiles"))
    assert asked == pool.asked == len(list((tmp_path / "tiles").iterdir()))
    assert again.tobytes() == whole.tobytes()
    (tmp_path / "file").write_text("no folder")
    with Counted() as pool:  # nowhere to keep it: computed all the same
        assert run_sweep(SMALL, pool, FolderStore(tmp_path / "file")).complete


def test_cancel_stops_inside_a_tile() -> None:
    looks = iter([False, False, True])
    with pytest.raises(Cancelled):
        compute_tile(
            SMALL.replace(paths=4096, steps=100_000), tiles(SMALL)[0], "", lambda: next(looks)
        )
    assert next(looks, None) is None


def test_what_is_no_tile_in_the_store_is_computed_again() -> None:
    store = MemoryStore()
    for tile in tiles(SMALL):
        store.set(address(SMALL, tile), b"\x80\x04K\x01.")
    with Counted() as pool:
        assert run_sweep(SMALL, pool, store).complete
    assert pool.asked == len(tiles(SMALL))


class Losing(Executor):
    """Loses every third task with its worker."""

    def __init__(self) -> None:
        self.asked = 0

    def submit(self, fn, /, *args, **kwargs):
        self.asked += 1
        future: Future = Future()
        if self.asked % 3 == 1:
            future.set_exception(ConnectionError("the worker is gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_tile_lost_with_its_worker_is_computed_again() -> None:
    assert run_sweep(SMALL, Losing(), MemoryStore()).tobytes() == computed(SMALL).tobytes()


def test_another_engine_version_is_refused() -> None:
    with pytest.raises(RuntimeError, match="same version"):
        compute_tile(SMALL, tiles(SMALL)[0], "0123456789abcdef")


def test_cells_that_never_escape_or_diverge_are_marked_and_have_no_number() -> None:
    never = computed(SMALL.replace(radius=100.0, steps=10))
    assert (never.cells["status"] == NEVER).all()
    assert np.isnan(never.median).all()
    # ηλ₊ > 2(1+β): the stable direction blows up before the way out is found
    blown = computed(
        parse_sweep(
            "landscape=quadratic&eig=50,-1e-3&N=16&T=2000&run=0.5&R=100"
            "&x=beta:0:0.3:3&y=eta:0.1:1:3"
        )
    )
    assert (blown.cells["status"] == DIVERGED).all()
    assert (blown.cells["diverged"] == 16).all()
    assert np.isnan(blown.median).all()


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_the_map_agrees_with_the_exact_law(rule: str) -> None:
    sweep = parse_sweep(
        f"landscape=quadratic&run={rule}:0.9&N=256&x=beta:0:0.999:16:near-one&y=eta:0.003:0.3:16:log"
    )
    measured, law = computed(sweep), law_map(sweep)
    found = agreement(measured, law)
    print(f"{rule}: {found.within} of {found.cells} cells within 3 standard errors")
    assert found.cells > 200
    assert found.share >= 0.99
    # the comparison has teeth: a map measured at twice the radius is found out
    other = computed(sweep.replace(radius=2.0))
    assert agreement(PhaseMap(sweep, other.cells), law).share < 0.1


def test_the_law_is_silent_where_it_does_not_hold_and_says_why() -> None:
    sweep = parse_sweep("landscape=quadratic&run=adam&x=beta:0:0.9:4&y=eta:0.01:0.1:4")
    law = law_map(sweep)
    assert "heavy ball" in law.reason
    assert np.isnan(law.median).all()
    assert agreement(computed(sweep.replace(paths=8)), law).cells == 0


def test_the_ridge_is_the_shortest_and_the_balance_line_meets_the_guidance() -> None:
    law = law_map(SMALL)
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
        ridge(turned, law_map(turned).median),
        ridge(SMALL, law_map(SMALL).median)[::-1],
        strict=True,
    ):
        assert np.array_equal(one, other)


def test_cost_is_told_and_too_much_is_refused_with_what_to_lower() -> None:
    check_sweep(SMALL)
    law = law_map(SMALL)
    assert 0 < expected_work(SMALL, law) < sweep_work(SMALL)
    assert 0 < pace(SMALL) < 1e-3
    heavy = parse_sweep("landscape=quadratic&run=0&N=4096&T=3000000&x=beta:0:0.9:99&y=eta:0.1:1:99")
    with pytest.raises(ParameterError, match=r"paths to .* or steps to .* or cells to") as refused:
        check_sweep(heavy)
    lowered = int(str(refused.value).partition("paths to ")[2].partition(" ")[0].replace(",", ""))
    check_sweep(heavy.replace(paths=lowered))


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_every_landscape_has_a_sweep_to_begin_with(landscape: str) -> None:
    experiment = one_contender(Experiment(landscape=landscape))
    sweep = Sweep(experiment, default_axis("x", experiment), default_axis("y", experiment))
    assert parse_sweep(format_sweep(sweep)) == sweep
    law_map(sweep)
    for key, varied in SWEEPABLE.items():
        axis = axis_around(key, experiment)
        assert axis.low <= varied.get(experiment) <= axis.high


def test_a_tile_reads_back() -> None:
    tile = tiles(SMALL)[0]
    cells = read_tile(tile, compute_tile(SMALL, tile))
    assert cells is not None
    assert cells.shape == tile.shape
    assert (cells["status"] == MEASURED).any()
    assert Axis.parse(SMALL.x.text) == SMALL.x
