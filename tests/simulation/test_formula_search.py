"""The parts of the search for stationary points: starts, Newton's method, boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from simulation.formula import newton, proof
from simulation.formula.arrays import Field
from simulation.formula.evaluation import Program, program_of
from simulation.formula.formula import formula_of
from simulation.formula.points import blocks_of, stationary_points
from simulation.formula.walk import slopes, slopes_and_bends
from tests.cases import cases

HIMMELBLAU = "(x^2+y-11)^2+(x+y^2-7)^2"
RING = "(x^2+y^2-1)^2"


def program(text: str) -> Program:
    formula = formula_of(text)
    return program_of(formula.graph, formula.slope, (), range(formula.dimension))


@pytest.mark.parametrize(("place", "base"), [*enumerate([2, 3, 5, 7, 11])])
def test_halton_points_fall_into_equal_parts_once_each(place: int, base: int) -> None:
    count = base**3
    points = newton.halton(count - 1, 5)[:, place]  # with 0, which is left out, base³ points
    # +½: at a part's lower edge a rounded sum of digits may lie below it
    assert sorted(np.floor(points * count + 0.5).astype(int)) == list(range(1, count))


@pytest.mark.parametrize("weights", [1, 2, 3, 8, 20, 50])
@pytest.mark.parametrize("boxed", [False, True])
def test_the_seeds_and_the_origin_are_always_starts(weights: int, boxed: bool) -> None:
    seeds = np.random.default_rng().normal(size=(3, weights))
    box = np.array([[2.0], [5.0]]) * np.ones(weights) if boxed else None
    starts = newton.starts_for(weights, seeds, box)
    assert len(starts) <= newton.MOST_STARTS
    np.testing.assert_array_equal(starts[:4], [*seeds, np.zeros(weights)])
    if box is not None:
        assert (np.abs(starts[4:] - 3.5) < 1.51).all()


@settings(max_examples=cases(1), deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3))
def test_spectra_of_two_weights_are_those_of_lapack(entries: list[float]) -> None:
    a, b, c = entries
    matrix = np.array([[[a, b], [b, c]]])
    values, vectors = newton.spectra(matrix)
    scale = 1e-300 + np.abs(matrix).max()
    np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix), rtol=0, atol=1e-14 * scale)
    rebuilt = vectors @ (values[..., None] * vectors.transpose(0, 2, 1))
    np.testing.assert_allclose(rebuilt, matrix, rtol=0, atol=1e-14 * scale)


def test_newton_solves_a_quadratic_function_from_every_start() -> None:
    quadratic = program("3*x^2+x*y-2*y^2+x-5*y")
    w = newton.stationary(quadratic, np.random.default_rng().uniform(-9, 9, (50, 2)), 10.0)
    assert w.shape == (50, 2)
    np.testing.assert_allclose(w, np.tile(np.linalg.solve([[6, 1], [1, -4]], [-1, 5]), (50, 1)))


@pytest.mark.parametrize("power", [3, 4, 6, 10])
def test_newton_reaches_points_where_it_converges_only_linearly(power: int) -> None:
    w = newton.stationary(program(f"(x-0.7)^{power}"), np.array([[1.5], [-2.0], [0.9]]), 10.0)
    np.testing.assert_allclose(w, 0.7, atol=1e-6)
    assert len(w) == 3


@pytest.mark.parametrize("modes", [0, 1])
def test_descent_with_reversed_modes_ends_at_points_of_that_index(modes: int) -> None:
    himmelblau = program(HIMMELBLAU)
    starts = newton.starts_for(2, np.zeros((1, 2)), None)[::7]
    w = newton.descended(himmelblau, starts, np.full(len(starts), modes))
    arrived = np.linalg.norm(slopes(himmelblau, w), axis=1) < 1e-9
    indices = (np.linalg.eigvalsh(slopes_and_bends(himmelblau, w[arrived])[1]) < 0).sum(axis=1)
    assert arrived.mean() > 0.5
    assert (indices == modes).all()


def test_isolated_boxes_hold_their_place_and_exclude_the_others() -> None:
    himmelblau = program(HIMMELBLAU)
    field = Field(formula_of(HIMMELBLAU), ())
    places = stationary_points(field, np.zeros((1, 2))).places
    boxes, sure = proof.isolate(himmelblau, places, np.array([10.0, 10.0]))
    assert sure.all()
    for i, place in enumerate(places):
        np.testing.assert_array_equal(np.flatnonzero(proof.within(place, boxes)), [i])


@pytest.mark.parametrize("text", ["x^4+y^2", "x^2*y^2+y^4", RING, "abs(x)+y^2"])
def test_a_point_that_is_not_regular_is_never_isolated(text: str) -> None:
    _, sure = proof.isolate(program(text), np.array([[0.0, 0.0], [1.0, 0.0]]), np.ones(2))
    assert not sure[1 if text == RING else 0]


def test_a_proof_ends_when_its_boxes_are_spent() -> None:
    box = np.array([[-2.0, -2.0], [2.0, 2.0]])
    found = proof.prove(program(RING), box, np.empty((0, 2)), np.empty((2, 2, 0)))
    assert found.boxes <= proof.MOST_BOXES
    angles = np.linspace(0, 2 * np.pi, 100)
    for place in np.stack([np.cos(angles), np.sin(angles)], axis=1):  # all that it left undecided
        assert proof.within(place, found.undecided).any()
    np.testing.assert_allclose(found.places, [[0, 0]], atol=1e-12)


def test_undecided_boxes_are_grouped_by_what_lies_close() -> None:
    whole = np.array([[0.0, 0.0], [1.0, 1.0]])
    corners = np.array([(0.1, 0.1), (0.1005, 0.1), (0.8, 0.2), (0.8, 0.2005), (0.5, 0.5)])
    boxes = np.stack([corners.T, corners.T + 1e-5])
    groups = proof.clusters(boxes, whole)
    assert len(groups) == 3
    assert sorted(int(proof.within(c, np.stack(groups, axis=2)).sum()) for c in corners) == [1] * 5


def test_blocks_are_the_weights_that_meet_directly_or_through_others() -> None:
    coupling = np.eye(6, dtype=bool)
    for i, j in ((0, 4), (4, 5), (1, 3)):
        coupling[i, j] = coupling[j, i] = True
    assert blocks_of(coupling) == ((0, 4, 5), (1, 3), (2,))


@st.composite
def quartics(draw: st.DrawFn) -> str:
    """Draw a quartic polynomial of x and y that grows on all sides."""
    powers = [(i, j) for i in range(4) for j in range(4 - i)]
    terms = [f"({draw(st.integers(-9, 9))}/3)*x^{i}*y^{j}" for i, j in powers if i + j]
    return "+".join([*terms, "x^4+y^4+x^2*y^2"])


# |w| of every stationary point of a quartic: 3|w|⁴ ≤ w·∇(x⁴+y⁴+x²y²) is more than the rest beyond
REACH = 13.0


@settings(max_examples=cases(0.15), deadline=None)
@given(text=quartics(), seed=st.integers(0, 2**31))
def test_no_other_method_finds_a_point_that_was_proved_not_to_be(text: str, seed: int) -> None:
    field = Field(formula_of(text), ())
    box = np.array([[-REACH, -REACH], [REACH, REACH]])
    points = stationary_points(field, np.zeros((1, 2)), box)
    if not points.complete:
        return
    for start in np.random.default_rng(seed).normal(scale=3, size=(15, 2)):
        other = root(field.gradient, start, jac=field.hessian, tol=1e-13)
        if other.success and np.linalg.cond(field.hessian(other.x)) < 1e7:
            assert np.abs(points.places - other.x).max(axis=1).min() < 1e-6
    assert points.alternating_sum == 1  # as f grows on all sides
