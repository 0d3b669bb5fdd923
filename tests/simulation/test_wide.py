"""Wide values: each operation is NumPy's in every lane, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numba import njit

from simulation.kernels.records import LANES
from simulation.kernels.wide import (
    absolute,
    broadcast,
    from_bits,
    load,
    maximum,
    minimum,
    sqrt,
    store,
    to_bits,
    where_equal,
    where_less,
)

EDGES = np.array([0.0, -0.0, 1.0, -1.5, 5e-324, -1e308, np.inf, -np.inf, np.nan, 2.0, 1e-300, -3.0])
A, B = (grid.ravel() for grid in np.meshgrid(EDGES, EDGES))  # all pairs; a multiple of LANES
FLOATS = arrays(np.float64, LANES, elements=st.floats(width=64))
WORDS = arrays(np.uint64, LANES, elements=st.integers(0, 2**64 - 1))


@njit
def float_operations(a, b, out):
    for i in range(0, a.size, LANES):
        x, y = load(a, i), load(b, i)
        store(out[0], i, x + y)
        store(out[1], i, x - y)
        store(out[2], i, x * y)
        store(out[3], i, x / y)
        store(out[4], i, -x)
        store(out[5], i, sqrt(x))
        store(out[6], i, absolute(x))
        store(out[7], i, maximum(x, y))
        store(out[8], i, minimum(x, y))
        store(out[9], i, where_less(x, y, x, 7.0))
        store(out[10], i, where_equal(x, y, 7.0, y))
        store(out[11], i, 2.0 * x - 1.0)
        store(out[12], i, 1.0 / x)
        store(out[13], i, broadcast(3.0))


def numpy_floats(a, b):
    with np.errstate(all="ignore"):
        return np.array([
            a + b, a - b, a * b, a / b, -a, np.sqrt(a), np.abs(a), np.maximum(a, b),
            np.minimum(a, b), np.where(a < b, a, 7.0), np.where(a == b, 7.0, b), 2.0 * a - 1.0,
            1.0 / a, np.full(a.size, 3.0),
        ])  # fmt: skip


@njit
def word_operations(a, b, out):
    for i in range(0, a.size, LANES):
        x, y = load(a, i), load(b, i)
        store(out[0], i, x + y)
        store(out[1], i, x - y)
        store(out[2], i, x & y)
        store(out[3], i, x | y)
        store(out[4], i, x ^ y)
        store(out[5], i, x << 52)
        store(out[6], i, x >> 63)
        store(out[7], i, x + 1023)
        store(out[8], i, to_bits(from_bits(x)))
        store(out[9], i, broadcast(np.uint64(5)))


def numpy_words(a, b):
    n = np.uint64
    return np.array([
        a + b, a - b, a & b, a | b, a ^ b, a << n(52), a >> n(63), a + n(1023), a,
        np.full(a.size, n(5)),
    ])  # fmt: skip


def assert_same_floats(a, b, operations=float_operations):
    out = np.empty((14, a.size))
    operations(a, b, out)
    expected = numpy_floats(a, b)
    np.testing.assert_array_equal(out, expected)  # NaN equals NaN: its sign and payload are free
    # The order of 0 and −0 is free in a maximum, elsewhere the sign counts.
    signed = [row for row in range(14) if row not in (7, 8)]
    kept = ~np.isnan(expected[signed])
    np.testing.assert_array_equal(np.signbit(out[signed])[kept], np.signbit(expected[signed])[kept])


def test_operations_on_special_values_are_those_of_numpy() -> None:
    assert_same_floats(A, B)


def test_operations_are_the_same_in_plain_python() -> None:
    with np.errstate(all="ignore"):
        assert_same_floats(A, B, float_operations.py_func)
    words = np.random.default_rng(0).integers(0, 2**64, (2, LANES), np.uint64)
    compiled, plain = np.empty((2, 10, LANES), np.uint64)
    word_operations(*words, compiled)
    word_operations.py_func(*words, plain)
    np.testing.assert_array_equal(compiled, plain)


@given(FLOATS, FLOATS)
def test_operations_on_floats_are_those_of_numpy(a, b) -> None:
    assert_same_floats(a, b)


@given(WORDS, WORDS)
def test_operations_on_words_are_those_of_numpy(a, b) -> None:
    out = np.empty((10, LANES), np.uint64)
    word_operations(a, b, out)
    np.testing.assert_array_equal(out, numpy_words(a, b))


def test_a_maximum_is_nan_where_either_argument_is() -> None:
    a = np.array([np.nan, 1.0, np.nan, 2.0, -np.inf, np.inf, np.nan, 0.0])
    b = np.array([1.0, np.nan, np.nan, 1.0, np.nan, 1.0, np.inf, 3.0])
    out = np.empty((14, LANES))
    float_operations(a, b, out)
    nan = np.isnan(a) | np.isnan(b)
    assert (np.isnan(out[7]) == nan).all()
    assert (np.isnan(out[8]) == nan).all()


@pytest.mark.parametrize("array", [np.zeros(LANES, np.float32), np.zeros((2, LANES)),
                                   np.zeros(2 * LANES)[::2]])  # fmt: skip
def test_only_contiguous_vectors_of_64_bits_are_loaded(array) -> None:
    @njit
    def first(values, out):
        store(out, 0, load(values, 0))

    with pytest.raises(Exception, match=r"load|No implementation"):
        first(array, np.empty(LANES))
