"""Elementary functions of eight lanes from + − × ÷ and bit operations only.

The bits are the same on every machine with IEEE arithmetic: none comes from the machine's libm. The
reductions and polynomials are those of fdlibm (e_exp.c, e_log.c, e_pow.c, k_sin.c, k_cos.c,
e_rem_pio2.c; Sun Microsystems, 1993) and Cephes (tanh.c; Moshier, 1995), written without branches.
NaN gives NaN in every function, except x⁰ = 1 and 1^y = 1.
"""

import numpy as np

from simulation.kernels.jit import jit, jit_step
from simulation.kernels.wide import (
    Wide,
    absolute,
    from_bits,
    to_bits,
    where_equal,
    where_less,
)

INF, NAN = np.inf, np.nan
SINE_RANGE = 1647099.0  # 2²⁰·π/2: above it the sine's reduction would not be exact
ROUND = 6755399441055744.0  # 1.5·2⁵²: adding it rounds a float below 2⁵¹ to an integer
TWO52 = 4503599627370496.0
TWO54 = 18014398509481984.0
NORMAL = 2.2250738585072014e-308  # the least normal float
LOG2_E, TWO_OVER_PI = 1.44269504088896338700, 0.63661977236758134308
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10

SIGN = np.uint64(0x8000000000000000)
MANTISSA = np.uint64(0x000FFFFFFFFFFFFF)
HIGH_WORD = np.uint64(0xFFFFFFFF00000000)
TWO52_BITS = np.uint64(0x4330000000000000)
ROOT_HALF = np.uint64(0x3FE6A09E667F3BCD)  # √½
ROOT_HALF_STEP = np.uint64(0x00095F619980C433)  # moves a mantissa from [1, 2) to [√½, √2)
ONE_BITS = np.uint64(0x3FF0000000000000)  # of 1.0
EXPONENT_BIAS = np.uint64(1023)
NOTHING, ONE, TWO, WIDTH, TOP = (np.uint64(n) for n in (0, 1, 2, 52, 62))


@jit_step
def scaled(y: Wide, k: Wide) -> Wide:
    """Return y·2ᵏ for whole k, |k| ≤ 2000, rounded once where the result is subnormal."""
    half = (k * 0.5 + ROUND) - ROUND
    a = from_bits((to_bits(half + ROUND) + EXPONENT_BIAS) << WIDTH)
    b = from_bits((to_bits((k - half) + ROUND) + EXPONENT_BIAS) << WIDTH)
    return (y * a) * b


@jit_step
def exp(x: Wide) -> Wide:
    """Return eˣ within 1 ulp; 0 below −745.2, ∞ above 709.8."""
    x = where_less(800.0, x, 800.0, x)
    x = where_less(x, -800.0, -800.0, x)
    k = (x * LOG2_E + ROUND) - ROUND
    high = x - k * LN2_HIGH
    low = k * LN2_LOW
    r = high - low  # x − k·log 2 in [−½log 2, ½log 2]
    t = r * r
    p = 6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846e-08)
    p = 1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * p)
    c = r - t * p
    return scaled(1.0 - ((low - (r * c) / (2.0 - c)) - high), k)


@jit_step
def log(x: Wide) -> Wide:
    """Return the natural logarithm within 1 ulp; −∞ at 0, NaN below."""
    tiny = where_less(x, NORMAL, 1.0, 0.0)
    normal = where_less(x, NORMAL, x * TWO54, x)
    shifted = to_bits(normal) + ROOT_HALF_STEP
    k = from_bits((shifted >> WIDTH) | TWO52_BITS) - (TWO52 + 1023.0) - tiny * 54.0
    f = from_bits((shifted & MANTISSA) + ROOT_HALF) - 1.0  # x = 2ᵏ·(1 + f), 1 + f in [√½, √2)
    s = f / (2.0 + f)
    z = s * s
    r = 1.479819860511658591e-01 * z + 1.531383769920937332e-01
    r = (r * z + 1.818357216161805012e-01) * z + 2.222219843214978396e-01
    r = r * z + 2.857142874366239149e-01
    r = ((r * z + 3.999999999940941908e-01) * z + 6.666666666666735130e-01) * z
    h = 0.5 * f * f
    y = k * LN2_HIGH - ((h - (s * (h + r) + k * LN2_LOW)) - f)
    y = where_equal(x, 0.0, -INF, y)
    y = where_equal(x, INF, INF, y)
    y = where_less(x, 0.0, NAN, y)
    return where_equal(x, x, y, x)


@jit_step
def difference(a: Wide, b: Wide) -> tuple[Wide, Wide]:
    """Return a − b rounded, and the rounding error that is to be added to it (Knuth's TwoSum)."""
    rounded = a - b
    back = rounded - a
    return rounded, (a - (rounded - back)) - (b + back)


@jit_step
def sine(x: Wide, quarters: np.uint64) -> Wide:
    """Return sin(x + quarters·π/2) within 1 ulp; NaN for |x| > SINE_RANGE."""
    k = (x * TWO_OVER_PI + ROUND) - ROUND
    turn = to_bits(k + ROUND) + quarters  # its last two bits are the quadrant
    # π/2 in parts of 33 bits, whose products with k are exact, and a rest
    r, first = difference(x - k * 1.57079632673412561417e00, k * 6.07710050630396597660e-11)
    r, second = difference(r, k * 2.02226624871116645580e-21)
    low = (first + second) - k * 8.47842766036889956997e-32
    y = r + low
    rest = (r - y) + low
    z = y * y
    v = z * y
    p = -2.50507602534068634195e-08 + z * 1.58969099521155010221e-10
    p = -1.98412698298579493134e-04 + z * (2.75573137070700676789e-06 + z * p)
    p = 8.33333333332248946124e-03 + z * p
    sin = y - ((z * (0.5 * rest - v * p) - rest) - v * -1.66666666666666324348e-01)
    p = 2.08757232129817482790e-09 + z * -1.13596475577881948265e-11
    p = 2.48015872894767294178e-05 + z * (-2.75573143513906633035e-07 + z * p)
    p = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * p))
    half = 0.5 * z
    q = 1.0 - half
    cos = q + (((1.0 - q) - half) + (z * p - y * rest))
    odd = NOTHING - (turn & ONE)  # all ones in the 2nd and 4th quadrant
    chosen = to_bits(sin) ^ (odd & (to_bits(sin) ^ to_bits(cos)))
    value = from_bits(chosen ^ ((turn & TWO) << TOP))
    return where_less(SINE_RANGE, absolute(x), NAN, where_equal(x, x, value, x))


@jit_step
def tanh(x: Wide) -> Wide:
    """Return the hyperbolic tangent within 2 ulp."""
    a = absolute(x)
    large = 1.0 - 2.0 / (exp(a + a) + 1.0)
    z = x * x
    p = -9.64399179425052238628e-1 * z + -9.92877231001918586564e1
    p = p * z + -1.61468768441708447952e3
    q = ((z + 1.12811678491631932402e2) * z + 2.23548839060100448583e3) * z
    q = q + 4.84406305325125486048e3
    small = a + a * z * (p / q)
    value = to_bits(where_less(a, 0.625, small, large)) | (to_bits(x) & SIGN)
    return where_equal(x, x, from_bits(value), x)


@jit_step
def upper(x: Wide) -> Wide:
    """Return x with the lower 32 bits of its mantissa cleared, so that products are exact."""
    return from_bits(to_bits(x) & HIGH_WORD)


@jit_step
def log2_parts(x: Wide) -> tuple[Wide, Wide]:
    """Return log₂x of normal x as a sum of two floats, the first of 21 bits (e_pow.c)."""
    tiny = where_less(x, NORMAL, 1.0, 0.0)
    word = to_bits(where_less(x, NORMAL, x * TWO54, x))
    k = from_bits((word >> WIDTH) | TWO52_BITS) - (TWO52 + 1023.0) - tiny * 54.0
    a = from_bits((word & MANTISSA) | ONE_BITS)
    # x = 2ᵏ·a with a about the base 1 or 3/2: in [√3/2, √(3/2)) or [√(3/2), √3)
    base = where_less(a, 1.224744871391589, 1.0, 1.5)
    over = where_less(a, 1.7320508075688772, 0.0, 1.0)
    k = k + over
    a = where_equal(over, 1.0, a * 0.5, a)
    base = where_equal(over, 1.0, 1.0, base)
    u, v = a - base, 1.0 / (a + base)
    s = u * v
    s_high = upper(s)
    t_high = upper(a + base)
    t_low = a - (t_high - base)
    s_low = v * ((u - s_high * t_high) - s_high * t_low)
    z = s * s
    r = 2.30660745775561754067e-01 + z * 2.06975017800338417784e-01
    r = 3.33333329818377432918e-01 + z * (2.72728123808534006489e-01 + z * r)
    r = z * z * (5.99999999999994648725e-01 + z * (4.28571428578550184252e-01 + z * r))
    r = r + s_low * (s_high + s)
    z = s_high * s_high
    t_high = upper(3.0 + z + r)
    t_low = r - ((t_high - 3.0) - z)
    u, v = s_high * t_high, s_low * t_high + t_low * s
    p_high = upper(u + v)
    p_low = v - (p_high - u)
    # 2/(3 log 2) and log₂(3/2) in two parts each
    z_high = 9.61796700954437255859e-01 * p_high
    z_low = -7.02846165095275826516e-09 * p_high + p_low * 9.61796693925975554329e-01
    z_low = z_low + where_equal(base, 1.0, 0.0, 1.35003920212974897128e-08)
    step = where_equal(base, 1.0, 0.0, 5.84962487220764160156e-01)
    high = upper(((z_high + z_low) + step) + k)
    return high, z_low - (((high - k) - step) - z_high)


@jit_step
def exp2_of_sum(high: Wide, low: Wide) -> Wide:
    """Return 2^(high + low); |high + low| ≤ 1100 (e_pow.c)."""
    k = ((high + low) + ROUND) - ROUND
    high = high - k
    t = upper(low + high)
    u = t * 6.93147182464599609375e-01  # log 2 in two parts
    v = (low - (t - high)) * 6.93147180559945286227e-01 + t * -1.90465429995776804525e-09
    z = u + v
    w = v - (z - u)
    t = z * z
    p = 6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846e-08)
    p = 1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * p)
    c = z - t * p
    r = (z * c) / (c - 2.0) - (w + z * w)
    return scaled(1.0 - (r - z), k)


@jit_step
def fraction(x: Wide) -> Wide:
    """Return a number that is 0 where x ≥ 0 is whole and another one where it is not."""
    return where_less(x, TWO52, ((x + TWO52) - TWO52) - x, 0.0)


@jit_step
def positive_power(x: Wide, y: Wide) -> Wide:
    """Return x^y within 1 ulp, for finite x > 0 (e_pow.c)."""
    largest = 1.2e21  # about 2⁷⁰; log₂x is 0 or at least 2⁻⁵³, so a larger y changes nothing
    y = where_less(y, -largest, -largest, where_less(largest, y, largest, y))
    high, low = log2_parts(x)
    y_high = upper(y)
    low = (y - y_high) * high + y * low
    high = y_high * high
    total = high + low
    low = where_less(1100.0, absolute(total), 0.0, low)
    high = where_less(1100.0, total, 1100.0, where_less(total, -1100.0, -1100.0, high))
    return exp2_of_sum(high, low)


@jit
def power(x: Wide, y: Wide) -> Wide:
    """Return x^y within 1 ulp, with C's special values; below 0 NaN unless y is whole."""
    size, exponent = absolute(x), absolute(y)
    at_zero, at_infinity = where_less(y, 0.0, INF, 0.0), where_less(y, 0.0, 0.0, INF)
    value = where_equal(size, INF, at_infinity, positive_power(size, y))
    value = where_equal(size, 0.0, at_zero, value)
    odd_or_even = where_equal(fraction(0.5 * exponent), 0.0, value, -value)
    not_whole = where_equal(size, 0.0, value, where_equal(size, INF, value, NAN))
    negative = where_equal(fraction(exponent), 0.0, odd_or_even, not_whole)
    sign = from_bits((to_bits(x) & SIGN) | ONE_BITS)  # −1 also at x = −0
    value = where_less(sign, 0.0, negative, value)
    value = where_equal(x, x, where_equal(y, y, value, y), x)
    return where_equal(y, 0.0, 1.0, where_equal(x, 1.0, 1.0, value))
