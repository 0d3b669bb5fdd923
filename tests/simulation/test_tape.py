"""A formula's gradient as a tape: the numbers of its graph, whatever is fused or stored where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulation.formula.arrays import Field, power
from simulation.formula.errors import FormulaError
from simulation.formula.formula import bind, formula_of
from simulation.formula.graph import BINARY, Op
from simulation.formula.tape import MOST_OPERATIONS, PRICES, lower
from simulation.kernels.records import LANES
from simulation.kernels.tape import Code
from tests.cases import cases
from tests.simulation.tapes import apply, gradient

MULLER_BROWN = (
    "-200*exp(-(x-1)^2-10*y^2)-100*exp(-x^2-10*(y-0.5)^2)"
    "-170*exp(-6.5*(x+0.5)^2+11*(x+0.5)*(y-1.5)-6.5*(y-1.5)^2)"
    "+15*exp(0.7*(x+1)^2+0.6*(x+1)*(y-1)+0.7*(y-1)^2)"
)
# Formula, d, rows of its tape: a fusion that is lost shows here.
FORMULAS = [
    ("x^4/4-x^2/2+y^2/2", None, 2),
    ("0.5*(u*v-1)^2", None, 3),
    ("(1-x)^2+100*(y-x^2)^2", None, 5),
    ("x^3-3*x*y^2+0.75*(x^2+y^2)^2", None, 9),
    ("(x^2+y-11)^2+(x+y^2-7)^2", None, 8),
    ("(4-2.1*x^2+x^4/3)*x^2+x*y+(-4+4*y^2)*y^2", None, 13),
    ("(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2", None, 22),
    (MULLER_BROWN, None, 47),
    ("sum(w_i^4-16*w_i^2+5*w_i)/2", 5, 15),
    ("0.5*x^2-0.05*y^2+x^10+y^10", None, 9),
    ("a*x^2/2-b*y^2/2", None, 3),
    ("sum(100*(w_{i+1}-w_i^2)^2+(1-w_i)^2,i=1..d-1)", 10, 45),
    ("sum(w_i^4)/4-w1^2/2", 10, 11),
    ("(sum(w_i^2)-1)^2/4+sum(i*w_i^2)/40", 20, 68),
    ("0.5*(tanh(u*x)*v-y)^2+0.01*(u^2+v^2)", None, None),
    ("sin(x)*cos(y)+0.1*(x^2+y^2)", None, None),
    ("10*d+sum(w_i^2-10*cos(2*pi*w_i))", 10, 40),
    ("x*y", None, 2),
    ("x*y+y*z+z*x", None, None),
    ("a*x+exp(a)*y-2*z", None, 0),
    ("x*log(x)+y*log(y)-log(x+y)", None, None),
    ("sqrt(x^2+y^2)+x^1.5+y^2.5", None, None),
    ("abs(x-y)+max(x,y,1)+min(x*y,2)", None, None),
    ("x^a+2^y+y^x+x^(-3)", None, None),
    ("sigmoid(x*y)+softplus(x-y)+relu(y-x)", None, None),
    ("sinh(x)*cosh(y)/(1+x^2)+tan(x/4)", None, None),
    ("prod(w_i)+sum(b_i*w_i^2)", 6, None),
    ("exp(-x^2-y^2)*(x+y)^7/(1+exp(x))", None, None),
]


def points(d, count=64):
    return np.random.default_rng(d).uniform(0.3, 1.2, (count, d))


@pytest.mark.parametrize(("text", "d", "rows"), FORMULAS)
def test_a_tape_gives_the_gradient_of_the_arrays(text, d, rows):
    formula = formula_of(text, d)
    numbers = bind(formula, {"a": (1.7,), "b": (0.5, 2.0)})
    tape, w = lower(formula), points(formula.dimension)
    expected = Field(formula, numbers).gradient(w)
    found = gradient(tape, numbers, w)
    assert (np.abs(found - expected) <= 1e-13 * np.abs(expected).max(axis=0)).all()
    assert rows is None or len(tape.code) == rows
    assert tape.price == sum(PRICES.get(Code(op), 1) for op in tape.code[:, 0])


def reference(formula, numbers, w):
    """Return the gradient (n, d) node by node, with the kernel's operations and no tape."""
    graph, values = formula.graph, {}
    for node in graph.active(formula.slope):
        op, a, b = graph.ops[node], graph.a[node], graph.b[node]
        if op in (Op.CONST, Op.PARAM):
            values[node] = np.full(len(w), graph.values[node] if op == Op.CONST else numbers[a])
        elif op == Op.VAR:
            values[node] = w[:, a]
        elif op == Op.POWI:
            values[node] = power(values[a], b)
        else:
            operands = (a, b) if op in BINARY else (a,)
            values[node] = apply(Code[op.name], *(values[operand] for operand in operands))
    return np.stack([values[node] for node in formula.slope], axis=1)


def _combined(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(pair, st.sampled_from("+-*/")).map(lambda t: f"({t[0][0]}{t[1]}{t[0][1]})"),
        st.tuples(pair, st.sampled_from(["min", "max"])).map(
            lambda t: f"{t[1]}({t[0][0]},{t[0][1]})"
        ),
        st.tuples(inner, st.integers(2, 9)).map(lambda t: f"({t[0]})^{t[1]}"),
        st.tuples(inner, st.sampled_from("ab")).map(lambda t: f"({t[0]})^{t[1]}"),
        st.tuples(
            inner, st.sampled_from(["exp", "log", "sin", "cos", "tanh", "sqrt", "abs", "softplus"])
        ).map(lambda t: f"{t[1]}({t[0]})"),
    )


TEXTS = st.recursive(
    st.sampled_from(["x", "y", "z", "x*y", "x^2", "a", "b", "0.5", "3"]), _combined, max_leaves=25
)


@settings(max_examples=cases(1))
@given(text=TEXTS, seed=st.integers(0, 2**32 - 1))
def test_fusing_and_storing_change_no_bit(text, seed):
    rng = np.random.default_rng(seed)
    try:
        formula = formula_of(f"x+{text}")
        tape = lower(formula)
    except FormulaError:  # a number that is not finite, or a limit
        assume(False)
    numbers = tuple(rng.normal(size=len(formula.parameters)))
    w = rng.normal(size=(LANES, formula.dimension)) * 10.0 ** rng.integers(-3, 3, (LANES, 1))
    with np.errstate(all="ignore"):
        expected = reference(formula, numbers, w)
    np.testing.assert_array_equal(gradient(tape, numbers, w), expected)
    for j, slot in enumerate(tape.results):  # a step may overwrite weight j when ∂f/∂w_j is read
        assert slot == j or slot >= formula.dimension


def test_slots_are_used_again():
    formula = formula_of("sum(100*(w_{i+1}-w_i^2)^2+(1-w_i)^2,i=1..d-1)", 50)
    tape = lower(formula)
    inputs = formula.dimension + len(tape.uniforms)
    assert len(set(tape.code[:, 1])) < 0.6 * len(tape.code)
    assert tape.code[:, 1].min() >= inputs  # weights and constants stay
    assert tape.slots == tape.code[:, 1].max() + 1


def test_a_parameter_changes_the_slots_only():
    formula = formula_of("a*x^2+sin(a)*y^2/b")
    one, other = (lower(formula).arrays(numbers) for numbers in ((1.0, 2.0), (3.0, 4.0)))
    np.testing.assert_array_equal(one.tape, other.tape)
    np.testing.assert_array_equal(one.results, other.results)
    assert (one.slots != other.slots).any()
    assert lower(formula) is lower(formula_of("a * x**2 + sin(a)*y^2/b"))


def test_numbers_of_slots_come_from_the_kernel_not_from_libm():
    formula = formula_of("exp(a)*x^2+log(b)*y^2+x*y/c+exp(2)*z^2")
    numbers = lower(formula).slot_numbers((0.3, 7.0, 3.0))
    a, b, c, two = np.array([[0.3], [7.0], [3.0], [2.0]])
    exponentials = 2 * apply(Code.EXP, a), 2 * apply(Code.EXP, two)
    for expected in (*exponentials, 2 * apply(Code.LOG, b), 1 / c):
        assert expected[0] in numbers


def test_a_tape_that_is_too_long_is_refused():
    term = "exp(sin(w_i*w_{i+1})*cos(w_i)-tanh(w_{i+1}))*sqrt(1+w_i^2)"
    fits = formula_of(f"sum({term},i=1..d-1)", 50)
    assert 0.9 * MOST_OPERATIONS < len(lower(fits).code) <= MOST_OPERATIONS
    with pytest.raises(FormulaError, match=r"its gradient takes 1,\d{3} operations, at most 1,000"):
        lower(formula_of(f"sum({term}/(2+cos(w_i)),i=1..d-1)", 50))
