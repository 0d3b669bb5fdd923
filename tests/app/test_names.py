"""Laws of the words in the figures; names of curves: tests/browser/test_curve_names.py."""

from __future__ import annotations

import re

import numpy as np
import pytest

from app import ids
from app.figures import distance, landscape, race_moment
from app.figures.explore import draw
from app.figures.typed_arrays import untyped
from app.text.numbers import exact
from app.text.outcome import outcome
from simulation.model.experiment import Experiment
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.results.terrain import terrain
from simulation.runs.simulate import simulate
from tests.app.drawn import AXES, LIGHT, drawn, everywhere, of_kind


def share(value, axis):
    """Where a value lies along an axis, from 0 to 1."""
    low, high = axis["range"]
    return ((np.log10(value) if axis.get("type") == "log" else value) - low) / (high - low)


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


@pytest.mark.parametrize("query", ["", "landscape=quadratic&N=9", "landscape=monkey"])
def test_the_first_to_escape_is_said_to_have_escaped(query):
    experiment = parse_query(query)
    summary = summarise(simulate(experiment))
    moment, first = race_moment.race_moment(summary)
    assert first is not None
    assert 0 < moment <= experiment.steps
    said, median = race_moment.race_words(summary, first), summary.escape[first].median
    label = experiment.contenders[first].label
    if experiment.paths == 1:
        assert said == f"{label} escaped at {exact(median)}"
        assert median == moment
        assert exact(median) in outcome(summary).sentence
    else:  # the drawn path's moment beside the headline's number
        assert said == f"{label} has escaped on this path; median {exact(median)}"
        assert exact(median) in outcome(summary).sentence


@pytest.mark.parametrize("paths", [1, 5])
@pytest.mark.parametrize(
    "query", ["landscape=phase-retrieval&seed=3&T=3000",
              "landscape=phase-retrieval&hold=stability&c=0.0004466,1&n=1&w0=0,0&T=2266",
              "landscape=quadratic&eig=1,-0.1,-0.1&T=3000", "landscape=monkey&T=3000"],
)  # fmt: skip
def test_only_who_escapes_on_the_drawn_path_is_said_to(query, paths):
    """Also where the view is folded, or leaves out a direction of escape."""
    run = simulate(parse_query(query).replace(paths=paths))
    summary = summarise(run)
    escaped = (run.escape_time[:, 0] >= 0) & (run.escape_time[:, 0] <= run.steps[-1])
    moment, first = race_moment.race_moment(summary)
    assert (first is not None) == escaped.any()
    if first is not None:
        assert escaped[first]
        assert run.escape_time[first, 0] <= moment
    assert bool(race_moment.race_words(summary, first)) == escaped.any()


def test_who_passes_the_radius_and_then_diverges_has_not_escaped():
    experiment = Experiment(landscape="quadratic", step_size=3.0, steps=500, paths=1,
                            contenders=(0,))  # fmt: skip
    run = simulate(experiment)
    summary = summarise(run)
    (passed,), (gone,) = run.escape_time[0], run.diverged_at[0]
    assert 0 < passed < gone
    assert summary.escape[0].escaped == 0
    moment, first = race_moment.race_moment(summary)
    assert passed <= moment <= gone
    assert race_moment.race_words(summary, first) == (
        f"SGD passed the radius, then diverged at {gone}"
    )


@pytest.mark.parametrize("paths", [1, 8])
def test_who_stays_is_asked_before_who_diverges(paths):
    """SGD is first past the radius, and then runs off along the steep direction."""
    experiment = Experiment(landscape="quadratic", step_size=3.0, steps=500, paths=paths,
                            contenders=(0, 0.9), noise_sd=(0.1, 1e-4))  # fmt: skip
    summary = summarise(simulate(experiment))
    assert summary.escape[0].diverged == paths
    assert race_moment.race_moment(summary)[1] == 1


def test_points_too_near_to_the_saddle_keep_their_marks_and_lose_their_names():
    for query, named in (("", True), ("R=9", False)):
        experiment = parse_query(query + "&T=100")
        figure = draw(summarise(simulate(experiment)), terrain(experiment), LIGHT)[ids.LANDSCAPE]
        minima = of_kind(figure, "minimum")[None]
        assert np.isfinite(untyped(minima["x"])).sum() == 2
        assert [bool(words.strip()) for words in minima["text"]] == [named] * 2
        assert of_kind(figure, "saddle")[None]["text"][0].strip() == "saddle"


def test_the_radius_of_a_way_out_that_runs_across_is_named_at_the_top_between_its_lines():
    experiment = parse_query("landscape=phase-retrieval&T=300&N=2")
    figure = draw(summarise(simulate(experiment)), terrain(experiment), LIGHT)[ids.LANDSCAPE]
    radius = of_kind(figure, "radius")[None]
    at = next(i for i, words in enumerate(radius["text"]) if words.strip())
    assert radius["textposition"] == "bottom right"
    assert untyped(radius["x"])[at] < 0
    assert share(untyped(radius["y"])[at], figure["layout"]["yaxis"]) > 0.99


def test_on_a_map_that_ends_at_the_saddle_its_label_is_above_it():
    experiment = parse_query("landscape=phase-retrieval&T=300&N=2")
    figure = draw(summarise(simulate(experiment)), terrain(experiment), LIGHT)[ids.LANDSCAPE]
    assert of_kind(figure, "saddle")[None]["textposition"] == ["top left"]


def test_a_long_name_has_room_beside_every_plot_over_time():
    for contenders in ("0,0.9", "0,0.999259"):
        experiment = parse_query(f"run={contenders}&T=200")
        figures = draw(summarise(simulate(experiment)), terrain(experiment), LIGHT)
        longest = max(len(c.label) for c in experiment.contenders)
        for graph in ids.GRAPHS[1:]:
            margin = figures[graph]["layout"]["margin"]["r"]
            assert margin >= 0.6 * LIGHT.small * longest + LIGHT.small / 2


@pytest.mark.parametrize("paths", [1, 5])
@pytest.mark.parametrize("query", ["run=0,0.5,0.9", "landscape=quadratic&run=0,0.9&T=2000"])
def test_the_time_bar_counts_an_escape_as_the_headline_does(query, paths):
    """An escape's own step stands between the recorded ones, and the cursor finds it."""
    summary = summarise(simulate(parse_query(query).replace(paths=paths)))
    steps = race_moment.shown_steps(summary)
    assert (np.diff(steps) > 0).all()
    found = race_moment.escapes(summary)
    assert found
    for k, contender in found:
        assert summary.drawn_distance[contender, k - 1] < summary.radius
        assert race_moment.cursor_index(summary, int(steps[k])) == k
        if paths == 1:
            assert steps[k] == summary.escape[contender].median
    assert np.isin(steps, summary.steps).sum() >= len(steps) - len(found)


@pytest.mark.parametrize("paths", [1, 50])
def test_each_escape_is_named_at_its_recorded_step(paths):
    """Optimizers that escape between the same two recorded steps are named together."""
    query = "landscape=quadratic&eig=2,-0.5,-0.5&run=0,0.9,boosted:0.9,nesterov:0.9&R=0.1"
    summary = summarise(simulate(parse_query(query).replace(paths=paths)))
    found, moments = race_moment.escapes(summary), race_moment.moments(summary)
    assert {k for k, _ in found} == set(moments)
    together = 0
    for k, said in moments.items():
        named = [i for i, c in enumerate(summary.experiment.contenders) if c.label in said]
        assert named == sorted(i for at, i in found if at == k)
        together += len(named) > 1
    assert together


@pytest.mark.parametrize("paths", [1, 8])
def test_where_there_is_no_saddle_nothing_escapes(paths):
    """The headline says so, and map, distance and their text alternatives do not contradict it."""
    experiment = parse_query(f"landscape=rosenbrock&run=0,0.9&T=3000&N={paths}")
    summary = summarise(simulate(experiment))
    figures = draw(summary, terrain(experiment), LIGHT, AXES[0])
    said = list(race_moment.moments(summary).values())
    assert said
    assert all("left its start" in text for text in said)
    assert not any("escaped" in text for text in said)
    assert "start" in figures[ids.DISTANCE]["layout"]["title"]["text"]
    for text in (landscape.summary_text(summary), distance.summary_text(summary)):
        assert "the saddle" not in text
        assert not re.search("escape[sd]", text)
