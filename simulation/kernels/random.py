"""Random numbers in eight SIMD lanes: xoshiro256++, exact indices, Box–Muller normals.

Uses only additions, multiplications, divisions, square roots and bit operations in a fixed order,
so that a seed gives the same bits on every machine with IEEE arithmetic.
"""

import numpy as np

from simulation.kernels.jit import jit_borrow, jit_step
from simulation.kernels.records import LANES, Floats, Integers, Words
from simulation.kernels.wide import (
    Wide,
    from_bits,
    load,
    maximum,
    sqrt,
    store,
    to_bits,
)

_17, _23, _45 = np.uint64(17), np.uint64(23), np.uint64(45)
_19, _41, _12, _32, _52 = (np.uint64(n) for n in (19, 41, 12, 32, 52))
_27, _30, _31 = np.uint64(27), np.uint64(30), np.uint64(31)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LOW32 = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(0x3FF0000000000000)  # the bits of 1.0
_MANTISSA = np.uint64(0x000FFFFFFFFFFFFF)
_TWO52 = np.uint64(0x4330000000000000)  # the bits of 2**52
_SQRT_HALF = np.uint64(0x3FE6A09E667F3BCD)  # the bits of √½
_SQRT_HALF_STEP = np.uint64(0x00095F619980C433)  # moves a mantissa from [1, 2) to [√½, √2)


@jit_borrow
def spread(words: Words, state: Words) -> None:
    """Fill the generators' state (4, LANES) from 4 seed words by splitmix64."""
    for lane in range(LANES):
        for word in range(4):
            x = words[word] + _GOLDEN * np.uint64(4 * lane + word + 1)
            x = (x ^ (x >> _30)) * _MIX1
            x = (x ^ (x >> _27)) * _MIX2
            state[word, lane] = x ^ (x >> _31)


@jit_borrow
def draw(state: Words, out: Words) -> None:
    """Fill out (a multiple of LANES) with words of xoshiro256++ (Blackman, Vigna 2019)."""
    s0, s1, s2, s3 = load(state[0], 0), load(state[1], 0), load(state[2], 0), load(state[3], 0)
    for start in range(0, out.size, LANES):
        x = s0 + s3
        store(out, start, ((x << _23) | (x >> _41)) + s0)
        shifted = s1 << _17
        s2 = s2 ^ s0
        s3 = s3 ^ s1
        s1 = s1 ^ s2
        s0 = s0 ^ s3
        s2 = s2 ^ shifted
        s3 = (s3 << _45) | (s3 >> _19)
    store(state[0], 0, s0)
    store(state[1], 0, s1)
    store(state[2], 0, s2)
    store(state[3], 0, s3)


@jit_borrow
def indices(state: Words, n: int, words: Words, out: Integers) -> None:
    """Fill out with unbiased integers 0…n−1, two per word (Lemire 2019).

    words (out.size/2 or more) is scratch space; out.size is a multiple of 2·LANES. A block in which
    any number falls into the biased remainder is redrawn as a whole, so the others stay exactly
    uniform.
    """
    span = np.uint64(n)
    rest = (_LOW32 + np.uint64(1)) % span
    half = out.size // 2
    biased = True
    while biased:
        draw(state, words[:half])
        lowest = _LOW32
        for i in range(half):
            high = (words[i] >> _32) * span
            low = (words[i] & _LOW32) * span
            lowest = min(lowest, high & _LOW32, low & _LOW32)
            out[i] = np.int64(high >> _32)
            out[half + i] = np.int64(low >> _32)
        biased = bool(lowest < rest)


@jit_step
def unit(words: Wide) -> Wide:
    """Return floats in [1, 2) made of each word's first 52 bits."""
    return from_bits((words >> _12) | _ONE)


@jit_step
def log_of_unit(u: Wide) -> Wide:
    """Return log u, u in (0, 1], by the series of fdlibm's e_log.c to about 1e-15."""
    shifted = to_bits(u) + _SQRT_HALF_STEP  # u = 2ᵏ·x, x in [√½, √2)
    # k + 1023 stands in the low bits of 2**52
    k = from_bits((shifted >> _52) | _TWO52) - (4503599627370496.0 + 1023.0)
    f = from_bits((shifted & _MANTISSA) + _SQRT_HALF) - 1.0
    s = f / (2.0 + f)  # log x = f − s(f − R)
    z = s * s
    r = 1.479819860511658591e-01 * z + 1.531383769920937332e-01
    r = (r * z + 1.818357216161805012e-01) * z + 2.222219843214978396e-01
    r = r * z + 2.857142874366239149e-01
    r = ((r * z + 3.999999999940941908e-01) * z + 6.666666666666735130e-01) * z
    h = 0.5 * f * f
    return k * 6.93147180369123816490e-01 - (
        (h - (s * (h + r) + k * 1.90821492927058770002e-10)) - f
    )


@jit_borrow
def normals(state: Words, words: Words, out: Floats) -> None:
    """Fill out (size a multiple of 2·LANES) with standard normals by the Box–Muller transform.

    words, of out's size, is scratch space. r = √(−2 log u), angle 2πv with u in (0, 1], v in [0, 1)
    of 52 bits; logarithm and sine are accurate to about 1e-15.
    """
    half = out.size // 2
    draw(state, words[: out.size])
    for i in range(0, half, LANES):
        log_u = log_of_unit(2.0 - unit(load(words, i)))
        radius = sqrt(maximum(-2.0 * log_u, 0.0))
        # sine and cosine of a quarter of the angle by Taylor, then the angle doubled twice
        a = (unit(load(words, half + i)) - 1.5) * 1.5707963267948966
        z = a * a
        s = 1.0 / 6227020800.0 - z * (1.0 / 1307674368000.0)
        s = ((s * z - 1.0 / 39916800.0) * z + 1.0 / 362880.0) * z - 1.0 / 5040.0
        s = (((s * z + 1.0 / 120.0) * z - 1.0 / 6.0) * z + 1.0) * a
        c = 1.0 / 479001600.0 - z * (1.0 / 87178291200.0 - z * (1.0 / 20922789888000.0))
        c = ((c * z - 1.0 / 3628800.0) * z + 1.0 / 40320.0) * z - 1.0 / 720.0
        c = (((c * z + 1.0 / 24.0) * z - 0.5) * z) + 1.0
        s2, c2 = 2.0 * s * c, c * c - s * s
        store(out, i, radius * (c2 * c2 - s2 * s2))
        store(out, half + i, radius * (2.0 * s2 * c2))
