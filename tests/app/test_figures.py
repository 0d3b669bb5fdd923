"""Laws of the four figures: they say what the Summary says, in one look, without NaN."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from app import ids
from app.figures import FIGURES, Axes, draw, frame, landscape, summary_texts
from app.figures.arrays import joined, typed, untyped
from app.figures.frame import background_key
from app.theme import THEMES, styles
from simulation.experiment import Experiment
from simulation.run import simulate
from simulation.summary import summarise
from simulation.surface import surface

LIGHT = THEMES["light"]
EXPERIMENTS = {
    "toy": Experiment(steps=100_000),
    "ensemble": Experiment(landscape="quadratic", steps=3000, paths=24, seed=1),
    "rotated": Experiment(rotation=90, steps=60_000, seed=3),
    "rules": Experiment(
        contenders=("0", "0.5", "nesterov:0.9", "0.9", "adam", "boosted:0.5", "amsgrad", "0.99"),
        steps=20_000,
    ),
    "alone": Experiment(contenders=(0.9,), steps=5000),
    "silent": Experiment(noise="none", steps=1000),
    "diverging": Experiment(
        landscape="quadratic", step_size=3.0, steps=500, paths=1, contenders=(0, 0.9)
    ),
    "wide": Experiment(
        landscape="quadratic", eigenvalues=(2, 1, -0.5, -0.5), steps=200, paths=4, noise_sd=(0.1,)
    ),
}
AXES = [Axes(x, scaled) for x in ("linear", "log") for scaled in (False, True)]
everywhere = pytest.mark.parametrize("name", EXPERIMENTS)


@cache
def run(name):
    experiment = EXPERIMENTS[name]
    return summarise(simulate(experiment)), surface(experiment)


def drawn(name, theme=LIGHT, axes=AXES[0]):
    return draw(*run(name), theme, axes)


def of_kind(figure, kind):
    return {t["meta"]["contender"]: t for t in figure["data"] if t["meta"]["kind"] == kind}


@everywhere
@pytest.mark.parametrize("axes", AXES, ids=str)
def test_figures_are_json_without_nan(name, axes):
    for theme in THEMES.values():
        figures = drawn(name, theme, axes)
        assert list(figures) == list(ids.GRAPHS) == list(FIGURES)
        json.dumps(figures, allow_nan=False)
        json.dumps(frame(figures), allow_nan=False)


@everywhere
def test_the_same_run_gives_the_same_figures(name):
    assert json.dumps(drawn(name)) == json.dumps(draw(*run(name), LIGHT))


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


def test_without_a_law_the_plot_gives_the_reason():
    summary, _ = run("wide")
    assert summary.law is None
    figure = drawn("wide")[ids.DISTANCE]
    assert all(np.isnan(untyped(t["y"])).all() for t in of_kind(figure, "law").values())
    said = of_kind(figure, "note")[None]["text"][0].removeprefix("no exact law: ")
    assert summary.law_reason.startswith(said.removesuffix(" …"))
    assert summary.law_reason in summary_texts(summary)[ids.DISTANCE]


@everywhere
def test_a_contender_has_one_colour_and_dash_on_every_plot(name):
    summary, _ = run(name)
    for theme in THEMES.values():
        look = styles(summary.experiment.contenders, theme)
        figures = drawn(name, theme)
        for figure in figures.values():
            for i, style in enumerate(look):
                lines = of_kind(figure, "curve") | of_kind(figure, "path")
                assert lines[i]["line"]["color"] == style.color
                assert lines[i]["line"]["dash"] == style.dash
                name_ = of_kind(figure, "name")[i]
                assert name_["text"][-1] == style.name
                assert lines[i].get("name", style.name) == style.name
                assert name_["textfont"]["color"] == style.text


@everywhere
@pytest.mark.parametrize("axes", AXES, ids=str)
def test_names_of_the_curves_never_overlap(name, axes):
    """At the least size a plot is drawn, and so at every other."""
    for graph in (ids.DISTANCE, ids.CORRELATION, ids.VALUE):
        figure = drawn(name, LIGHT, axes)[graph]
        layout = figure["layout"]
        inner = 185 - layout["margin"]["t"] - layout["margin"]["b"]
        boxes = []
        for trace in of_kind(figure, "name").values():
            x = share(untyped(trace["x"])[-1], layout["xaxis"]) * 290
            y = share(untyped(trace["y"])[-1], layout["yaxis"]) * inner
            assert 0 <= y <= inner
            boxes.append((x, x + 0.6 * LIGHT.small * len(trace["text"][-1]), y))
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                apart = a[1] <= b[0] or b[1] <= a[0] or abs(a[2] - b[2]) >= 1.15 * LIGHT.small
                assert apart, (graph, a, b)


def share(value, axis):
    """Where a value lies along an axis, from 0 to 1."""
    low, high = axis["range"]
    return ((np.log10(value) if axis.get("type") == "log" else value) - low) / (high - low)


@everywhere
@pytest.mark.parametrize("axes", AXES, ids=str)
def test_a_name_on_a_curve_belongs_to_it(name, axes):
    """The lead of a name begins on its own curve, or the name stands at the curve's end."""
    for graph in (ids.DISTANCE, ids.VALUE):
        figure = drawn(name, LIGHT, axes)[graph]
        curves = of_kind(figure, "curve")
        end = max(np.nanmax(untyped(c["x"])) for c in curves.values())
        for i, trace in of_kind(figure, "name").items():
            x, y = untyped(trace["x"])[0], untyped(trace["y"])[0]
            if x < end:
                k = int(np.flatnonzero(untyped(curves[i]["x"]) == x)[0])
                assert y == pytest.approx(untyped(curves[i]["y"])[k], rel=1e-5)


@everywhere
def test_names_of_the_dots_never_overlap(name):
    figure = drawn(name)[ids.LANDSCAPE]
    x0, x1 = figure["layout"]["xaxis"]["range"]
    pixel = (x1 - x0) / 340
    boxes = []
    for trace in of_kind(figure, "name").values():
        x, y = float(untyped(trace["x"])[-1]) / pixel, float(untyped(trace["y"])[-1]) / pixel
        width = 0.6 * LIGHT.small * len(trace["text"][-1])
        left = {"left": x - width, "center": x - width / 2, "right": x}
        x_left = left[trace["textposition"].split()[1]]
        boxes.append((x_left, x_left + width, y - 0.6 * LIGHT.small, y + 0.6 * LIGHT.small))
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
            assert apart, (a, b)


@everywhere
@pytest.mark.parametrize("axes", AXES, ids=str)
def test_words_lie_inside_the_ranges_so_that_plotly_shows_them(name, axes):
    """Plotly hides a point that is outside its axes, even with cliponaxis off."""
    for figure in drawn(name, LIGHT, axes).values():
        for trace in figure["data"]:
            if "text" not in trace.get("mode", ""):
                continue
            worded = [i for i, words in enumerate(trace["text"]) if words.strip()]
            for axis in "xy":
                layout = figure["layout"][f"{axis}axis"]
                at = untyped(trace[axis])[worded].astype(float)
                at = at[np.isfinite(at)]
                at = np.log10(at) if layout.get("type") == "log" else at
                if trace["meta"]["kind"] in ("start", "minimum", "saddle"):
                    continue  # places of the landscape: they may be out of view
                assert (at >= layout["range"][0]).all(), trace["meta"]
                assert (at <= layout["range"][1]).all(), trace["meta"]


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


def test_time_ranges_depend_on_steps_alone():
    experiment = EXPERIMENTS["toy"]
    other = experiment.replace(step_size=1e-3, contenders=(0, 0.99), seed=7)
    ranges = [
        [figure["layout"]["xaxis"]["range"]
         for graph, figure in draw(summarise(simulate(e)), surface(e), LIGHT).items()
         if graph != ids.LANDSCAPE]
        for e in (experiment, other)
    ]  # fmt: skip
    assert ranges[0] == ranges[1]


def moved(figures, said):
    """The figures with x, y and text taken from a frame, as the browser does it."""
    out = json.loads(json.dumps(figures))
    for graph, moving in said["graphs"].items():
        for place, i in enumerate(moving["traces"]):
            trace = out[graph]["data"][i]
            trace["x"] = said["arrays"][moving["x"][place]]
            trace["y"] = said["arrays"][moving["y"][place]]
            if moving["text"][place] is not None:
                trace["text"] = moving["text"][place]
    return out


def test_a_frame_over_the_old_figures_gives_the_new_ones():
    """Dragging β changes numbers and words only: traces, looks and background stay."""
    experiment = EXPERIMENTS["toy"]
    betas = (0, 0.3, 0.5, 0.7)
    before, after = (
        draw(summarise(simulate(e)), surface(e), LIGHT)
        for e in (experiment.replace(contenders=(*betas, b)) for b in (0.9, 0.912))
    )
    assert json.dumps(before) != json.dumps(after)
    result = moved(before, frame(after))
    for graph, figure in json.loads(json.dumps(after)).items():
        for got, wanted in zip(result[graph]["data"], figure["data"], strict=True):
            # The name under the pointer comes with the true figure.
            assert got | {"name": None} == wanted | {"name": None}
        assert result[graph]["layout"] == figure["layout"]


def test_a_frame_sends_each_array_once_and_no_background():
    figures = drawn("toy")
    said = frame(figures)
    sent = [spec["bdata"] for spec in said["arrays"]]
    assert len(set(sent)) == len(sent)
    back = [t for t in figures[ids.LANDSCAPE]["data"] if "background" in t["meta"]]
    assert len(back) > 10
    assert not {t["x"]["bdata"] for t in back} & (set(sent) - {typed([np.nan])["bdata"]})


def test_the_background_changes_with_the_landscape_and_nothing_else():
    experiment = EXPERIMENTS["toy"]

    def key(e, theme=LIGHT):
        return background_key(draw(summarise(simulate(e)), surface(e), theme)[ids.LANDSCAPE])

    same = [experiment.replace(step_size=1e-3, contenders=(0.2, 0.8)), experiment]
    other = [experiment.replace(rotation=10), experiment.replace(eigenvalues=(1, -0.2))]
    assert len({key(e) for e in same}) == 1
    assert len({key(e) for e in (experiment, *other)}) == 3
    assert key(experiment) != key(experiment, THEMES["dark"])


def test_traces_are_of_the_same_kinds_in_the_same_order_whatever_the_paths():
    one, many = Experiment(steps=2000), Experiment(steps=2000, paths=12)
    kinds = [
        [[t["meta"]["kind"] for t in f["data"]]
         for f in draw(summarise(simulate(e)), surface(e), LIGHT).values()]
        for e in (one, many)
    ]  # fmt: skip
    assert kinds[0] == kinds[1]


def test_at_the_first_escape_only_its_contender_is_past_the_radius():
    summary, ground = run("toy")
    moment, first = landscape.race_moment(summary, ground)
    assert first == 4
    assert moment == summary.escape[4].median
    dots = of_kind(drawn("toy")[ids.LANDSCAPE], "dot")
    places = np.array([[untyped(t[a])[0] for a in "xy"] for _, t in sorted(dots.items())])
    away = np.abs((places - ground.saddles[0]) @ ground.direction)
    assert (away[:4] < summary.radius).all()
    assert away[4] >= 0.9 * summary.radius


def test_the_path_is_drawn_strongly_up_to_the_dot():
    summary, _ = run("toy")
    figure = drawn("toy")[ids.LANDSCAPE]
    for i, dot in of_kind(figure, "dot").items():
        path = of_kind(figure, "path")[i]
        assert untyped(path["x"])[-1] == untyped(dot["x"])[0]
        assert untyped(path["y"])[-1] == untyped(dot["y"])[0]
        whole = untyped(of_kind(figure, "paths")[i]["x"])
        assert np.array_equal(whole[:-1], summary.lines[i, 0, :, 0].astype(np.float32))


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
