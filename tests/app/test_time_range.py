"""The range of the time axis: it fits the escapes, within T, and stays while little changes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures.axes import Axes, clock, time_end
from app.figures.time_range import SPREAD, fit
from app.render.page import render
from app.state.page_state import State, read
from simulation.results.summary import Summary
from tests.app.drawn import run

AUTO = Axes("auto")
TIMES = st.lists(st.floats(20.0, 60_000.0), min_size=2, max_size=2)


def escaping(*medians: float, diverged: int = 0) -> Summary:
    """A run of 100,000 steps whose optimizers escape at these steps; NaN: not by then."""
    summary, _ = run("toy")
    experiment = summary.experiment.replace(contenders=(0, 0.9)[: len(medians)])
    like = replace(summary.escape[0], total=4, diverged=0)
    escape = [replace(like, median=float(median)) for median in medians]
    escape[0] = replace(escape[0], diverged=diverged)
    return replace(summary, experiment=experiment, escape=tuple(escape))


@given(TIMES, st.sampled_from([AUTO, Axes(), Axes("log"), Axes(scaled=True)]))
def test_the_axis_ends_soon_after_the_last_escape_and_never_beyond_t(
    medians: list[float], axes: Axes
) -> None:
    summary = escaping(*medians)
    fitted = fit(summary, axes)
    assert fitted.end is not None
    last = float((np.array(medians) * clock(summary.experiment, axes)).max())
    whole = time_end(summary.experiment, axes)
    assert fitted.end <= whole
    assert fitted.end == whole or 1.15 * last <= fitted.end <= 1.54 * last
    assert fit(summary, fitted) == fitted


@given(TIMES)
def test_auto_is_log_where_the_escapes_span_more_than_thirty_times(medians: list[float]) -> None:
    fitted = fit(escaping(*medians), AUTO)
    assert fitted.x == ("log" if max(medians) > SPREAD * min(medians) else "linear")
    if fitted.x == "log":
        assert fitted.start is not None
        assert 1 <= fitted.start <= max(1, min(medians) / 10)
        assert math.log10(fitted.start).is_integer()


@pytest.mark.parametrize("axes", ["linear", "log"])
def test_a_chosen_scale_is_kept(axes: str) -> None:
    for medians in ((50.0, 50_000.0), (40_000.0, 50_000.0)):
        assert fit(escaping(*medians), Axes(axes)).x == axes


def test_who_has_not_escaped_or_diverges_is_waited_for_until_t() -> None:
    assert fit(escaping(2000.0, 300.0), AUTO).end == 2500
    for summary in (
        escaping(math.nan, 300.0),
        escaping(math.nan, math.nan),
        escaping(2000.0, 300.0, diverged=3),
        escaping(0.0, 0.0),  # the start is beyond the radius: nothing escapes
    ):
        assert fit(summary, AUTO).end == 100_000
    assert fit(escaping(math.nan, 300.0), AUTO).x == "log"
    assert fit(escaping(math.nan, 30_000.0), AUTO).x == "linear"
    assert fit(escaping(math.nan, math.nan), AUTO).x == "linear"


def test_the_range_moves_rarely_while_a_slider_is_dragged() -> None:
    """The last escape grows a hundredfold in 1,000 moves; a decade has ten ends."""
    times = np.geomspace(300, 30_000, 1000)
    ends = [fit(escaping(float(t), 290.0), Axes()).end for t in times]
    assert len(set(ends)) <= 21
    assert ends == sorted(ends, key=lambda end: end or 0)


def test_a_lesson_s_axis_runs_to_t_and_tells_no_answer_until_it_is_revealed() -> None:
    tabs = ("explore", "lessons")
    asked, told = (read(f"tab=lessons&lesson=7{end}", tabs)[0] for end in ("", "&reveal=1"))
    low, high = drawn_range(asked)
    assert low == 0
    assert high == pytest.approx(1.05 * asked.experiment.steps, rel=0.01)
    free = read("landscape=phase-retrieval&run=0,0.5,0.9&T=4000")[0]
    assert drawn_range(told) == drawn_range(free)
    assert drawn_range(told)[1] < 4000


def drawn_range(state: State) -> list[float]:
    """The range of the time axis of the distance plot."""
    ends: list[float] = render(state, "light").figures["distance"]["layout"]["xaxis"]["range"]
    return ends
