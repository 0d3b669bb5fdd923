"""Stationary points of functions whose points are known, and what is proved about them."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.formula.arrays import Field
from simulation.formula.formula import bind, formula_of
from simulation.formula.points import MOST_LISTED, StationaryPoints, stationary_points
from tests.cases import cases
from tests.simulation.formula_cases import FORMULAS

DOUBLE_WELL = FORMULAS["double well"][0]
HYPERBOLA = FORMULAS["hyperbola"][0]
ROSENBROCK = FORMULAS["Rosenbrock"][0]
MONKEY = FORMULAS["monkey"][0]
HIMMELBLAU = FORMULAS["Himmelblau"][0]
CAMEL = FORMULAS["six-hump camel"][0]
BEALE = FORMULAS["Beale"][0]
MUELLER_BROWN = FORMULAS["Müller–Brown"][0]
STYBLINSKI_TANG = FORMULAS["Styblinski–Tang"][0]
TOY = FORMULAS["toy"][0]
WAVES = "sin(x)*cos(y)+0.1*(x^2+y^2)"
SPHERES = "x^4+y^4+z^4-2*x^2-2*y^2-2*z^2+x*y*z"
WELLS = "sum(w_i^4/4-w_i^2/2)+0.1*sum((w_{i+1}-w_i)^2,i=1..d-1)"  # coupled double wells


@cache
def found(text: str, dimension: int | None = None, width: float | None = None) -> StationaryPoints:
    """Return the points from the seed 0, by default, or in the box [−width, width]^d."""
    formula = formula_of(text, dimension)
    field = Field(formula, bind(formula, {}))
    d = formula.dimension
    box = None if width is None else np.array([[-width], [width]]) * np.ones(d)
    return stationary_points(field, np.zeros((1, d)), box)


# how many of each kind; all regular ones are checked, and no others are in the box
COMPLETE: list[tuple[str, int | None, Mapping[str, int]]] = [
    (DOUBLE_WELL, None, {"minimum": 2, "saddle": 1}),
    (ROSENBROCK, None, {"minimum": 1}),
    (HIMMELBLAU, None, {"minimum": 4, "saddle": 4, "maximum": 1}),
    (CAMEL, None, {"minimum": 6, "saddle": 7, "maximum": 2}),
    (STYBLINSKI_TANG, 2, {"minimum": 4, "saddle": 4, "maximum": 1}),
    (BEALE, None, {"minimum": 1, "saddle": 2}),
    (MUELLER_BROWN, None, {"minimum": 3, "saddle": 2}),
    (TOY, None, {"minimum": 2, "saddle": 1}),
    (WAVES, None, {"minimum": 4, "saddle": 4, "maximum": 1}),
    (SPHERES, None, {"minimum": 8, "saddle": 18, "maximum": 1}),
    (WELLS, 3, {"minimum": 6, "saddle": 8, "maximum": 1}),
    (WELLS, 4, {"minimum": 10, "saddle": 30, "maximum": 1}),
    (WELLS, 5, {"minimum": 16, "saddle": 82, "maximum": 1}),
]
GROWS = [row for row in COMPLETE if row[0] not in (BEALE,)]  # on all sides


@pytest.mark.parametrize(("text", "dimension", "kinds"), COMPLETE)
def test_all_points_are_found_and_proved_to_be_all(
    text: str, dimension: int | None, kinds: Mapping[str, int]
) -> None:
    points = found(text, dimension)
    assert Counter(points.kinds) == kinds
    assert points.checked.all()
    assert points.complete
    assert points.inside.all()
    assert points.total == len(points.places) == sum(kinds.values())


@pytest.mark.parametrize(("text", "dimension", "kinds"), GROWS)
def test_the_alternating_sum_of_indices_is_one_where_f_grows_on_all_sides(
    text: str, dimension: int | None, kinds: Mapping[str, int]
) -> None:
    """Morse: it is the Euler characteristic of the sublevel set, here of a ball."""
    assert found(text, dimension).alternating_sum == 1


def test_the_alternating_sum_is_known_only_of_regular_points_that_are_all_listed() -> None:
    assert found(BEALE).alternating_sum == -1  # two saddles and a minimum: it has valleys
    assert found(MONKEY).alternating_sum is None
    assert found(STYBLINSKI_TANG, 5).alternating_sum is None


@pytest.mark.parametrize(("text", "places"), [
    (DOUBLE_WELL, [(0, 0), (-1, 0), (1, 0)]),
    (ROSENBROCK, [(1, 1)]),
    (HIMMELBLAU, [(3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)]),
    (CAMEL, [(0.089842, -0.712656), (-0.089842, 0.712656)]),
    (BEALE, [(3, 0.5), (0, 1), (0.100538, -2.644514)]),
    (MUELLER_BROWN, [
        (-0.558224, 1.441726), (0.623499, 0.028038), (-0.050011, 0.466694),
        (-0.822002, 0.624313), (0.212487, 0.292988),
    ]),
    (STYBLINSKI_TANG, [(-2.903534, -2.903534)]),
])  # fmt: skip
def test_points_known_from_the_literature_are_among_them(
    text: str, places: list[tuple[float, float]]
) -> None:
    points = found(text)
    for place in places:
        assert np.abs(points.places - place).max(axis=1).min() < 2e-6


@pytest.mark.parametrize("text", [HIMMELBLAU, CAMEL, MUELLER_BROWN, WAVES])
def test_values_and_eigenvalues_are_those_of_the_field(text: str) -> None:
    formula = formula_of(text)
    field = Field(formula, ())
    points = found(text)
    np.testing.assert_array_equal(points.values, field.value(points.places))
    spectra = np.linalg.eigvalsh(field.hessian(points.places))
    scale = np.abs(spectra).max()
    np.testing.assert_allclose(points.eigenvalues, spectra, rtol=1e-9, atol=1e-12 * scale)
    assert np.linalg.norm(field.gradient(points.places), axis=1).max() < 1e-12 * scale


def test_the_nearest_to_the_first_seed_comes_first() -> None:
    formula = formula_of(HIMMELBLAU)
    seeds = np.array([[-2.0, 1.0], [4.0, 4.0]])
    places = stationary_points(Field(formula, ()), seeds).places
    distances = np.linalg.norm(places - seeds[0], axis=1)
    assert (np.diff(distances) >= 0).all()


def test_the_monkey_saddle_is_degenerate_with_three_valleys() -> None:
    points = found(MONKEY)
    assert Counter(points.kinds) == {"minimum": 3, "degenerate": 1}
    saddle = points.kinds.index("degenerate")
    character = points.characters[saddle]
    np.testing.assert_array_equal(points.places[saddle], [0, 0])
    assert (character.rises, character.falls, character.valleys) == (True, True, 3)
    assert points.checked.sum() == 3
    # there is no other in the box but, perhaps, next to the saddle
    assert (points.complete, points.unresolved, points.known) == (False, 1, 1)


@pytest.mark.parametrize(("text", "rises", "falls"), [
    ("(x-0.3)^4+y^2", True, False),
    ("-(x-pi/7)^6-y^2", False, True),
    ("(x-pi/7)^3+y^2", True, True),
    ("x^4-y^4", True, True),
    ("x^6/6-x^2*y^2+y^6/6", True, True),
    ("-u*v*w+(u*v*w)^2/2", True, True),  # two saddle sets cross
])  # fmt: skip
def test_around_a_degenerate_point_it_is_seen_whether_f_rises_and_falls(
    text: str, rises: bool, falls: bool
) -> None:
    points = found(text)
    nearest = points.characters[int(np.abs(points.values - points.values[0]).argmin())]
    assert nearest.kind == "degenerate"
    assert (nearest.rises, nearest.falls) == (rises, falls)
    assert not points.complete


@pytest.mark.parametrize(("text", "nearest", "freedom"), [
    (HYPERBOLA, [(-1, -1), (1, 1)], 1),
    ("0.5*(x-2*y)^2+0.25*(x-2*y)^4", [(0, 0)], 1),
    ("relu(x-1)^2+relu(-x-1)^2+y^2", [(0, 0)], 1),
    ("(x+y+z-3)^2", [(1, 1, 1)], 2),
])  # fmt: skip
def test_of_a_continuum_of_minima_the_nearest_are_listed(
    text: str, nearest: list[tuple[float, ...]], freedom: int
) -> None:
    points = found(text)
    sets = [(p, c) for p, c in zip(points.places, points.characters, strict=True) if c.freedom]
    assert len(sets) == len(nearest)
    for place, (at, character) in zip(sorted(nearest), sorted(sets, key=lambda s: tuple(s[0])),
                                      strict=True):  # fmt: skip
        np.testing.assert_allclose(at, place, atol=1e-7)
        assert (character.kind, character.freedom) == ("continuum", freedom)
        assert (character.rises, character.falls) == (True, False)
    assert not points.decided


def test_the_saddle_of_the_hyperbola_is_found_beside_its_minima() -> None:
    points = found(HYPERBOLA)
    saddle = points.kinds.index("saddle")
    np.testing.assert_allclose(points.places[saddle], 0, atol=1e-12)
    assert points.checked[saddle]


@pytest.mark.parametrize(("text", "place", "rises", "falls"), [
    ("abs(x)+y^2", (0, 0), True, False),
    ("abs(x-0.3)+(y-0.5)^2", (0.3, 0.5), True, False),
    ("-abs(x)+y^2", (0, 0), True, True),
    ("max(x^2+x,x^2-x)+y^2", (0, 0), True, False),
])  # fmt: skip
def test_a_point_without_a_hessian_is_a_kink(
    text: str, place: tuple[float, float], rises: bool, falls: bool
) -> None:
    points = found(text)
    at = points.kinds.index("kink")
    np.testing.assert_allclose(points.places[at], place, atol=1e-4)
    assert (points.characters[at].rises, points.characters[at].falls) == (rises, falls)
    assert not points.checked[at]


@pytest.mark.parametrize("slope", ["1e-3", "1e-8", "1e-13"])
def test_a_place_that_is_nearly_stationary_is_none(slope: str) -> None:
    points = found(f"x^3+{slope}*x+y^2")
    assert points.total == 0
    assert points.complete
    assert (points.box == [[-10, -10], [10, 10]]).all()


def test_where_there_is_none_that_is_proved() -> None:
    points = found("x+y^2")
    assert points.places.shape == (0, 2)
    assert points.complete
    assert (points.box == [[-10, -10], [10, 10]]).all()


@pytest.mark.parametrize("text", ["1/x+y", "log(x)+y^2", "sqrt(-1-x^2)+y", "x^x+y", "exp(exp(x))"])
def test_formulas_without_points_or_values_give_none(text: str) -> None:
    points = found(text)
    assert points.total == len(points.places)
    assert "saddle" not in points.kinds
    assert np.isfinite(points.values).all()


@pytest.mark.parametrize(("text", "kinds", "edges"), [
    ("x*log(x)+y^2", ("minimum",), 1),
    ("1/x+x+y^2", ("saddle", "minimum"), 1),
    ("tan(x)-2*x+y^2+x^2/2", None, 3),
])  # fmt: skip
def test_a_pole_or_the_edge_of_the_domain_is_left_undecided_but_no_point(
    text: str, kinds: tuple[str, ...] | None, edges: int
) -> None:
    points = found(text, None, 6.0 if "tan" in text else None)
    assert "kink" not in points.kinds
    assert kinds is None or points.kinds == kinds
    assert (points.complete, points.known) == (False, 0)
    assert points.unresolved >= edges


def test_equal_blocks_of_weights_are_combined() -> None:
    points = found(STYBLINSKI_TANG, 5)
    assert points.total == 3**5
    assert len(points.places) == MOST_LISTED
    assert points.complete
    assert points.checked.all()
    assert points.kinds.count("minimum") == 2**5  # the minima are always among those listed


def test_the_number_of_weights_costs_little_where_they_are_apart() -> None:
    points = found("sum(w_i^4)/4-w1^2/2", 50)
    assert points.total == 3
    assert {c.kind for c in points.characters} == {"degenerate"}
    assert sorted(c.index for c in points.characters) == [0, 0, 1]
    assert points.unresolved == points.known == 49


@pytest.mark.parametrize("width", [1.0, 3.0, 6.0])
def test_what_is_proved_is_about_the_box_that_is_asked(width: float) -> None:
    box = np.array([[-width, -width], [width, width]])
    points = found(HIMMELBLAU, width=width)
    everything = found(HIMMELBLAU)
    np.testing.assert_array_equal(points.box, box)
    assert points.complete
    inside = (np.abs(everything.places) <= width).all(axis=1)
    assert points.inside.sum() == inside.sum()


@settings(max_examples=cases(0.3), deadline=None)
@given(
    roots=st.lists(st.floats(-3, 3), min_size=1, max_size=4, unique=True).filter(
        lambda r: all(abs(a - b) > 0.05 for a in r for b in r if a != b)
    )
)
def test_a_polynomial_has_the_points_it_was_made_of(roots: list[float]) -> None:
    """∂f/∂x = Π (x − r): f is written as its integral, coefficient by coefficient."""
    coefficients = np.polyint(np.poly(roots))
    powers = range(len(coefficients) - 1, 0, -1)
    terms = [f"({c!r})*x^{n}" for c, n in zip(coefficients.tolist(), powers, strict=False)]
    points = found("+".join(terms) + "+y^2/2")
    np.testing.assert_allclose(np.sort(points.places[:, 0]), sorted(roots), atol=1e-9)
    assert points.complete
    assert points.checked.all()
    signs = [1 if index % 2 == 0 else -1 for index in points.indices]
    order = np.argsort(points.places[:, 0])
    assert np.array(signs)[order][-1] == 1  # beyond the last one f grows
    assert (np.diff(np.array(signs)[order]) != 0).all()  # minima and saddles take turns


def test_a_rotated_function_has_rotated_points() -> None:
    angle = 0.7
    c, s = math.cos(angle), math.sin(angle)
    rotated = HIMMELBLAU.replace("x", "p").replace("y", "q")
    rotated = rotated.replace("p", f"({c!r}*x+{s!r}*y)").replace("q", f"({-s!r}*x+{c!r}*y)")
    turned = found(rotated).places @ np.array([[c, -s], [s, c]])
    plain = found(HIMMELBLAU).places
    nearest = np.abs(turned[:, None] - plain).max(axis=2)
    assert len(turned) == len(plain)
    assert nearest.min(axis=0).max() < 1e-10


def digest(texts: tuple[str, ...]) -> str:
    everything = hashlib.sha256()
    for text in texts:
        points = found(text)
        for part in (points.places, points.box, points.eigenvalues, points.checked):
            everything.update(part.tobytes())
        everything.update(repr(points.characters).encode())
    return everything.hexdigest()


@pytest.mark.long
def test_another_process_gives_the_same_bits() -> None:
    texts = (MONKEY, HYPERBOLA, MUELLER_BROWN)
    program = f"from {digest.__module__} import digest; print(digest({texts!r}))"
    other = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout  # fmt: skip
    assert other.strip() == digest(texts)
