"""The drag benchmark's own arithmetic: values that never repeat, ages, quantiles, traces."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.sliders import SLIDERS
from benchmarks.common.measure import quantiles
from benchmarks.page import tracing
from benchmarks.page.log import DragLog, Drawing, Picture, pictures, rate, read, schedule

PLOTS = ("landscape", "distance")
LONGEST = 351  # events


@given(st.integers(1, LONGEST))
def test_no_value_of_a_drag_comes_twice(events: int) -> None:
    """Neither as a position, on the slider's own grid, nor as β, which is rounded."""
    slider, values = SLIDERS["beta"], schedule(events)
    assert len(values) == events
    assert slider.low <= min(values) <= max(values) <= slider.high
    on_grid = {round((value - slider.low) / slider.step) for value in values}
    assert len(on_grid) == len({slider.at(value) for value in values}) == events


def test_a_drag_beyond_the_slider_is_refused() -> None:
    assert max(schedule(LONGEST)) == SLIDERS["beta"].high
    with pytest.raises(ValueError, match="at most 351"):
        schedule(LONGEST + 1)


def frame(at: float, *drawn: tuple[str, float | None]) -> list[Drawing]:
    """A frame that shows plots with these values, painted 2 ms after its begin."""
    return [Drawing(plot, value, at, at + 2) for plot, value in drawn]


def log(*frames: list[Drawing]) -> DragLog:
    """A drag of 100 ms, whose slider has a value 3 ms after the hand."""
    moved = tuple((10.0 * n, n / 10) for n in range(10))
    pushed = tuple((when + 3, value) for when, value in moved)
    return DragLog(0, 100, moved, pushed, tuple(one for each in frames for one in each))


def both(value: float) -> tuple[tuple[str, float], ...]:
    return tuple((plot, value) for plot in PLOTS)


def test_an_age_is_counted_from_the_push_to_the_paint() -> None:
    seen = pictures(log(frame(30, *both(0.1))), PLOTS)
    assert seen == [Picture(value=0.1, painted=32, age=32 - 13, age_of_hand=32 - 10)]


def test_a_picture_is_there_when_the_last_plot_shows_it() -> None:
    late = log(frame(30, ("landscape", 0.1)), frame(40, ("landscape", 0.2)),
               frame(50, ("distance", 0.1)), frame(60, ("distance", 0.2)))  # fmt: skip
    assert [(p.value, p.painted) for p in pictures(late, PLOTS)] == [(0.1, 52), (0.2, 62)]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (frame(30, *both(0.2)), "two in one frame: the newest counts"),
        (frame(50, *both(0.1)), "drawn again"),
        (frame(50, *both(0.0)), "an older value"),
        (frame(50, *both(0.05)), "a value that was not pushed"),
        (frame(50, ("landscape", None), ("distance", None)), "no answer's drawing"),
        (frame(50, ("distance", 0.3)), "one plot of two"),
        (frame(99, *both(0.3)), "painted after the release"),
    ],
)
def test_what_shows_nothing_newer_is_no_picture(more: list[Drawing], why: str) -> None:
    seen = log(frame(30, *both(0.1)), more)
    assert len(pictures(seen, PLOTS)) == 1, why
    assert rate(seen, PLOTS) == pytest.approx(10)


@given(st.lists(st.floats(1, 500), min_size=1, max_size=50))
def test_the_ages_of_a_page_that_draws_each_value_are_its_delays(delays: list[float]) -> None:
    """Plots draw in any order, every value in a frame of its own, none overtaken."""
    pushed, drawn, free = [], [], 0.0
    for value, delay in enumerate(delays):
        pushed.append((free, float(value)))
        drawn += frame(free + delay - 2, *both(float(value))[:: 1 - 2 * (value % 2)])
        free += delay + 1
    seen = pictures(DragLog(0, free, tuple(pushed), tuple(pushed), tuple(drawn)), PLOTS)
    assert [p.age for p in seen] == pytest.approx(delays)


def test_the_browsers_log_is_read_with_its_values_rounded() -> None:
    raw: dict[str, Any] = {
        "began": 0, "ended": 50, "moved": [[1, 0.5]], "pushed": [[3, 0.5 + 1e-12]],
        "drawn": [{"plot": plot, "value": 0.5, "frame": 9, "painted": 10} for plot in PLOTS],
    }  # fmt: skip
    raw["drawn"] += [{"plot": "distance", "value": None, "frame": 20, "painted": 21}]
    assert [(p.age, p.age_of_hand) for p in pictures(read(raw), PLOTS)] == [(7, 9)]


@given(st.permutations(range(101)))
def test_quantiles_do_not_depend_on_order(readings: list[int]) -> None:
    assert quantiles(readings, 0.5, 0.95) == pytest.approx((50, 95))


def test_no_reading_has_no_quantile() -> None:
    assert all(map(math.isnan, quantiles([], 0.5, 0.95)))


def event(name: str, at: float, process: int = 1, *stack: str, phase: str = "X") -> dict[str, Any]:
    """An event of a trace; the stack is of functions of one module, the innermost first."""
    frames = [{"functionName": name, "url": "http://host/modules/cursor.mjs?m=1"} for name in stack]
    arguments = {"beginData": {"stackTrace": frames}} if frames else {}
    return {"name": name, "ph": phase, "ts": at, "pid": process, "args": arguments}


def test_a_trace_is_counted_between_the_marks_of_its_own_page() -> None:
    computed = tracing.STYLE, tracing.LAYOUT
    found = tracing.counts([
        event(tracing.BEGAN, 10, phase="R"), event(tracing.ENDED, 90, phase="R"),
        *(event(name, at) for name in computed for at in (5, 50, 95)),
        *(event(name, 50, 2, "other") for name in computed),
        event(tracing.LAYOUT, 60, 1, "fit", "place"), event(tracing.STYLE, 61, 1, "fit"),
        event(tracing.STYLE, 62, 1, "place"), event("Paint", 63, 1, "fit"),
    ])  # fmt: skip
    assert (found.styles, found.layouts) == (3, 2)
    assert found.forced == {"fit cursor.mjs": 2, "place cursor.mjs": 1}
    assert tracing.report(found, 2) == (
        " 1.5 styles,  1.0 layouts; forced 1.5, by the page's own modules 1.5: "
        "fit cursor.mjs 1.0, place cursor.mjs 0.5"
    )


def test_a_trace_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        tracing.counts([event(tracing.STYLE, 1)])
