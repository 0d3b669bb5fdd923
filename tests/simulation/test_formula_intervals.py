"""Intervals hold what they should: each operation, and random formulas, against exact values."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulation.formula.evaluation import Program
from simulation.formula.graph import BINARY, Op
from simulation.formula.intervals import INTERVALS, constant
from simulation.formula.krawczyk import defects
from simulation.formula.walk import FLOATS, tangents, values
from tests.cases import cases
from tests.simulation.formula_graphs import EXACT, programs
from tests.simulation.formula_graphs import exact as exact_values

EDGES = [0.0, 1.0, -1.0, 0.5, -2.0, np.pi, -np.pi / 2, 1e-300, 1e300, 700.0, -745.0, 2.0**20, 1e7]
NUMBERS = st.one_of(
    st.sampled_from(EDGES),
    st.floats(-10, 10),
    st.floats(-1e6, 1e6),
    st.floats(allow_nan=False, allow_infinity=False),
)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[float, float, float]:
    """Draw low ≤ inner ≤ high."""
    low, inner, high = sorted(draw(NUMBERS) for _ in range(3))
    return (inner, inner, inner) if draw(st.booleans()) else (low, inner, high)


@pytest.mark.parametrize("op", sorted(INTERVALS.operations), ids=lambda op: op.name)
@settings(max_examples=cases(0.25), deadline=None)
@given(x=intervals(), y=intervals(), exponent=st.integers(1, 64))
def test_an_operation_holds_the_exact_value(
    op: Op, x: tuple[float, ...], y: tuple[float, ...], exponent: int
) -> None:
    operands = [np.array([[x[0]], [x[2]]])]
    inner = [mpmath.mpf(x[1])]
    if op == Op.POWI:
        inner.append(exponent)
        operands.append(exponent)  # type: ignore[arg-type]
    elif op in BINARY:
        inner.append(mpmath.mpf(y[1]))
        operands.append(np.array([[y[0]], [y[2]]]))
    assume(op != Op.POW or x[0] >= 0 or y[0] == y[2])  # else single points
    assume(op not in (Op.EXP, Op.POW) or max(abs(i) for i in inner) < 1e8)  # mpmath's memory
    with mpmath.workprec(300), np.errstate(all="ignore"):
        try:
            value = EXACT[op](*inner)
        except (ValueError, ZeroDivisionError):
            return  # no value there
        if not isinstance(value, mpmath.mpf):
            return
        low, high = INTERVALS.operations[op](*operands)[:, 0]
        assert np.isnan(low) or np.isnan(high) or low <= value <= high


@st.composite
def boxes(draw: st.DrawFn) -> np.ndarray:
    """Draw boxes (2, 2, n): middles and sizes of all magnitudes."""
    middle = np.array([draw(st.floats(-4, 4)) for _ in range(2)])
    size = 2.0 ** draw(st.integers(-40, 2))
    return np.stack([middle - size, middle + size])[..., None]


def within(box: np.ndarray, count: int) -> np.ndarray:
    """Return random places (n, 2) of a box (2, 2, 1), its corners among them."""
    shares = np.random.default_rng(0).uniform(size=(count, 2))
    shares = np.concatenate([shares, [[0, 0], [0, 1], [1, 0], [1, 1]]])
    low, high = box[0, :, 0], box[1, :, 0]
    return np.clip(low + (high - low) * shares, low, high)


@settings(max_examples=cases(1), deadline=None)
@given(program=programs(), box=boxes())
def test_a_formula_over_a_box_holds_its_values_there(program: Program, box: np.ndarray) -> None:
    with np.errstate(all="ignore"):
        found = values(program, INTERVALS, [box[:, 0], box[:, 1]])
        w = within(box, 30)
        at = values(program, FLOATS, [w[:, 0], w[:, 1]])
    # the same order of operations, each rounded: even the rounded values lie within
    has_value = ~np.any([np.broadcast_to(np.isnan(v), len(w)) for v in at], axis=0)
    for interval, numbers in zip(found, at, strict=True):
        low, high = interval[:, 0]
        finite = np.broadcast_to(numbers, len(w))[has_value & np.isfinite(numbers)]
        if not (np.isnan(low) or np.isnan(high)) and finite.size:
            assert low <= finite.min()
            assert finite.max() <= high


@settings(max_examples=cases(1), deadline=None)
@given(program=programs(), x=st.floats(-4, 4), y=st.floats(-4, 4))
def test_a_formula_at_a_point_holds_its_exact_value(program: Program, x: float, y: float) -> None:
    with mpmath.workprec(400):
        exact = exact_values(program, (x, y))
        if exact is None:
            return  # no value there
        found = values(program, INTERVALS, [constant(x), constant(y)])
        for interval, value in zip(found, exact, strict=True):
            low, high = interval[:, 0]
            assert np.isnan(low) or np.isnan(high) or low <= value <= high


@settings(max_examples=cases(1), deadline=None)
@given(program=programs(), box=boxes())
def test_tangents_over_a_box_hold_the_hessian_there(program: Program, box: np.ndarray) -> None:
    found = values(program, INTERVALS, [box[:, 0], box[:, 1]])
    slopes = tangents(program, INTERVALS, found)
    w = within(box, 20)
    at = values(program, FLOATS, [w[:, 0], w[:, 1]])
    has_value = ~np.any([np.broadcast_to(np.isnan(v), len(w)) for v in at], axis=0)
    for interval, numbers in zip(slopes, tangents(program, FLOATS, at), strict=True):
        assert (interval is None) == (numbers is None)
        if interval is None or numbers is None:
            continue
        for j in range(2):
            low, high = interval[:, j, 0]
            finite = np.broadcast_to(numbers[j], len(w))[has_value & np.isfinite(numbers[j])]
            if not (np.isnan(low) or np.isnan(high)) and finite.size:
                assert low <= finite.min()
                assert finite.max() <= high


@settings(max_examples=cases(1), deadline=None)
@given(program=programs(), box=boxes())
def test_only_where_a_formula_is_rough_it_may_have_no_value(
    program: Program, box: np.ndarray
) -> None:
    with np.errstate(all="ignore"):
        found = values(program, INTERVALS, [box[:, 0], box[:, 1]])
        rough, outside = defects(program, found, 1)
        w = within(box, 20)
        at = values(program, FLOATS, [w[:, 0], w[:, 1]])
    bounded = all(np.isfinite(interval).all() for interval in found)
    has_values = np.all([np.broadcast_to(np.isfinite(v), len(w)) for v in at], axis=0)
    if bounded and not rough[0]:
        assert has_values.all()
    if outside[0]:
        assert not has_values.any()
