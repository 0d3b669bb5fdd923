# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""The random numbers of `kernels/random.py` in plain NumPy, for stand-alone scripts.

The source of these functions is copied into every script, so they depend on NumPy and one another
only, and have no type annotations. Words are bit-identical to the kernels'; normals, and therefore
runs, agree to about 1e-15.
"""

import numpy as np


def initial_state(seed, paths):
    """State of each path's generator (4, paths, 8): eight streams of xoshiro256++."""
    streams = [np.random.SeedSequence(seed, spawn_key=(path,)) for path in range(paths)]
    words = np.array([stream.generate_state(4, np.uint64) for stream in streams])
    word, lane = np.arange(4, dtype=np.uint64), np.arange(8, dtype=np.uint64)
    place = 4 * lane[None, None, :] + word[:, None, None] + 1
    x = words.T[:, :, None] + place * 0x9E3779B97F4A7C15  # splitmix64
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB
    return x ^ (x >> 31)


def next_words(state, count):
    """The next 64-bit words (paths, count); count is a multiple of 8. Updates state."""
    s0, s1, s2, s3 = state
    rows = np.empty((count // 8, *s0.shape), np.uint64)
    for row in rows:
        x = s0 + s3
        np.add((x << 23) | (x >> 41), s0, out=row)
        shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3[:] = (s3 << 45) | (s3 >> 19)
    return rows.swapaxes(0, 1).reshape(s0.shape[0], count)


def normals(state, count):
    """Standard normals (paths, count) by the Box–Muller transform."""
    unit = (next_words(state, count) >> 12) * 2.0**-52  # in [0, 1)
    u, v = 1.0 - unit[:, : count // 2], unit[:, count // 2 :]
    r, angle = np.sqrt(-2.0 * np.log(u)), 2.0 * np.pi * (v - 0.5)
    return np.concatenate([r * np.cos(angle), r * np.sin(angle)], axis=1)


def indices(state, n, count):
    """Unbiased integers 0…n−1 (paths, count), two per word (Lemire 2019)."""
    low32 = np.uint64(0xFFFFFFFF)
    out = np.empty((state.shape[1], count), np.int64)
    pending = np.arange(state.shape[1])  # paths whose block has a biased number: redrawn
    while pending.size:
        part = np.ascontiguousarray(state[:, pending])
        drawn = next_words(part, count // 2)
        state[:, pending] = part
        products = np.concatenate([drawn >> 32, drawn & low32], axis=1) * np.uint64(n)
        out[pending] = products >> 32
        pending = pending[((products & low32) < 2**32 % n).any(axis=1)]
    return out
