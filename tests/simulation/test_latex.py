"""The LaTeX of a landscape states the function that is run."""

from __future__ import annotations

import re

import numpy as np
import pytest
from latex2mathml.converter import convert

from simulation import Experiment
from simulation.landscapes.registry import LANDSCAPES, landscape_of
from tests.marks import breadth

PLAIN = {"landscape": "quadratic", "noise": "gaussian"}
CLOSED = {
    "toy": {"landscape": "toy"},
    "toy, rotated and tilted": {"landscape": "toy", "rotation": 30.0, "tilt": (0.02, -0.01)},
    "toy, tilted samples": {"landscape": "toy", "noise": "samples", "tilt": (0.02, 0.0)},
    "quadratic": PLAIN,
    "quadratic, the way out first": PLAIN | {"eigenvalues": (-0.3, 2.0)},
    "quadratic, two equal": PLAIN | {"eigenvalues": (-0.3, -0.3)},
    "toy, d = 4": {"landscape": "toy", "eigenvalues": (1.0, -0.3, 2.0, -0.1)},
    "monkey, rotated": {"landscape": "monkey", "rotation": 20.0},
    "linear-net": {"landscape": "linear-net", "eigenvalues": (1.5,)},
    "himmelblau, tilted": {"landscape": "himmelblau", "tilt": (0.5, 0.25)},
}


@pytest.mark.parametrize("name", LANDSCAPES)
@pytest.mark.parametrize("more", [{}, {"rotation": 10.0, "tilt": (0.1,)}], ids=["plain", "turned"])
def test_every_landscape_has_latex_that_is_typeset(name: str, more: dict) -> None:
    experiment = Experiment(landscape=name, **more)
    place = landscape_of(experiment)
    f, definitions = place.latex(experiment), place.latex_definitions(experiment)
    for text in (f, *definitions):
        shown = convert(text)
        assert shown.startswith("<math")
        assert "\\" not in shown  # a macro that is not known is left as it is
        assert text.isascii()
    assert " = " not in f  # the right-hand side alone
    assert all(text.count(" = ") == 1 for text in definitions)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("toy", {"eigenvalues": (1.0, -0.1)}, {"eigenvalues": (2.0, -0.5)}),
        ("linear-net", {"eigenvalues": (1.5,)}, {"eigenvalues": (0.5,)}),
        ("linear-net", {"eigenvalues": (1.5, 1.0)}, {"eigenvalues": (0.7, 0.5)}),
        ("phase-retrieval", {"samples": 20}, {"samples": 200}),
        ("monkey", {"rotation": 10.0}, {"rotation": 80.0}),
    ],
)
def test_a_dragged_number_leaves_the_latex_as_it_is(name: str, one: dict, other: dict) -> None:
    first, second = (Experiment(landscape=name, **more) for more in (one, other))
    place = landscape_of(first)
    assert place.latex(first) == place.latex(second)
    assert place.latex_definitions(first) == place.latex_definitions(second)


def symbols(experiment: Experiment, w: np.ndarray) -> dict[str, float]:
    """The numbers of the symbols that the page shows: sliders, weights, tilt."""
    place, values = landscape_of(experiment), experiment.eigenvalues
    z = w @ place.basis(experiment)
    out = {f"{letter}_{{{i}}}": at for letter, v in (("w", w), ("z", z))
           for i, at in enumerate(v, 1)}  # fmt: skip
    out |= dict(zip("xy", w, strict=False))
    out |= {r"\lambda_{-}": min(values), r"\lambda_{+}": max(values)}
    out |= {rf"\lambda_{{{i}}}": value for i, value in enumerate(values, 1)}
    push, tilt = place.offset(experiment), place.tilt(experiment)
    for letter, v in (("w", w), ("z", z)):
        out[rf"\langle c, {letter} \rangle"] = float(tilt @ v)
        out[rf"\langle \bar{{b}}, {letter} \rangle"] = float((push - tilt) @ v)
        out[rf"\langle c + \bar{{b}}, {letter} \rangle"] = float(push @ v)
    return out


def evaluated(text: str, known: dict[str, float]) -> float:
    """The value of a sum of products and powers; SymPy reads it once each symbol is a number."""
    sympy = pytest.importorskip("sympy")
    text = re.sub(r"_(\w)", r"_{\1}", text)
    for body in re.findall(r"\\sum_\{i=1\}\^\{\d+\} (?:\\lambda_\{i\} )?\w_\{i\}\^\S+", text):
        end, term = re.findall(r"\\sum_\{i=1\}\^\{(\d+)\} (.*)", body)[0]
        each = (term.replace("_{i}", f"_{{{i}}}") for i in range(1, int(end) + 1))
        text = text.replace(body, rf"\left({' + '.join(each)}\right)")
    text = re.sub(r"\\tfrac(\d)(\d)|\\frac\{(\d)\}\{(\d)\}", r"(\1\3/\2\4)", text)
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, f"({float(known[name])!r})")
    text = re.sub(r"\\left|\\right|\\,|\s", "", text).replace("^", "**")
    text = re.sub(r"\*\*\{(\d+)\}", r"**\1", text)
    text = re.sub(r"(?<=[\d)])(?=\()", "*", text)
    assert re.fullmatch(r"[-+*/.()\de]+", text), text  # nothing is left that is not a number
    return float(sympy.sympify(text))


@pytest.mark.long
@pytest.mark.parametrize("case", breadth(CLOSED, ("toy, rotated and tilted", "toy, d = 4")))
def test_the_latex_is_the_function(case: str) -> None:
    experiment = Experiment(**CLOSED[case])
    place = landscape_of(experiment)
    w = np.random.default_rng(5).uniform(0.3, 0.9, place.dimension(experiment))
    found = evaluated(place.latex(experiment), symbols(experiment, w))
    assert found == pytest.approx(float(place.value(experiment, w)), rel=1e-12)
