"""Sources and LaTeX of formulas: run or read on their own, they state the same function."""

from __future__ import annotations

import ast
import re
from random import Random

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from simulation.formula.arrays import Field
from simulation.formula.errors import FormulaError
from simulation.formula.formula import bind, formula_of
from simulation.formula.functions import FUNCTIONS
from simulation.formula.latex import latex
from simulation.formula.numpy_source import CALLS
from simulation.formula.sources import constants, numpy_gradient, torch_loss
from simulation.formula.syntax import parse
from simulation.formula.torch_source import OF_NUMBERS, OF_TENSORS
from tests.cases import cases
from tests.marks import breadth
from tests.simulation.formula_cases import FORMULAS, written
from tests.simulation.formula_oracle import case, field_of

NAME = re.compile(r"[uvwxyz]\d*|P_[A-Za-z]+\d*|t\d+|[ijkl]|np|torch|sum|min|max|float|range|batch")
# What SymPy's grammar of LaTeX knows: no functions but sin, cos, log, and no x² y.
READABLE = ["monkey", "hyperbola", "Beale", "Müller–Brown", "waves", "x to the y", "quotient",
            "Himmelblau", "signs", "logs"]  # fmt: skip
LATEX_NAMES = {
    "lambda*x+Omega2*y": (r"\lambda", r"\Omega_{2}"),
    "rate*x": (r"\mathrm{rate}\, x",),
    "sum(w_{i+1}^2,i=1..d-1)": (r"\sum_{i=1}^{d-1} w_{i+1}^{2}",),
    "x/(1+y)": (r"\frac{x}{1 + y}",),
    "(x/y)^2": (r"\left(\frac{x}{y}\right)^{2}",),
    "x^y^z": ("x^{y^{z}}",),
    "(x^y)^z": (r"\left(x^{y}\right)^{z}",),
    "sin(x)^2": (r"\sin^{2}\left(x\right)",),
    "exp(-x^2)": ("e^{-x^{2}}",),
    "sqrt(|x|)": (r"\sqrt{\left|x\right|}",),
    "x-(y-z)": (r"x - \left(y - z\right)",),
    "x*-y": (r"x \left(-y\right)",),
    "2*3*x": (r"2 \cdot 3 x",),
    "2*(1/2)*x": (r"2 \cdot \frac{1}{2}",),
    "1e-7*x": (r"10^{-7}\, x",),
    "2.5e-7*x": (r"2.5 \cdot 10^{-7}\, x",),
    "x*sum(w_i)*y": (r"x \left(\sum_{i=1}^{d} w_{i}\right) y",),
    "max(x,y)": (r"\max\left(x, y\right)",),
    "relu(x)": (r"\operatorname{relu}\left(x\right)",),
}


def run(source: str) -> dict[str, object]:
    """The names that a source defines, with NumPy alone."""
    names: dict[str, object] = {"np": np}
    exec(compile(source, "source", "exec"), names)
    return names


def gradient_from_source(field: Field, w: np.ndarray) -> np.ndarray:
    lines = "\n".join(constants(field.formula, field.numbers))
    names = run(f"{lines}\n\n\n{numpy_gradient(field.formula)}")
    with np.errstate(all="ignore"):
        return names["gradient"](w, None)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_numpy_source_is_the_gradient(name):
    field = case(name)
    w = np.random.default_rng(2).uniform(0.2, 1.4, (3, 4, field.dimension))
    exact = field.gradient(w)
    assert np.abs(gradient_from_source(field, w) - exact).max() <= 1e-12 * np.abs(exact).max()


EDGES = ["a*x+b*y", "x/(a-1)", "x*10^300*a^400", "w^2-z^2+w*z", "x*sum(i,i=1..3)+sum(w_i,i=2..d-1)",
         "log(x)", "x^a", "min(x,1)+max(2,y)", "(a-2)^b*x", "max(a,b)*x-sqrt(a-2)*y"]  # fmt: skip


@pytest.mark.parametrize("text", EDGES)
def test_sources_at_the_edges(text):
    field = field_of(text, a=(1.0,), b=(0.5,))
    w = np.random.default_rng(2).normal(size=(7, field.dimension))
    exact = field.gradient(w)
    assert np.allclose(gradient_from_source(field, w), exact, rtol=1e-12, equal_nan=True)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=cases(0.5))
def test_random_formulas(seed):
    random = Random(seed)
    text = written(random)
    note(text)
    try:
        formula = formula_of(text)
    except FormulaError:
        return
    field = Field(formula, bind(formula, {}))
    w = np.random.default_rng(seed).normal(size=(5, field.dimension))
    exact = field.gradient(w)
    found = gradient_from_source(field, w)
    finite = np.isfinite(exact) & (np.abs(exact) < 1e100)
    assert np.allclose(found[finite], exact[finite], rtol=1e-9)
    assert only_known_names(formula)
    assert_balanced(latex(formula.tree))


@pytest.mark.parametrize("name", FORMULAS)
def test_sources_hold_names_of_ours_only(name):
    assert only_known_names(case(name).formula)


def only_known_names(formula) -> bool:
    nodes = ast.walk(ast.parse(numpy_gradient(formula) + torch_loss(formula)))
    return all(NAME.fullmatch(node.id) for node in nodes if isinstance(node, ast.Name))


def test_a_keyword_of_python_is_a_name_like_any_other():
    field = field_of("lambda*x^2+if*x+import*x", **{"lambda": (3.0,), "if": (0.0,)})
    assert gradient_from_source(field, np.array([2.0])).tolist() == [13.0]


def test_every_function_has_its_sources():
    assert OF_TENSORS.keys() == OF_NUMBERS.keys() == FUNCTIONS.keys() - {"min", "max"}
    for name in FUNCTIONS:
        text = f"{name}(x,2)" if name in ("min", "max") else f"{name}(x)"
        assert latex(parse(text))
        assert numpy_gradient(formula_of(text))
    assert all("{" in text for text in CALLS.values())


@pytest.mark.parametrize(("text", "pieces"), LATEX_NAMES.items())
def test_latex_of(text, pieces):
    assert all(piece in latex(parse(text)) for piece in pieces)


@pytest.mark.parametrize("name", FORMULAS)
def test_latex_is_balanced(name):
    assert_balanced(latex(case(name).formula.tree))


def assert_balanced(text: str) -> None:
    assert text
    assert text.isascii()
    opened: list[str] = []
    for mark in re.findall(r"\\left|\\right|[{}]", text):
        if mark in ("{", r"\left"):
            opened.append(mark)
        else:
            assert opened.pop() == {"}": "{", r"\right": r"\left"}[mark]
    assert not opened


@pytest.mark.long
@pytest.mark.parametrize("name", breadth(READABLE, ("hyperbola", "signs", "logs")))
def test_sympy_reads_the_latex_as_the_same_function(name):
    parse_latex = pytest.importorskip("sympy.parsing.latex").parse_latex
    field = case(name)
    text = re.sub(r"\\left|\\right", "", latex(field.formula.tree)).replace(r"\, ", " ")
    read = parse_latex(text, backend="lark")
    readings = read.children if hasattr(read, "children") else [read]  # some are ambiguous to it
    w = np.random.default_rng(4).uniform(0.2, 1.4, field.dimension)
    places = dict(zip(field.formula.weights, w, strict=True)) | {"e": np.e}
    values = [complex(reading.subs(places)) for reading in readings]
    assert any(abs(value - field.value(w)) < 1e-9 * abs(value) for value in values)
