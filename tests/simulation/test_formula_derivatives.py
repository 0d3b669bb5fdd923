"""Gradient and Hessian of formulas against SymPy; kinks, edges of the domain, coupling."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.formula.arrays import Field
from simulation.formula.derivatives import gradient_nodes
from simulation.formula.errors import FormulaError
from simulation.formula.formula import bind, formula_of
from simulation.formula.functions import FUNCTIONS
from simulation.formula.graph import LEAVES, Op
from tests.marks import breadth
from tests.simulation.formula_cases import FORMULAS
from tests.simulation.formula_oracle import Oracle, case, field_of

KEPT = ("monkey", "Müller–Brown", "chain", "tanh neuron", "half powers", "parameter as power",
        "kinks", "list", "x to the y", "hyperbolic")  # fmt: skip


def error(value: np.ndarray | float, exact: np.ndarray | float) -> float:
    """The largest error, relative to the largest component."""
    return float(np.abs(value - exact).max() / max(np.abs(exact).max(), 1e-300))


@pytest.mark.parametrize("name", breadth(FORMULAS, KEPT))
def test_derivatives_against_sympy(name):
    field = case(name)
    oracle = Oracle(field)
    for w in np.random.default_rng(7).uniform(0.2, 1.4, (2, field.dimension)):
        f, g, h = oracle.at(w)
        assert error(field.value(w), f) < 1e-12
        assert error(field.gradient(w), g) < 1e-12
        assert error(field.hessian(w), h) < 1e-12


def test_forty_formulas_and_every_function_are_compared():
    used = "".join(text for text, _, _ in FORMULAS.values())
    assert len(FORMULAS) >= 40
    assert all(f"{name}(" in used or name == "abs" for name in FUNCTIONS)  # |x| is abs


@pytest.mark.parametrize("name", FORMULAS)
def test_shapes_symmetry_and_coupling(name):
    field = case(name)
    d = field.dimension
    w = np.random.default_rng(3).uniform(0.2, 1.4, (2, 3, d))
    assert field.value(w).shape == (2, 3)
    assert field.gradient(w).shape == (2, 3, d)
    h = field.hessian(w)
    assert h.shape == (2, 3, d, d)
    assert np.array_equal(h, np.swapaxes(h, -1, -2))
    assert np.array_equal(field.coupling, field.coupling.T)
    assert not h[..., ~field.coupling].any()
    # One row at a time gives the same bits as all of them.
    assert np.array_equal(field.gradient(w[1, 2]), field.gradient(w)[1, 2])
    assert np.array_equal(field.hessian(w[1, 2]), h[1, 2])


def test_coupling_tells_weights_apart_that_never_meet():
    assert field_of("x^4+y^4-x*z").coupling.tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert np.array_equal(field_of("sum(w_i^4-w_i)", 5).coupling, np.eye(5))


def test_many_rows_are_computed_in_parts(monkeypatch):
    field = case("Himmelblau")
    w = np.random.default_rng(1).normal(size=(500, 2))
    whole = field.value(w), field.gradient(w), field.hessian(w)
    monkeypatch.setattr("simulation.formula.arrays.ROOM", 1)
    parts = field.value(w), field.gradient(w), field.hessian(w)
    for a, b in zip(whole, parts, strict=True):
        assert np.array_equal(a, b)


# Where a function bends or ends: formula, w, gradient, Hessian (None: not asked).
EDGES = [
    ("|x|+y^2", (0, 1), (0, 2), ((0, 0), (0, 2))),
    ("max(x,y)", (1, 1), (1, 0), None),  # the first one in a tie
    ("min(x,y)", (1, 1), (1, 0), None),
    ("relu(x)+y", (0, 0), (0, 1), ((0, 0), (0, 0))),  # as in PyTorch
    ("softplus(x)", (0,), (0.5,), ((0.25,),)),
    ("softplus(x)", (800,), (1,), ((0,),)),
    ("softplus(x)", (40,), (1,), None),
    ("sigmoid(x)", (-800,), (0,), ((0,),)),
    ("(x^2+y^2)^1.5", (0, 0), (0, 0), None),
    ("x^1.5", (0,), (0,), None),
    ("x^4", (0,), (0,), ((0,),)),
    ("(-x)^3", (2,), (-12,), ((-12,),)),
    ("x^-2", (-1,), (2,), ((6,),)),
    ("x^a", (-2,), (12,), ((-12,),)),  # a = 3
]
# Where f has no value its gradient has none either, so a path that goes there is found.
OUTSIDE = [
    "log(x)", "log(x)^2", "x*log(x)", "log(x)/2", "sqrt(x)", "x^0.5", "x^1.5", "sqrt(x)^2", "x^x",
    "x^0.3", "max(log(x),x)", "2^log(x)", "tanh(log(x))",
]  # fmt: skip


@pytest.mark.parametrize(("text", "w", "slope", "bend"), EDGES)
def test_kinks_and_flat_places(text, w, slope, bend):
    field = field_of(text, a=(3.0,))
    w = np.array(w, dtype=float)
    assert np.allclose(field.gradient(w), slope, rtol=1e-15, atol=1e-15)
    if bend is not None:
        assert np.allclose(field.hessian(w), bend, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("text", OUTSIDE)
def test_no_gradient_where_there_is_no_value(text):
    field, w = field_of(text), np.array([-1.5])
    assert np.isnan(field.value(w)).all()
    assert np.isnan(field.gradient(w)).all()


@given(st.floats(-700, 700))
def test_softplus_is_smooth_and_does_not_overflow(x):
    field, w = field_of("softplus(x)"), np.array([x])
    slope = 1 / (1 + math.exp(-x))
    assert np.allclose(field.value(w), np.logaddexp(0, x), rtol=1e-12, atol=1e-15)
    assert np.allclose(field.gradient(w), slope, rtol=1e-12, atol=1e-15)


def test_the_graph_holds_each_operation_once_children_first():
    for name in FORMULAS:
        graph = case(name).formula.graph
        first = [graph.values.get(k, a) for k, a in enumerate(graph.a)]
        keys = list(zip(graph.ops, first, graph.b, strict=True))
        assert len(set(keys)) == len(keys)
        assert all(child < k for k in range(len(keys)) for child in graph.children(k))
        order = graph.active(gradient_nodes(case(name).formula))
        assert all(child in order for k in order for child in graph.children(k))


def test_uniform_marks_what_no_weight_is_in():
    graph = formula_of("a*x+sin(a)*exp(b+y)").graph
    for node, op in enumerate(graph.ops):
        below = [graph.uniform[child] for child in graph.children(node)]
        assert graph.uniform[node] == (op != Op.VAR if op in LEAVES else all(below))


def test_constants_do_not_depend_on_the_machine():
    text = "exp(2)*x+2^x+sin(1)*y+3^0.2*y+sqrt(2)+2^100+exp(0)+e^y+cos(0)"
    values = set(formula_of(text).graph.values.values())
    typed, exact = {0.0, 1.0, 2.0, 3.0, 0.2, 100.0, math.e}, {math.sqrt(2), 2.0**100}
    assert exact <= values <= typed | exact


def test_the_same_text_makes_the_same_graph():
    one = formula_of("x^2*sin(y)+exp(x*y)").graph
    formula_of.cache_clear()
    two = formula_of("x^2*sin(y)+exp(x*y)").graph
    assert (one.ops, one.a, one.b, one.values) == (two.ops, two.a, two.b, two.values)


NAMES = [
    ("y*x", None, ("x", "y"), ()),
    ("w3+w1", None, ("w1", "w3"), ()),
    ("sum(w_i^2)", None, ("w1", "w2"), ()),
    ("sum(w_i^2)+w4", None, ("w1", "w2", "w3", "w4"), ()),
    ("sum(w_i^2,i=1..5)", None, ("w1", "w2", "w3", "w4", "w5"), ()),
    ("sum(w_{i+1}^2,i=1..2)", None, ("w1", "w2", "w3"), ()),
    ("sum(w_i^2)", 3, ("w1", "w2", "w3"), ()),
    ("x^2+sum(w_i^2)", 3, ("x", "w1", "w2", "w3"), ()),
    ("x+y", 7, ("x", "y"), ()),
    ("c*x+a+b2+b1+d+pi+e", None, ("x",), ("a", "b1", "b2", "c")),
    ("sum(b_i*w_i)+a*b1+k", 3, ("w1", "w2", "w3"), ("a", "k", "b1", "b2", "b3")),
    ("sum(i*w_i)+i", 2, ("w1", "w2"), ("i",)),
]


@pytest.mark.parametrize(("text", "dimension", "weights", "parameters"), NAMES)
def test_names(text, dimension, weights, parameters):
    formula = formula_of(text, dimension)
    assert formula.weights == weights
    assert formula.parameters == parameters


def test_parameters_are_bound_by_name():
    formula = formula_of("sum(b_i*w_i)+a*w1", 4)
    assert bind(formula, {}) == (1.0,) * 5
    assert bind(formula, {"a": (2.0,), "b": (3.0, 4.0)}) == (2.0, 3.0, 4.0, 4.0, 4.0)
    assert bind(formula, {"b": (3.0,), "b2": (7.0,), "c": (9.0,)}) == (1.0, 3.0, 7.0, 3.0, 3.0)
    with pytest.raises(FormulaError, match="no finite number"):
        bind(formula, {"a": (math.nan,)})


def test_a_field_needs_all_its_numbers():
    with pytest.raises(ValueError, match="2 numbers"):
        Field(formula_of("a*x+b"), (1.0,))
