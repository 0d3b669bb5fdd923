"""A function of one's own on the page: edits, faults, the list of points, what is typeset."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from app import ids
from app.components.controls import props
from app.components.formula_help import EXAMPLES
from app.server import create_app
from app.state.edits import apply, apply_valid
from app.state.formula_edits import usual_step
from app.state.page_state import State, read, write
from app.text.mathml import mathml, terms
from app.text.points import point_texts, points_sentence
from simulation.landscapes.registry import landscape_of
from simulation.model.classics import CLASSICS
from simulation.model.experiment import Experiment
from tests.marks import breadth
from tests.simulation.formula_cases import FORMULAS, HOSTILE

APP = create_app()
WELL = read("landscape=formula&T=300&N=2")[0]


def live(query: str, **edits: object) -> dict:
    said = {"q": query, "edits": json.dumps(edits), "have": "", "hand": "off"}
    answer = APP.server.test_client().get("/live", query_string=said)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_formula_is_an_edit_from_any_landscape_and_keeps_optimizers_and_seed() -> None:
    state = read("landscape=quadratic&run=0,0.5&seed=7")[0]
    typed = apply(state, {"f": "x^2 - y^2 + y^4"}).experiment
    assert (typed.landscape, typed.formula) == ("formula", "x^2-y^2+y^4")
    assert (typed.contenders, typed.seed) == (state.experiment.contenders, 7)


def test_a_formula_keeps_what_was_chosen_and_the_parameters_that_it_still_has() -> None:
    state = apply(WELL, {"f": "a*x^2-b*y^2+y^4", "p1": "3", "p2": "4"})
    other = apply(state, {"f": "b*x^2-y^2+y^4", "N": "8"}).experiment
    assert other.parameters == (("b", (4.0,)),)
    assert (other.steps, other.paths) == (300, 8)


@pytest.mark.parametrize("name", breadth(CLASSICS, ["double-well", "muller-brown"]))
def test_the_usual_step_is_stable_at_the_saddle_and_its_minima(name: str) -> None:
    experiment = Experiment(landscape=name)
    place = landscape_of(experiment)
    for w in (place.saddle(experiment), *place.minima(experiment)[:2]):
        steepest = np.abs(np.linalg.eigvalsh(place.hessian(experiment, w))).max()
        assert usual_step(experiment) * steepest < 1


@pytest.mark.parametrize("text", ["x^2-", "xy", "x^4-x^2", "", "eval(x)-y^2", "x+0,5*y"])
def test_a_fault_keeps_the_picture_and_says_what_and_where(text: str) -> None:
    before = write(WELL)
    answer = live(before, f=text)
    assert answer["query"] == before
    field = answer["props"][ids.field("f")]
    assert field["value"] == text
    assert field["error"].startswith("Formula")
    assert field["error"].count("\n") == 0


@pytest.mark.parametrize("text", [text for text, _ in EXAMPLES])
def test_an_example_of_the_help_has_a_saddle_and_keeps_its_text_readable(text: str) -> None:
    experiment = apply(WELL, {"f": text}).experiment
    assert landscape_of(experiment).has_saddle(experiment)
    assert len(text) <= 40


def test_another_point_is_raced_from_and_its_button_is_pressed() -> None:
    state = State(Experiment(landscape="himmelblau", paths=2))
    chosen = next(at for text, at, _ in point_texts(state.experiment) if text.startswith("maximum"))
    moved = apply(state, {"at": chosen}).experiment
    assert next(text for text, _, here in point_texts(moved) if here).startswith("maximum")
    assert "All 9" in points_sentence(moved)
    np.testing.assert_allclose(landscape_of(moved).saddle(moved), (-0.2708, -0.9230), atol=1e-4)


def test_the_dimension_is_asked_for_only_where_a_sum_runs_over_the_weights() -> None:
    assert props(WELL, "light")[ids.row("d")]["hidden"]
    chain = apply(WELL, {"f": "sum(w_i^4/4-w_i^2/2)", "d": "3"})
    assert not props(chain, "light")[ids.row("d")]["hidden"]
    assert landscape_of(chain.experiment).dimension(chain.experiment) == 3


def test_more_parameters_than_sliders_are_typed_in_one_field() -> None:
    names = "abcghkmnpq"
    state = apply(WELL, {"f": "+".join(f"{name}*x" for name in names) + "-y^2"})
    shown = props(state, "light")
    assert not shown[ids.row("p")]["hidden"]
    assert shown[ids.name("p8")] == {"children": "n"}
    assert apply(state, {"p": "q:2,a:0.5"}).experiment.parameters == (("a", (0.5,)), ("q", (2.0,)))
    assert apply_valid(state, {"p": "z:2"}).refused["p"].reason.startswith("the formula has no z")


@pytest.mark.parametrize("name", breadth(FORMULAS, ["double well", "list", "kinks", "double sum"]))
def test_what_is_typeset_is_well_formed(name: str) -> None:
    text, dimension, _ = FORMULAS[name]
    experiment = Experiment(landscape="formula", formula=text, dimension=dimension or 10)
    tree = ElementTree.fromstring(f"<lines>{mathml(experiment)}</lines>")
    assert len(tree)
    for term in tree:
        assert term.tag.endswith("math")
        assert all("MathML" in element.tag for element in term.iter())


@pytest.mark.parametrize("name", CLASSICS)
def test_a_sum_is_cut_into_its_terms(name: str) -> None:
    latex = landscape_of(Experiment(landscape=name)).latex(Experiment(landscape=name))
    cut = terms(latex)
    assert " ".join(cut) == latex
    for term in cut:
        assert term.count("{") == term.count("}")
        assert term.count(r"\left") == term.count(r"\right")


@pytest.mark.parametrize("text", breadth(HOSTILE, ["", "x^", "__import__('os').system('id')"]))
def test_a_hostile_formula_in_a_link_opens_the_page(text: str) -> None:
    query = {"landscape": "formula", "f": text, "T": 20, "N": 1}
    answer = APP.server.test_client().get("/_dash-layout", query_string=query)
    assert answer.status_code == 200
