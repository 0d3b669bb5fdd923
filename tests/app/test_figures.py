"""Laws of the four figures: they say what the Summary says, in one look, without NaN."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from app import ids
from app.figures import distance, race_moment
from app.figures.axes import Axes
from app.figures.explore import FIGURES, draw, summary_texts
from app.figures.landscape import layout
from app.figures.terrain_trace import off_axis, stationary_points
from app.figures.typed_arrays import joined, typed, untyped
from app.render.cursor_data import cursor_data
from app.render.delta import delta
from app.text.outcome import outcome
from app.theme import THEMES, Style, rgba, styles
from simulation.landscapes.registry import landscape_of
from simulation.model.experiment import Experiment
from simulation.model.query import repair_query
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.rules import RULES
from simulation.runs.simulate import simulate
from tests.app.drawn import AXES, EXPERIMENTS, LIGHT, drawn, everywhere, of_kind, run


@everywhere
@pytest.mark.parametrize("axes", AXES, ids=str)
def test_figures_are_json_without_nan(name, axes):
    for theme in THEMES.values():
        figures = drawn(name, theme, axes)
        assert list(figures) == list(ids.GRAPHS) == list(FIGURES)
        json.dumps(figures, allow_nan=False)
        json.dumps(delta(figures), allow_nan=False)


@pytest.mark.long
def test_figures_do_not_depend_on_what_was_drawn_before():
    first = {name: json.dumps(drawn(name)) for name in EXPERIMENTS}
    for theme, axes, name in product(THEMES.values(), AXES, EXPERIMENTS):
        drawn(name, theme, axes)
    for name, experiment in reversed(EXPERIMENTS.items()):
        again = draw(summarise(simulate(experiment)), terrain(experiment), LIGHT, AXES[0])
        assert json.dumps(again) == first[name]


def test_arrows_are_told_only_of_what_a_momentum_is_a_sum_of():
    summary, _ = run("rules")
    told = cursor_data(summary, LIGHT)
    racing = summary.experiment.contenders
    expected = [RULES[c.rule].family.fresh(c.momentum) for c in racing]
    assert told["fresh"] == [share if np.isfinite(share) else None for share in expected]
    json.dumps(told, allow_nan=False)


@everywhere
@pytest.mark.parametrize(
    ("graph", "band"),
    [
        (ids.DISTANCE, "distance"),
        (ids.CORRELATION, "trend"),
        (ids.CORRELATION, "correlation"),
        (ids.VALUE, "value"),
    ],
)
def test_curves_hold_the_summary_s_numbers(name, graph, band):
    summary, _ = run(name)
    raw = band == "correlation" and summary.experiment.paths == 1
    curves = of_kind(drawn(name)[graph], "raw" if raw else "curve")
    held = summary.trend if band == "trend" else getattr(summary, band).median
    for i, (row, escape) in enumerate(zip(held, summary.escape, strict=True)):
        x, y = untyped(curves[i]["x"]), untyped(curves[i]["y"])
        assert np.array_equal(x, summary.steps.astype(np.float32))
        shown = np.isfinite(y)
        assert np.array_equal(y[shown], row.astype(np.float32)[shown])
        hidden = summary.steps[~shown]
        broken = 2 * escape.diverged >= escape.total > 0 and escape.diverged
        on_log_axis = row > 0 if graph == ids.DISTANCE else np.ones_like(row, bool)
        allowed = ~on_log_axis | (broken and summary.steps > escape.first_diverged)
        assert np.isin(hidden, summary.steps[allowed]).all()


def test_bands_enclose_the_curve_and_vanish_for_one_path():
    for name in ("ensemble", "toy"):
        summary, _ = run(name)
        figures = drawn(name)
        for graph, band in ((ids.CORRELATION, summary.correlation), (ids.VALUE, summary.value)):
            for i, trace in of_kind(figures[graph], "band").items():
                y = untyped(trace["y"])
                if summary.experiment.paths == 1:
                    assert np.isnan(y).all()
                    continue
                low, high = np.split(y, 2)
                assert np.array_equal(low, band.low[i].astype(np.float32))
                assert np.array_equal(high[::-1], band.high[i].astype(np.float32))


def test_the_law_drawn_is_the_law_of_the_summary():
    summary, _ = run("ensemble")
    laws = of_kind(drawn("ensemble")[ids.DISTANCE], "law")
    for i, trace in laws.items():
        y, law = untyped(trace["y"]), summary.law.median[i].astype(np.float32)
        shown = np.isfinite(y)
        assert shown.sum() > 50
        assert np.array_equal(y[shown], law[shown])
        assert not (law[~shown] > 0).any()


def test_without_a_law_the_plot_says_so_and_the_reading_why():
    summary, _ = run("wide")
    assert summary.law is None
    figure = drawn("wide")[ids.DISTANCE]
    assert all(np.isnan(untyped(t["y"])).all() for t in of_kind(figure, "law").values())
    assert "no exact law" in figure["layout"]["title"]["text"]
    assert summary.law_reason in outcome(summary).notes
    assert summary.law_reason in summary_texts(summary)[ids.DISTANCE]


def test_a_law_that_is_nowhere_is_not_named():
    """The start lies beyond where the linear model holds: the law has no finite median."""
    summary = summarise(simulate(Experiment(start=(0.0, 0.55), steps=1000)))
    assert summary.law is None or not np.isfinite(summary.law.median).any()
    assert distance.said(summary) == "no exact law"
    assert "is drawn" not in summary_texts(summary)[ids.DISTANCE]


@everywhere
def test_a_contender_has_one_colour_and_dash_on_every_plot(name):
    summary, _ = run(name)
    for theme in THEMES.values():
        look = styles(summary.experiment.contenders, theme)
        landscape, *timed = drawn(name, theme).values()
        cursor = cursor_data(summary, theme)
        assert [Style(**each) for each in cursor["styles"]] == list(look)
        assert (cursor["line"], cursor["small"]) == (theme.line, theme.small)
        for i, style in enumerate(look):
            faint = of_kind(landscape, "paths")[i]["line"]["color"]
            shown = summary.lines.shape[1]  # the more paths, the fainter
            assert faint == rgba(style.color, round(0.45 / shown**0.5, 2))
            for figure in timed:
                line = of_kind(figure, "curve")[i]
                assert line["line"]["color"] == style.color
                assert line["line"]["dash"] == style.dash
                assert line["name"] == style.name


def test_scaled_time_is_t_over_one_minus_beta_and_every_curve_reaches_its_end():
    summary, _ = run("toy")
    axes = Axes(scaled=True)
    curves = of_kind(drawn("toy", LIGHT, axes)[ids.VALUE], "curve")
    for i, contender in enumerate(summary.experiment.contenders):
        x = untyped(curves[i]["x"])
        expected = summary.steps / (1 - contender.momentum)
        shown = np.isfinite(x)
        assert np.allclose(x[shown], expected[shown])
        assert (expected[~shown] > summary.experiment.steps).all()
        assert shown.sum() > 20


def test_at_the_first_escape_only_its_contender_is_past_the_radius():
    summary, ground = run("toy")
    moment, first = race_moment.race_moment(summary)
    assert first == 4
    assert moment == summary.escape[4].median
    k = race_moment.cursor_index(summary)
    paths = of_kind(drawn("toy")[ids.LANDSCAPE], "paths")
    places = np.array([[untyped(t[a])[k] for a in "xy"] for _, t in sorted(paths.items())])
    away = np.abs((places - ground.saddles[0]) @ ground.direction)
    assert (away[:4] < summary.radius).all()
    assert away[4] >= 0.9 * summary.radius


def test_the_first_of_the_paths_begins_each_trace_so_that_the_cursor_finds_it():
    summary, _ = run("ensemble")
    steps = untyped(cursor_data(summary, LIGHT)["steps"])
    for i, trace in of_kind(drawn("ensemble")[ids.LANDSCAPE], "paths").items():
        for axis, name in enumerate("xy"):
            values = untyped(trace[name])
            first = summary.lines[i, 0, :, axis].astype(np.float32)
            assert np.array_equal(values[: len(steps)], first)
            assert np.isnan(values[len(steps)])


@everywhere
def test_the_landscape_holds_nothing_that_the_cursor_draws(name):
    summary, ground = run(name)
    drawn_ = draw(summary, ground, LIGHT)[ids.LANDSCAPE]
    kinds = {trace["meta"]["kind"] for trace in drawn_["data"]}
    assert kinds == {"level", "saddle level", "region", "paths", "radius", "start", "saddle",
                     "minimum"}  # fmt: skip
    texts = {words.strip() for t in drawn_["data"] for words in t.get("text", ())}
    assert not texts & {contender.label for contender in summary.experiment.contenders}


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("landscape=quadratic&eig=-1,-0.5", "maximum"),
        ("landscape=quadratic&eig=1,-0.5", "saddle"),
        ("landscape=formula&f=a*x^2-b*y^2&p=a:-10,b:1", "maximum"),
        ("landscape=formula&f=x^3-3*x*y^2", "saddle"),
    ],
)
def test_a_maximum_is_not_named_a_saddle(query, kind):
    """Where f falls in all directions; its map differs from that of a saddle at the same place."""
    surface = terrain(repair_query(query)[0])
    points = next(t for t in stationary_points(surface, LIGHT) if t["meta"]["kind"] == "saddle")
    assert points["text"][0].strip() == kind
    assert kind in points["meta"]["background"]


def test_the_map_says_how_far_its_axis_is_from_the_escape_direction():
    """Unless its plane contains v: an escaped path can be inside the lines of the radius then."""
    assert off_axis(run("toy")[1]) == ""
    assert off_axis(terrain(repair_query("rot=30")[0])) == ""
    experiment = repair_query("landscape=phase-retrieval")[0]
    landscape = landscape_of(experiment)
    v, signal = landscape.escape_directions(experiment)[0], landscape.truth(experiment)
    angle = np.degrees(np.arccos(abs(v @ signal) / np.linalg.norm(signal)))
    assert angle > 10
    surface = terrain(experiment)
    assert off_axis(surface) == f", {angle:.0f}° off <i>v</i>"
    title = layout(summarise(simulate(experiment)), surface, LIGHT)["xaxis"]["title"]["text"]
    assert title.endswith(off_axis(surface))


@everywhere
def test_words_for_the_blind_name_every_contender_with_a_number(name):
    summary, _ = run(name)
    for graph, words in summary_texts(summary).items():
        for contender in summary.experiment.contenders:
            assert contender.label in words, graph
        assert any(c.isdigit() for c in words)
        assert "nan" not in words.lower()


def test_words_follow_the_drawn_experiment():
    texts = [
        summary_texts(summarise(simulate(EXPERIMENTS["toy"].replace(contenders=(b,)))))
        for b in (0.5, 0.8)
    ]
    for graph in ids.GRAPHS:
        assert texts[0][graph] != texts[1][graph]


def test_typed_arrays_decode_to_their_numbers_and_infinities_are_gaps():
    values = [1.5, -2.0, np.inf, -np.inf, np.nan, 1e300, 0.1]
    back = untyped(typed(values))
    assert np.array_equal(back[[0, 1, 6]], np.float32([1.5, -2, 0.1]))
    assert np.isnan(back[2:6]).all()


def test_joined_lines_are_separated_by_gaps():
    assert np.array_equal(joined([[1, 2], [3, 4]]), [1, 2, np.nan, 3, 4, np.nan], equal_nan=True)


def test_a_diverged_run_ends_in_a_cross():
    summary, _ = run("diverging")
    broken = [i for i, e in enumerate(summary.escape) if e.diverged]
    assert broken == [0]
    for graph in (ids.DISTANCE, ids.CORRELATION, ids.VALUE):
        figure = drawn("diverging")[graph]
        cross = of_kind(figure, "cross")[None]
        x = untyped(cross["x"])
        assert np.array_equal(np.flatnonzero(np.isfinite(x)), broken)
        curve = of_kind(figure, "curve")[0]
        assert x[0] == untyped(curve["x"])[np.isfinite(untyped(curve["y"]))][-1]
        assert x[0] <= summary.escape[0].first_diverged
