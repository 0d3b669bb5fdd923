"""The elementary functions of formulas against mpmath, to 200 bits."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from simulation.formula import elementary

Floats = NDArray[np.float64]
HALF_PI = np.pi / 2


def signed_powers_of_two(draw: np.random.Generator, count: int, low: int, high: int) -> Floats:
    sizes = np.ldexp(draw.uniform(1, 2, count), draw.integers(low, high, count))
    return sizes * draw.choice([-1.0, 1.0], count)


def around_zeros(draw: np.random.Generator, count: int) -> Floats:
    """Numbers next to the multiples of π/2 up to 2²⁰, where sin or cos is nearly 0."""
    turns = np.rint(draw.uniform(-6.6e5, 6.6e5, count))
    return turns * HALF_PI * (1 + draw.integers(-3, 4, count) * 2.0**-53)


def around_one(draw: np.random.Generator, count: int) -> Floats:
    return 1 + signed_powers_of_two(draw, count, -52, -1)


SAMPLES: dict[str, list[Callable[[np.random.Generator, int], Floats]]] = {
    "exp": [
        lambda draw, n: draw.uniform(-708, 709.7, n),
        lambda draw, n: signed_powers_of_two(draw, n, -60, 3),
    ],
    "log": [
        lambda draw, n: np.abs(signed_powers_of_two(draw, n, -1022, 1023)),
        around_one,
        lambda draw, n: draw.uniform(0.5, 2, n),
    ],
    "sin": [
        lambda draw, n: draw.uniform(-(2.0**20), 2.0**20, n),
        lambda draw, n: draw.uniform(-7, 7, n),
        around_zeros,
        lambda draw, n: signed_powers_of_two(draw, n, -60, 3),
    ],
    "tanh": [
        lambda draw, n: draw.uniform(-1, 1, n),
        lambda draw, n: draw.uniform(-25, 25, n),
        lambda draw, n: signed_powers_of_two(draw, n, -60, 5),
    ],
}
SAMPLES["cos"] = SAMPLES["sin"]
COUNTS = [500, pytest.param(30_000, marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_errors_are_below_half_of_their_bounds(name: str, count: int) -> None:
    draw = np.random.default_rng()
    x = np.concatenate([sample(draw, count) for sample in SAMPLES[name]])
    found = getattr(elementary, name)(x)
    bound = (
        elementary.SIN_ERROR
        if name in ("sin", "cos")
        else getattr(elementary, f"{name.upper()}_ERROR")
    )
    with mpmath.workprec(200):
        exact = [getattr(mpmath, name)(mpmath.mpf(a)) for a in x.tolist()]
        errors = [abs(mpmath.mpf(b) - c) for b, c in zip(found.tolist(), exact, strict=True)]
        if name not in ("sin", "cos"):
            errors = [e / abs(c) if c else e for e, c in zip(errors, exact, strict=True)]
        worst = int(np.argmax([float(error) for error in errors]))
        assert errors[worst] < bound / 2, f"{name}({float.hex(float(x[worst]))})"


def test_the_ends_of_their_domains() -> None:
    with np.errstate(all="ignore"):
        ends = np.array([np.inf, -np.inf, np.nan, 710.0, -746.0])
        np.testing.assert_array_equal(elementary.exp(ends), [np.inf, 0, np.nan, np.inf, 0])
        ends = np.array([np.inf, 0.0, -1.0, np.nan, 1.0])
        np.testing.assert_array_equal(elementary.log(ends), [np.inf, -np.inf, np.nan, np.nan, 0])
        ends = np.array([np.inf, -np.inf, np.nan, 0.0, 40.0])
        np.testing.assert_array_equal(elementary.tanh(ends), [1, -1, np.nan, 0, 1])


def test_small_numbers_of_exp_are_off_by_one_subnormal_at_most() -> None:
    x = np.random.default_rng().uniform(-745.2, -708.0, 500)
    with mpmath.workprec(200):
        exact = [mpmath.exp(mpmath.mpf(a)) for a in x.tolist()]
        errors = [abs(mpmath.mpf(b) - c) for b, c in zip(elementary.exp(x), exact, strict=True)]
    assert max(errors) <= 2.0**-1074


@pytest.mark.parametrize("name", ["sin", "tanh"])
def test_odd_functions_are_odd_to_the_bit(name: str) -> None:
    x = np.random.default_rng().uniform(0, 30, 1_000)
    function = getattr(elementary, name)
    np.testing.assert_array_equal(function(-x), -function(x))
