"""The language: spellings, faults, limits, and the canonical text that reads back the same."""

from __future__ import annotations

import pickle
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from simulation.formula import grammar
from simulation.formula.errors import FormulaError
from simulation.formula.formula import formula_of
from simulation.formula.functions import FUNCTIONS
from simulation.formula.syntax import (
    Binary,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Offset,
    Running,
    parse,
    unparse,
)
from tests.cases import cases
from tests.simulation.formula_cases import FORMULAS, HOSTILE, written

# What is typed, and the one canonical text of the same formula.
SPELLINGS = {
    "x ** 2": "x^2", "x²": "x^2", "x⁻¹⁰": "x^-10", "2x": "2*x", "2(x+1)": "2*(x+1)",
    "(x+1)(y-1)": "(x+1)*(y-1)", "2 x^2 y": "2*x^2*y", "2x^2": "2*x^2", "a·x × y ÷ 2": "a*x*y/2",
    "−x–y": "-x-y", "√(x)": "sqrt(x)", "π*x": "pi*x", "λ1*x": "lambda1*x", "ψ₁₂*x": "psi12*x",
    "Ω*x": "Omega*x", "∑(w_i)": "sum(w_i)", "½x": "0.5*x", "|x|": "abs(x)",
    "||x|-1|": "abs(abs(x)-1)", "2|x|y": "2*abs(x)*y", "ln(x)": "log(x)",
    "w_1+w[2]+w_{3}+w₄": "w1+w2+w3+w4", "[x+{y}]^2": "(x+y)^2", "((x))": "x", "+x": "x",
    "-x^2": "-x^2", "(-x)^2": "(-x)^2", "-x*y": "-x*y", "-(x*y)": "-(x*y)", "--x": "--x",
    "x--y": "x--y", "x*-y": "x*-y", "x^-y": "x^-y", "x^y^z": "x^y^z", "(x^y)^z": "(x^y)^z",
    "x-(y-z)": "x-(y-z)", "(x-y)-z": "x-y-z", "x/(y*z)": "x/(y*z)", "x/y*z": "x/y*z",
    "x*(y/z)": "x*(y/z)", "1.50*x": "1.5*x", "1e3x": "1000*x", ".5x": "0.5*x", "2.x": "2*x",
    "1E-7x": "1e-07*x", "2e": "2*e", "sum(w_i, i = 1..d)": "sum(w_i)",
    "sum(w_{i+1},i=1..d-1)": "sum(w_{i+1},i=1..d-1)", "sum(w[j-1],j=2..5)": "sum(w_{j-1},j=2..5)",
    "sum(sum(w_i*w_j,j=1…d))": "sum(sum(w_i*w_j,j=1..d))", "max(0,5*x)": "max(0,5*x)",
    "x\n+\ty": "x+y", "x01": "x1",
}  # fmt: skip

# What is typed: a part of the sentence, and the place.
FAULTS = {
    "": ("a formula is needed", None),
    "xy": ("“xy” is read as one name; a product is written x*y", 0),
    "3+xyz": ("a product is written x*y*z", 2),
    "uv2": ("a product is written u*v2", 0),
    "x y": ("an operator is missing before this; a product is written x*y", 2),
    "x2y": ("a name is letters, then digits", 0),
    "x(y+1)": ("x is no function; a product is written x*( … )", 0),
    "1/2x": ("after a “/” write the product out: 1/(2*x) or (1/2)*x", 3),
    "1/-2(x)": ("after a “/” write the product out", 4),
    "0,5*x": ("a decimal number is written with a point, as 0.5", 1),
    "sin(0,5x)": ("a decimal number is written with a point", 5),
    "sum(0,5*w_i)": ("a decimal number is written with a point", 5),
    "x,y": ("a comma stands only inside min", 1),
    "sinx": ("write sin(x)", 0),
    "sin": ("sin needs its brackets first: sin( … )", 0),
    "sin^2(x)": ("sin needs its brackets first: sin(x)^2", 0),
    "sin2": ("“sin2” needs brackets: sin(2)", 0),
    "log2(x)": ("write log(x)/log(2)", 0),
    "pow(x,2)": ("a power is written x^2", 0),
    "sgmoid(x)": ("did you mean sigmoid?", 0),
    "max(x)": ("max takes 2 to 8 arguments", 5),
    "sin(x,y)": ("sin takes 1 argument", 5),
    "f(x,y)=x^2": ("a formula has no “=”", 6),
    "nan*x": ("nan is no number that can be used", 0),
    "x+Inf": ("Inf is no number that can be used", 2),
    "1e400*x": ("this number is too large", 0),
    "x'": ("“'” has no meaning here", 1),
    "x\u202e": ("“U+202E” has no meaning here", 1),
    "х": ("“х” has no meaning here", 0),  # Cyrillic
    "(x": ("“)” is missing", 0),
    "(x]": ("“)” is missing before this", 2),
    "x)": ("this “)” has no opening bracket", 1),
    "|x": ("the second “|” is missing", 0),
    "x+": ("the formula ends too early", 2),
    "x+*y": ("a number, a name or a bracket is expected here", 2),
    "w_i": ("an index is a whole number, or i inside sum( … )", 2),
    "w_1.5": ("an index is a whole number", 2),
    "w0": ("w0 does not exist: an index begins at 1", 0),
    "w_0": ("w0 does not exist: an index begins at 1", 2),
    "x_1_2": ("an index stands after a name that has none", 3),
    "sum(w_i,3)": ("the range of a sum is written i=1..d", 8),
    "sum(w_i,i=1..x)": ("a sum runs between whole numbers or d", 13),
    "sum(w_i,m=1..3)": ("a sum runs over i, j, k or l", 3),
    "sum(sum(w_i))": ("add “,j=1..d” to one", 7),
    "1+sum(w^2)": ("i does not occur in it: all weights are summed by sum(w_i^2)", 5),
    "prod(w_j*a,i=1..d)": ("an index is a whole number, or i inside sum", 7),
    "sum(x,i=1..d)": ("i does not occur in it", 3),
    "X^2+Y^2": ("w1, w2, …, in small letters", None),
    "x..y": ("“..” stands only in the range of a sum", 1),
    "2": ("no weight in it: weights are called x, y, z", None),
    "ax^2": ("“ax” is read as one name, a product is written a*x", None),
    "x/0": ("division by 0, in “x/0”", None),
    "log(-1)*x": ("log(-1) is no number that can be held", None),
    "x+(-2)^0.5": ("sqrt(-2) is no number that can be held, in “(-2)^0.5”", None),
    "sum(w_{i+1})": ("w3 lies outside w1 … w2", None),
    "v1*w1": ("only one letter of the weights has an index; here: v, w", None),
    "w+w1": ("w is used with and without an index", None),
    "sum(b_i*w_i)+b": ("b is used with and without an index", None),
}  # fmt: skip


def sum_of(count: int) -> str:
    return "+".join(f"w{k}" for k in range(1, count + 1))


def chained(sign: str, count: int) -> str:
    return sign.join("x" * count)


def bracketed(depth: int) -> str:
    return "(" * depth + "x" + ")" * depth


# What is just accepted, what is just refused, and the sentence.
LIMITS = [
    ("x" + "+10" * 166, "x" + "+100" * 125, "at most 500 are read"),
    (chained("+", 200), chained("+", 201), "at most 400 words and signs"),
    (bracketed(40), bracketed(41), "nested more than 40 deep"),
    ("-" * 40 + "x", "-" * 41 + "x", "nested more than 40 deep"),
    (chained("^", 41), chained("^", 42), "nested more than 40 deep"),
    ("x*" + "1" * 30, "x*" + "1" * 31, "a number has at most 30 characters"),
    ("x*" + "a" * 20, "x*" + "a" * 21, "a name has at most 20 letters"),
    ("w999", "w1000", "an index has at most 3 digits"),
    (sum_of(50), sum_of(51), "at most 50 weights"),
    ("x*" + "*".join("abcfghijklmnopqr"), "x*" + "*".join("abcfghijklmnopqrs"), "at most 16"),
    ("x*sum(i,i=1..64)", "x*sum(i,i=1..65)", "more than 64 terms in one sum"),
    ("sum(sum(w_i,j=1..2))", "sum(sum(sum(w_i,j=1..2),k=1..2))", "nested at most 2 deep"),
    ("sum(sum(x+i*j,j=1..50),i=1..50)", "sum(sum(x+i*j+x*y,j=1..64),i=1..64)", "20,000 oper"),
    ("sum(sum(sin(i*j*x),j=1..9))", "sum(sum(sin(i*j*x),j=1..40),i=1..40)", "6,000 operations"),
]


@pytest.mark.parametrize(("typed", "canonical"), SPELLINGS.items())
def test_every_spelling_has_one_canonical_text(typed, canonical):
    assert unparse(parse(typed)) == canonical
    assert parse(canonical) == parse(typed)


@pytest.mark.parametrize(("typed", "fault"), FAULTS.items())
def test_a_fault_says_what_and_where(typed, fault):
    why, at = fault
    with pytest.raises(FormulaError) as raised:
        formula_of(typed)
    assert why in raised.value.why
    assert raised.value.at == at
    assert str(raised.value).startswith(raised.value.why)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(("accepted", "refused", "why"), LIMITS)
def test_limits(accepted, refused, why):
    formula_of(accepted)
    with pytest.raises(FormulaError, match=why):
        formula_of(refused)


def test_a_fault_keeps_its_place_in_another_process():
    fault = fault_of("x+xy")
    copy = pickle.loads(pickle.dumps(fault))
    assert (copy.why, copy.at, copy.text) == (fault.why, fault.at, fault.text)
    assert str(copy) == str(fault)


def test_the_canonical_text_keeps_the_limit_too():
    typed = "x" + "*λ" * 99  # 199 characters, but 694 where λ is lambda
    assert len(typed) < grammar.MOST_CHARACTERS
    with pytest.raises(FormulaError, match="written out"):
        parse(typed)


@pytest.mark.parametrize("name", FORMULAS)
def test_canonical_texts_are_short_and_read_back(name):
    text, dimension, _ = FORMULAS[name]
    formula = formula_of(text, dimension)
    again = formula_of(formula.text, dimension)
    assert again == formula
    assert hash(again) == hash(formula)
    assert again.tree == formula.tree
    assert " " not in formula.text
    assert "**" not in formula.text


def test_formulas_of_different_dimension_differ():
    assert formula_of("sum(w_i^2)", 2) != formula_of("sum(w_i^2)", 3)


# Trees as `parse` returns them.
BASES = st.sampled_from(["x", "y", "z", "a", "rate", "lambda", "d", "e", "pi", "i"])
NUMBERS = st.builds(Number, st.floats(0, 1e300) | st.integers(0, 10**6).map(float))
NAMES = st.builds(Name, BASES) | st.builds(Name, st.sampled_from(["w", "a"]), st.integers(1, 999))


def indexed(letters: tuple[str, ...]) -> st.SearchStrategy[Node]:
    """Names whose index is a running letter."""
    if not letters:
        return st.nothing()
    offsets = st.builds(Offset, st.sampled_from(letters), st.integers(-99, 99))
    return st.builds(Name, st.sampled_from(["w", "b"]), offsets)


def trees(letters: tuple[str, ...] = ()) -> st.SearchStrategy[Node]:
    """Trees inside sums over these letters."""

    def grown(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        calls = [st.builds(Call, st.just(name), st.tuples(*[below] * record.fewest))
                 for name, record in FUNCTIONS.items()]  # fmt: skip
        return (
            st.builds(Negative, below)
            | st.builds(Binary, st.sampled_from("+-*/^"), below, below)
            | st.one_of(calls)
        )

    leaves = NUMBERS | NAMES | indexed(letters)
    return st.recursive(leaves | running(letters), grown, max_leaves=8)


def running(letters: tuple[str, ...]) -> st.SearchStrategy[Node]:
    """Sums and products over a letter that is not taken."""
    if len(letters) == grammar.MOST_SUMS:
        return st.nothing()
    kinds, letter = st.sampled_from(["sum", "prod"]), "ij"[len(letters)]
    body = st.deferred(lambda: trees((*letters, letter)))
    ends = st.integers(0, 999) | st.builds(Offset, st.just("d"), st.integers(-99, -1))
    some = st.builds(Running, kinds, body, st.just(letter), ends, ends)
    used = st.builds(Binary, st.just("*"), indexed((letter,)), body)
    whole = st.builds(Running, kinds, used, st.just(letter), st.just(1), st.just(Offset("d")))
    return some | whole


@given(trees())
def test_what_is_written_is_read_back(tree):
    text = unparse(tree)
    if len(text) <= grammar.MOST_CHARACTERS:
        assert parse(text) == tree


PIECES = [
    *"xyzuvwabdeij0123456789+-*/^().,|_=[]{} ", "**", "..", "²", "·", "−", "√", "π", "λ", "1e9",
    "0.5", *(f"{name}(" for name in FUNCTIONS), "sum(", "prod(", "w_i", "w_{i+1}", ",i=1..d)",
    "ln(", "sin", "nan",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(text):
    answered(text)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=cases(0.5))
def test_random_texts(seed):
    random = Random(seed)
    for _ in range(15):
        drawn("".join(random.choices(PIECES, k=random.randint(1, 30))))
    for _ in range(10):
        drawn(written(random))


@given(st.text(max_size=30))
def test_any_text(text):
    answered(text)


def drawn(text: str) -> None:
    note(repr(text))
    answered(text)


def answered(text: str) -> None:
    """The text is a formula whose canonical text reads back, or raises FormulaError alone."""
    fault = fault_of(text)
    if fault is not None:
        assert fault.why
        assert fault.at is None or 0 <= fault.at <= len(text)
        assert str(fault).isprintable()
        return
    formula = formula_of(text)
    assert unparse(parse(formula.text)) == formula.text
    assert len(formula.slope) == formula.dimension == len(formula.weights)


def fault_of(text: str) -> FormulaError | None:
    try:
        formula_of(text)
    except FormulaError as fault:
        return fault
    return None
