"""Elementary functions of eight lanes: accuracy against mpmath, special values."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from simulation.kernels.elementary import SINE_RANGE
from simulation.kernels.tape import Code
from tests.simulation.tapes import apply

TINY = 5e-324  # the least subnormal float
SPECIAL = np.array([
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, np.inf, -np.inf, np.nan, TINY, -TINY,
    1e-310, -1e-310, 1e300, -1e300, 1e-300, 2.0**51 + 0.5, 2.0**52 + 1, -(2.0**52) - 1, 2.0**53 - 1,
    2.0**53, 2.0**53 + 2, -(2.0**53) + 1, 709.9, -745.2, 1 + 2.0**-52, 1 - 2.0**-53,
])  # fmt: skip


def uniform(low, high):
    return lambda rng, n: rng.uniform(low, high, n)


def powers(low, high):
    """Positive numbers between eˡᵒʷ and eʰⁱᵍʰ, uniform in the logarithm."""
    return lambda rng, n: np.exp(rng.uniform(low, high, n))


def subnormal(rng, n):
    return rng.integers(1, 2**52, n) * TINY


def near_quarters(rng, n):
    """The floats nearest to multiples of π/2, where the reduction cancels most."""
    return rng.integers(-(2**20) + 1, 2**20, n) * (np.pi / 2)


# Name of the draw → code, mpmath's function, its arguments, most ulp.
RANGES = {
    "exp": (Code.EXP, mpmath.exp, [uniform(-708, 709.78)], 1.0),
    "exp near 0": (Code.EXP, mpmath.exp, [uniform(-1, 1)], 1.0),
    "exp subnormal": (Code.EXP, mpmath.exp, [uniform(-745, -708.4)], 1.0),
    "log": (Code.LOG, mpmath.log, [powers(-700, 709)], 1.0),
    "log near 1": (Code.LOG, mpmath.log, [powers(-0.4, 0.4)], 1.0),
    "log at 1": (Code.LOG, mpmath.log, [uniform(1 - 1e-9, 1 + 1e-9)], 1.0),
    "log subnormal": (Code.LOG, mpmath.log, [subnormal], 1.0),
    "sin": (Code.SIN, mpmath.sin, [uniform(-10, 10)], 1.0),
    "sin wide": (Code.SIN, mpmath.sin, [uniform(-SINE_RANGE, SINE_RANGE)], 1.0),
    "sin near zeros": (Code.SIN, mpmath.sin, [near_quarters], 1.0),
    "sin small": (Code.SIN, mpmath.sin, [powers(-700, 0)], 1.0),
    "cos": (Code.COS, mpmath.cos, [uniform(-10, 10)], 1.0),
    "cos wide": (Code.COS, mpmath.cos, [uniform(-SINE_RANGE, SINE_RANGE)], 1.0),
    "cos near zeros": (Code.COS, mpmath.cos, [near_quarters], 1.0),
    "tanh": (Code.TANH, mpmath.tanh, [uniform(-20, 20)], 1.5),
    "tanh at the seam": (Code.TANH, mpmath.tanh, [uniform(0.5, 1.0)], 1.5),
    "tanh small": (Code.TANH, mpmath.tanh, [powers(-700, 0)], 1.5),
    "pow": (Code.POW, mpmath.power, [powers(-7, 7), uniform(-100, 100)], 1.0),
    "pow wide": (Code.POW, mpmath.power, [powers(-700, 700), uniform(-1, 1)], 1.0),
    "pow near 1": (Code.POW, mpmath.power, [powers(-1e-7, 1e-7), uniform(-7e9, 7e9)], 1.0),
    "pow of subnormal": (Code.POW, mpmath.power, [subnormal, uniform(-0.95, 0.95)], 1.0),
    "pow to subnormal": (Code.POW, mpmath.power, [powers(7.09, 7.2), uniform(-103, -100)], 1.0),
}


def errors_in_ulp(found, exact):
    """Return |found − exact| in units of the spacing of floats at the exact value."""
    spacing = [np.spacing(abs(float(value))) for value in exact]
    rows = zip(map(float, found), exact, spacing, strict=True)
    return np.array([float(abs(mpmath.mpf(f) - e) / s) for f, e, s in rows])


@pytest.mark.parametrize("count", [200, pytest.param(20_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", RANGES)
def test_functions_are_accurate_to_an_ulp(name, count):
    code, function, draws, most = RANGES[name]
    rng = np.random.default_rng(count)
    arguments = [draw(rng, count) for draw in draws]
    with mpmath.workprec(250):
        exact = [
            function(*map(mpmath.mpf, map(float, row))) for row in zip(*arguments, strict=True)
        ]
        errors = errors_in_ulp(apply(code, *arguments), exact)
    worst = errors.argmax()
    assert errors[worst] <= most, [float(a[worst]) for a in arguments]


@pytest.mark.parametrize(("code", "function"), [
    (Code.EXP, np.exp), (Code.LOG, np.log), (Code.TANH, np.tanh), (Code.SQRT, np.sqrt),
    (Code.ABS, np.abs), (Code.SIGN, np.sign), (Code.NEG, np.negative), (Code.SQUARE, np.square),
    (Code.COPY, np.positive),
])  # fmt: skip
def test_special_values_of_one_number_are_those_of_numpy(code, function):
    with np.errstate(all="ignore"):
        expected = function(SPECIAL)
    found = apply(code, SPECIAL)
    np.testing.assert_allclose(found, expected, rtol=4e-16, atol=0)
    nan = np.isnan(expected)
    nan |= code == Code.SIGN  # the sign of its zeros is free
    np.testing.assert_array_equal(np.signbit(found)[~nan], np.signbit(expected)[~nan])


@pytest.mark.parametrize(("code", "function"), [
    (Code.POW, np.power), (Code.MIN, np.minimum), (Code.MAX, np.maximum), (Code.DIV, np.divide),
])  # fmt: skip
def test_special_values_of_two_numbers_are_those_of_numpy(code, function):
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    with np.errstate(all="ignore"):
        expected = function(x, y)
    found = apply(code, x, y)
    np.testing.assert_allclose(found, expected, rtol=4e-16, atol=2 * TINY)
    signed = ~np.isnan(expected) & ((x != 0) | (y != 0))  # the order of 0 and −0 is free
    np.testing.assert_array_equal(np.signbit(found)[signed], np.signbit(expected)[signed])


@pytest.mark.parametrize("code", [Code.SIN, Code.COS])
def test_a_sine_beyond_its_exact_reduction_is_nan(code):
    outside = np.array([np.nextafter(SINE_RANGE, np.inf), 1e7, 1e300, np.inf, np.nan])
    assert np.isnan(apply(code, outside)).all()
    assert np.isnan(apply(code, -outside)).all()
    assert np.isfinite(apply(code, np.array([SINE_RANGE, -SINE_RANGE, TINY, 0.0]))).all()


def test_the_derivative_of_the_logarithm_is_nan_where_the_logarithm_is():
    x = SPECIAL[~np.isposinf(SPECIAL)]
    with np.errstate(all="ignore"):
        expected = np.where(x > 0, 1 / x, np.nan)
    np.testing.assert_array_equal(apply(Code.DLOG, x), expected)


def test_a_step_is_1_from_equality_on():
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    np.testing.assert_array_equal(apply(Code.STEP, x, y), np.where(x >= y, 1.0, 0.0))


@pytest.mark.parametrize(("code", "twice"), [
    (Code.ADD3, lambda a, b, c: (a + b) + c), (Code.MUL3, lambda a, b, c: (a * b) * c),
    (Code.MADD, lambda a, b, c: a * b + c), (Code.MSUB, lambda a, b, c: a * b - c),
    (Code.NMADD, lambda a, b, c: c - a * b),
])  # fmt: skip
def test_operations_of_three_numbers_round_twice(code, twice):
    a, b, c = np.random.default_rng(code).normal(size=(3, 1000))
    np.testing.assert_array_equal(apply(code, a, b, c), twice(a, b, c))
