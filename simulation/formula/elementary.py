"""exp, log, sin, cos and tanh of arrays, with bounds of their errors.

They use only operations that IEEE 754 rounds correctly (+ − × ÷) or that are exact (rounding to a
whole number, scaling by powers of two), one array operation at a time, so their values do not
depend on the machine and an error measured once holds everywhere. Coefficients and splittings are
those of fdlibm (e_exp.c, e_log.c, e_rem_pio2.c, k_sin.c, k_cos.c) and Cephes (tanh.c).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Bounds of the error: relative for exp, log and tanh (besides one subnormal number for exp),
# absolute for sin and cos. The measured errors are less than half of them.
EXP_ERROR = LOG_ERROR = 2.0**-51
TANH_ERROR = 2.0**-50
SIN_ERROR = 2.0**-52
LARGEST_ANGLE = 2.0**20  # sin and cos are for |x| up to this

LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
HALF_PI_HIGH, HALF_PI_LOW = 1.57079632673412561417e00, 6.07710050650619224932e-11
EXP = (
    4.13813679705723846039e-08,
    -1.65339022054652515390e-06,
    6.61375632143793436117e-05,
    -2.77777777770155933842e-03,
    1.66666666666666019037e-01,
)
LOG = (
    1.479819860511658591e-01,
    1.531383769920937332e-01,
    1.818357216161805012e-01,
    2.222219843214978396e-01,
    2.857142874366239149e-01,
    3.999999999940941908e-01,
    6.666666666666735130e-01,
)
SIN = (
    1.58969099521155010221e-10,
    -2.50507602534068634195e-08,
    2.75573137070700676789e-06,
    -1.98412698298579493134e-04,
    8.33333333332248946124e-03,
)
SIN_CUBE = -1.66666666666666324348e-01
COS = (
    -1.13596475577881948265e-11,
    2.08757232129817482790e-09,
    -2.75573143513906633035e-07,
    2.48015872894767294178e-05,
    -1.38888888888741095749e-03,
    4.16666666666666019037e-02,
)
TANH_ABOVE = (-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3)
TANH_BELOW = (1.0, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3)


def polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """Return the polynomial (...,) with coefficients, the highest first, at x (...,) by Horner."""
    total = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        total = total * x + coefficient
    return total


def exp(x: Floats) -> Floats:
    """Return exp(x): inf above 709.78, 0 below −745.13."""
    x = np.clip(x, -800.0, 800.0)
    power = np.rint(x * 1.44269504088896338700)  # x = power · log 2 + r, |r| ≤ log(2)/2
    high = x - power * LN2_HIGH
    low = power * LN2_LOW
    r = high - low
    square = r * r
    c = r - square * polynomial(EXP, square)
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    scaled: Floats = np.ldexp(y, np.nan_to_num(power).astype(np.int32))
    return scaled


def log(x: Floats) -> Floats:
    """Return log(x): −inf at 0, inf at inf, NaN below 0."""
    mantissa, power = np.frexp(x)
    below = mantissa < 0.70710678118654752440
    f = np.where(below, mantissa + mantissa, mantissa) - 1.0  # x = 2^power · (1 + f)
    k = power - below.astype(np.float64)
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * f * f
    rest = s * (half + z * polynomial(LOG, z))
    y = k * LN2_HIGH - ((half - (rest + k * LN2_LOW)) - f)
    y = np.where(x > 0, y, np.where(x == 0, -np.inf, np.nan))
    return np.where(x == np.inf, np.inf, y)


def _turned(x: Floats, quarter: float) -> Floats:
    """Return sin(x + quarter · π/2) for |x| ≤ LARGEST_ANGLE."""
    turns = np.rint(x * 0.63661977236758134308)
    r = x - turns * HALF_PI_HIGH  # exact: `turns` has 20 bits, HALF_PI_HIGH 33
    w = turns * HALF_PI_LOW
    y = r - w
    tail = (r - y) - w
    z = y * y
    cube = z * y
    sine = y - ((z * (0.5 * tail - cube * polynomial(SIN, z)) - tail) - cube * SIN_CUBE)
    half = 0.5 * z
    rest = 1.0 - half
    cosine = rest + (((1.0 - rest) - half) + (z * (z * polynomial(COS, z)) - y * tail))
    place = (turns + quarter) % 4.0
    value = np.where(place % 2.0 == 0, sine, cosine)
    return np.where(place >= 2.0, -value, value)


def sin(x: Floats) -> Floats:
    """Return sin(x) for |x| ≤ LARGEST_ANGLE."""
    return _turned(x, 0.0)


def cos(x: Floats) -> Floats:
    """Return cos(x) for |x| ≤ LARGEST_ANGLE."""
    return _turned(x, 1.0)


def tanh(x: Floats) -> Floats:
    """Return tanh(x)."""
    size = np.abs(x)
    large = 1.0 - 2.0 / (exp(size + size) + 1.0)
    z = np.minimum(x * x, 1.0)
    small = size + size * z * (polynomial(TANH_ABOVE, z) / polynomial(TANH_BELOW, z))
    return np.copysign(np.where(size < 0.625, small, large), x)
