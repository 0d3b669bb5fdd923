"""The Distribution tab: its humps have the right area, its words the right numbers."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from app import ids
from app.figures.axes import Axes
from app.figures.typed_arrays import untyped
from app.state.edits import apply
from app.state.page_state import State, read, write
from app.state.work_budget import clamp_to_budget
from app.tabs.distribution import figures
from app.tabs.distribution.tab import ensembles, quantile_range, remarks
from app.tabs.registry import TAB_MODULES
from app.text.numbers import exact
from app.theme import THEMES, styles
from simulation.diagnostics.escape import EscapeStatistics
from simulation.model.experiment import Experiment
from simulation.results.escape_distribution import Distribution, affordable_paths, distribution
from simulation.runs import budget
from tests.app.test_properties import cells, of_kind
from tests.marks import CORE_LANDSCAPES, every_landscape

pytestmark = pytest.mark.usefixtures("results_are_kept")
LIGHT = THEMES["light"]
MANY = Experiment(landscape="quadratic", paths=400, contenders=(0, 0.5, 0.9, "adam"))
EXPERIMENTS = {
    name: Experiment(landscape=name, steps=300, paths=30) for name in CORE_LANDSCAPES
} | {
    "many": MANY,
    "toy": Experiment(step_size=5e-3, steps=10_000, paths=40),
    "one": Experiment(landscape="quadratic", paths=1),
    "none escapes": Experiment(landscape="quadratic", paths=3, steps=10),
    "diverging": Experiment(landscape="quadratic", step_size=3.0, steps=500, paths=3),
    "at once": Experiment(landscape="quadratic", start=(0.0, 2.0), steps=100, paths=30),
}
AXES = [Axes("log"), Axes("log", scaled=True)]
everywhere = pytest.mark.parametrize("name", EXPERIMENTS)


@cache
def measured(name: str) -> Distribution:
    return distribution(EXPERIMENTS[name])


@pytest.fixture(scope="module")
def many() -> Distribution:
    return measured("many")


@pytest.mark.long
@everywhere
@pytest.mark.parametrize("axes", AXES)
def test_every_figure_is_plain_finite_json(name: str, axes: Axes) -> None:
    seen = measured(name)
    drawn = figures.figures(seen, LIGHT, axes)
    assert tuple(drawn) == ids.DISTRIBUTION_GRAPHS
    counts = {kind: len(of_kind(drawn[ids.HISTOGRAM], kind)) for kind in ("hump", "law", "name")}
    assert set(counts.values()) == {len(seen.experiment.contenders)}
    for figure in drawn.values():
        json.loads(json.dumps(figure, allow_nan=False))
        low, high = figure["layout"]["xaxis"]["range"]
        assert low < high
    assert set(figures.summary_texts(seen)) == set(drawn)


def area(trace: dict[str, Any]) -> float:
    """Of a staircase over log₁₀ t."""
    x, y = np.log10(untyped(trace["x"]).astype("f8")), untyped(trace["y"]).astype("f8")
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


@pytest.mark.parametrize("axes", AXES)
def test_a_humps_area_is_the_share_that_has_escaped(many: Distribution, axes: Axes) -> None:
    """Also on the scaled clock: a hump over log t is only moved."""
    drawn = figures.figures(many, LIGHT, axes)[ids.HISTOGRAM]
    for hump, law, escape in zip(
        of_kind(drawn, "hump"), of_kind(drawn, "law"), many.escape, strict=True
    ):
        assert area(hump) == pytest.approx(escape.escaped / escape.total, abs=2e-3)
        if len(untyped(law["x"])) > 1:
            assert area(law) == pytest.approx(1, abs=0.02)


def test_on_the_scaled_clock_the_humps_fall_on_one_another() -> None:
    """At the same η and small h the rate is SGD's over 1 − β; the noise weighs a little more."""
    experiment = Experiment(
        landscape="quadratic", step_size=1e-3, steps=60_000, paths=40, contenders=(0, 0.5, 0.8)
    )
    seen = distribution(experiment)
    spans = []
    for axes in (Axes("log"), Axes("log", scaled=True)):
        drawn = figures.figures(seen, LIGHT, axes)[ids.CDF]
        medians = []
        for curve in of_kind(drawn, "curve"):
            x, y = untyped(curve["x"]), untyped(curve["y"])
            medians.append(float(x[np.searchsorted(y, 0.5)]))
        spans.append(max(medians) / min(medians))
    assert spans[0] > 4
    assert spans[1] < 1.25


def test_a_contender_has_its_colour_on_both_plots(many: Distribution) -> None:
    drawn = figures.figures(many, LIGHT)
    for i, look in enumerate(styles(MANY.contenders, LIGHT)):
        assert of_kind(drawn[ids.HISTOGRAM], "hump")[i]["line"]["color"] == look.color
        assert of_kind(drawn[ids.CDF], "curve")[i]["line"]["color"] == look.color
        assert of_kind(drawn[ids.HISTOGRAM], "name")[i]["text"] == [look.name]


def test_names_keep_apart(many: Distribution) -> None:
    names = of_kind(figures.figures(many, LIGHT)[ids.HISTOGRAM], "name")
    low, high = (np.log10(v) for v in figures.span(many, Axes("log")))
    wide = figures.CHARACTER * LIGHT.small * max(len(n["text"][0]) for n in names)
    spots = [(np.log10(untyped(n["x"])[0]), untyped(n["y"])[0]) for n in names]
    for i, (x, y) in enumerate(spots):
        for u, v in spots[:i]:
            apart = abs(x - u) / (high - low) * figures.PLOT_WIDTH
            assert apart >= wide or abs(y - v) > 0


@pytest.mark.long
def test_the_table_and_the_words_have_the_measured_numbers(many: Distribution) -> None:
    shown = TAB_MODULES["distribution"].props(State(MANY), "light")
    said = cells(shown[ids.DISTRIBUTION_TABLE]["children"])
    for i, escape in enumerate(many.escape):
        assert exact(escape.median) in said
        assert f"{escape.escaped}" in said
        if not many.reasons[i]:
            assert f"{many.exact_gap[i]:.3f}" in said
    assert many.reasons[3]
    assert many.reasons[3] in said
    assert f"{many.sampling:.3f}" in said


def test_censored_paths_are_told() -> None:
    seen = distribution(MANY.replace(steps=3000, contenders=(0, 0.9)))
    waiting = sum(e.total - e.escaped for e in seen.escape)
    assert waiting > 0
    assert any(f"{waiting} of 800 paths have not escaped by T = 3,000" in said
               for said in remarks(seen))  # fmt: skip
    (end,) = of_kind(figures.figures(seen, LIGHT)[ids.HISTOGRAM], "end")
    assert set(untyped(end["x"]).tolist()) == {3000}


def test_one_path_gets_ticks_and_a_word_in_place_of_a_histogram() -> None:
    seen = measured("one")
    drawn = figures.figures(seen, LIGHT)[ids.HISTOGRAM]
    for hump, rug in zip(of_kind(drawn, "hump"), of_kind(drawn, "rug"), strict=True):
        assert not np.isfinite(untyped(hump["x"])).any()
        assert np.isfinite(untyped(rug["x"])).sum() == 1
    assert any("One path" in said for said in remarks(seen))
    shown = TAB_MODULES["distribution"].props(State(EXPERIMENTS["one"]), "light")
    said = cells(shown[ids.DISTRIBUTION_TABLE]["children"])
    assert not any(f"{gap:.3f}" in said for gap in seen.exact_gap)  # of one path it says nothing


@everywhere
def test_a_law_is_drawn_or_its_absence_is_explained(name: str) -> None:
    seen = measured(name)
    layout = figures.figures(seen, LIGHT)[ids.HISTOGRAM]["layout"]
    notes = " ".join(note["text"].replace("<br>", " ") for note in layout["annotations"])
    assert ("No exact law here" in notes) == all(seen.reasons)
    shown = TAB_MODULES["distribution"].props(State(EXPERIMENTS[name]), "light")
    said = cells(shown[ids.DISTRIBUTION_TABLE]["children"])
    assert ("Dotted: the exact law" in said) == (not all(seen.reasons))
    assert all(reason in said for reason in seen.reasons)


@pytest.mark.parametrize("experiment", [Experiment(), MANY, MANY.replace(steps=100_000)])
def test_every_offered_number_of_paths_is_affordable(experiment: Experiment) -> None:
    offered = [
        json.loads(button.to_plotly_json()["props"]["data-edit"])
        for button in ensembles(experiment, experiment.paths)[1:]
    ]
    assert any(list(edit) == ["N"] for edit in offered)
    for edit in offered:
        budget.check(apply(State(experiment), edit).experiment)


@pytest.mark.parametrize("landscape", every_landscape())
@pytest.mark.parametrize("bounds", [(10.0, 3_000_000), (1e-7, 10), (5.0, 1_000_000)])
def test_at_the_bounds_of_step_size_and_steps_no_more_is_offered_than_can_be_asked_for(
    landscape: str, bounds: tuple[float, int]
) -> None:
    step_size, steps = bounds
    asked = Experiment(landscape=landscape, step_size=step_size, steps=steps, paths=1)
    experiment = clamp_to_budget(State(asked))[0].experiment
    for button in ensembles(experiment, experiment.paths)[1:]:
        edit = json.loads(button.to_plotly_json()["props"]["data-edit"])
        budget.check(apply(State(experiment), edit).experiment)


def test_a_long_race_offers_a_histogram_of_about_the_same_race() -> None:
    """Ten times the step size, a tenth of the steps: the laws' medians fall to a tenth."""
    toy = Experiment()
    (edit,) = (
        edit
        for button in ensembles(toy, toy.paths)[1:]
        if "eta" in (edit := json.loads(button.to_plotly_json()["props"]["data-edit"]))
    )
    fast = apply(State(toy), edit).experiment
    assert fast.paths >= figures.FEWEST > affordable_paths(toy) / 4
    slow, quick = (distribution(e.replace(paths=1)) for e in (toy, fast))
    assert quick.exact_median == pytest.approx(slow.exact_median / 10, rel=0.05)


def test_one_path_has_a_time_and_no_range() -> None:
    for paths, there in ((1, False), (8, True)):
        state = State(MANY.replace(paths=paths))
        shown = TAB_MODULES["distribution"].props(state, "light")
        assert ("10–90 %" in cells(shown[ids.DISTRIBUTION_TABLE]["children"])) is there
        pressed = [
            button.children
            for button in shown[ids.DISTRIBUTION_PATHS]["children"][1:]
            if getattr(button, "aria-pressed", "") == "true"
        ]
        assert pressed == [str(paths)]


def test_the_histogram_s_axis_is_the_law_s_density(many: Distribution) -> None:
    drawn = figures.figures(many, LIGHT)[ids.HISTOGRAM]
    assert "per decade" in drawn["layout"]["title"]["text"]
    assert drawn["layout"]["yaxis"].get("showticklabels", True)
    assert np.nanmax(many.law_density) <= drawn["layout"]["yaxis"]["range"][1]


@everywhere
def test_the_tab_shows_all_its_outputs(name: str) -> None:
    page = TAB_MODULES["distribution"]
    shown = page.props(State(EXPERIMENTS[name]), "dark")
    assert all(prop in shown[component] for component, prop in page.OUTPUTS)


@pytest.mark.parametrize(("text", "paths", "kept"), [
    pytest.param("", 50, "", marks=pytest.mark.long),
    ("N=1", 1, "N=1"), ("N=3", 3, "N=3"), ("landscape=quadratic", 64, ""),
    ("landscape=phase-retrieval", 50, ""), ("landscape=phase-retrieval&N=16", 16, "N=16"),
    pytest.param("T=3000000&run=0,0.3,0.5,0.7,0.9,0.99", 13, "", marks=pytest.mark.long),
])  # fmt: skip
def test_the_tab_runs_paths_of_its_own_unless_the_link_names_n(text, paths, kept) -> None:
    """Fifty, or as many as the work budget allows; a link that names N keeps it."""
    state, repairs = read(f"{text}&tab=distribution", tuple(TAB_MODULES))
    assert not repairs
    budget.check(state.ensemble)
    assert state.ensemble.paths == paths
    again = write(state)
    assert (kept in again.split("&")) if kept else ("N=" not in again)
    assert read(again, tuple(TAB_MODULES))[0] == state
    table = TAB_MODULES["distribution"].props(state, "light")[ids.DISTRIBUTION_TABLE]["children"]
    own = state.ensemble.paths != state.experiment.paths
    assert ("paths are of this tab" in cells(table)) == own


def test_a_click_on_one_path_is_kept() -> None:
    state = read("tab=distribution", tuple(TAB_MODULES))[0]
    one = apply(state, {"N": "1"})
    assert (one.ensemble.paths, write(one)) == (1, "N=1&tab=distribution")
    assert apply(one, {"landscape": "phase-retrieval"}).ensemble.paths == 50
    assert write(apply(one, {"tab": "explore"})) == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(354.0, 400.0, "354–400"), (354.0, np.nan, "354 and more"), (np.nan, np.nan, "—")],
)
def test_a_quantile_beyond_the_run_is_no_dash_after_a_dash(low, high, said) -> None:
    found = EscapeStatistics(np.nan, low, high, np.nan, np.nan, 5, 10, 0, -1)
    assert quantile_range(found) == said
