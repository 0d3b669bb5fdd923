"""Escape distance, momentum correlation and escape-time statistics of a run.

v spans the eigenspace of the smallest eigenvalue of ∇²f at the saddle; no result depends on its
sign. All functions are pure, shapes (..., d) → (...). The paper's properties (2) and (5) to (7) are
in `paper_properties.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def along(rows: Floats, directions: Floats) -> Floats:
    """Return the coordinates (..., k) of rows (..., d) along orthonormal `directions` (k, d)."""
    with np.errstate(invalid="ignore"):  # rows of a path that has diverged
        out: Floats = np.asarray(rows) @ directions.T
    return out


def length(rows: Floats) -> Floats:
    """Return the Euclidean norm (...,) of rows (..., d)."""
    out: Floats = np.sqrt(np.einsum("...i,...i->...", rows, rows))
    return out


def escape_distance(w: Floats, reference: Floats, directions: Floats) -> Floats:
    """Return ‖V(w − reference)‖ (...,): |⟨w_t − w_ref, v⟩| if the smallest eigenvalue is simple.

    w (..., d), reference (d,), directions V (k, d).
    """
    return length(along(w - reference, directions))


def signed_correlation(
    w: Floats, momentum: Floats, reference: Floats, directions: Floats
) -> Floats:
    """Return −⟨Vm, V(w − reference)⟩/(‖m‖ ‖V(w − reference)‖) in [−1, 1] (...,).

    Positive is outward. With one direction this is −⟨m, v⟩ sgn⟨w − w_ref, v⟩/‖m‖; 0 if the momentum
    or the distance is 0.
    """
    away, push = along(w - reference, directions), along(momentum, directions)
    with np.errstate(invalid="ignore"):
        size = length(momentum) * length(away)
        inner: Floats = np.einsum("...i,...i->...", push, away)
        out: Floats = np.divide(-inner, size, out=np.zeros_like(size), where=size > 0).clip(-1, 1)
    return out


def local_mean(values: Floats, window: int) -> Floats:
    """Return the moving average along the last axis over `window` (odd) values; same shape.

    At both ends the window is truncated to the existing values.
    """
    length_ = values.shape[-1]
    half = window // 2
    sums = np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
    first = np.maximum(np.arange(length_) - half, 0)
    last = np.minimum(np.arange(length_) + half + 1, length_)
    out: Floats = (sums[..., last] - sums[..., first]) / (last - first)
    return out


@dataclass(frozen=True, slots=True)
class EscapeStatistics:
    """Escape times of `total` paths, in steps; NaN if too few escaped.

    A path that diverged by T has not escaped, whether it passed the radius before or not.
    median, low, high: the 50, 10 and 90 % quantiles over all paths; a path that has not escaped by
    T counts as later than T. ci_low, ci_high: the 95 % order-statistic interval of the median (NaN
    if that end is censored, or for fewer than 6 paths). escaped, diverged: counts; first_diverged:
    the first step at which a path diverged, −1 if none did.
    """

    median: float
    low: float
    high: float
    ci_low: float
    ci_high: float
    escaped: int
    total: int
    diverged: int
    first_diverged: int

    @property
    def diverges(self) -> bool:
        """Whether at least half of the paths diverged; then there is no median."""
        return self.diverged > 0 and 2 * self.diverged >= self.total


def counted_times(escape_time: Integers, diverged_at: Integers) -> Integers:
    """Return escape times (…,) as they count: −1 also for a path that diverged at any step."""
    out: Integers = np.where(diverged_at >= 0, -1, escape_time)
    return out


def escape_statistics(escape_time: Integers, diverged_at: Integers) -> EscapeStatistics:
    """Return the statistics of N paths from escape_time, diverged_at (N,), −1 for never.

    All paths run to the same T, so censoring occurs only at the end: the empirical quantiles up to
    the escaped share are exact, and equal those of the Kaplan–Meier curve.
    """
    total = len(escape_time)
    counted = counted_times(escape_time, diverged_at)
    times = np.sort(np.where(counted >= 0, counted, np.inf).astype(np.float64))
    low, median, high = (_finite(quantile(times, q)) for q in (0.1, 0.5, 0.9))
    first, last = median_interval(total)
    ends = (
        (_finite(float(times[first])), _finite(float(times[last])))
        if first >= 0
        else (math.nan, math.nan)
    )
    gone = diverged_at[diverged_at >= 0]
    return EscapeStatistics(
        median=median,
        low=low,
        high=high,
        ci_low=ends[0],
        ci_high=ends[1],
        escaped=int(np.count_nonzero(counted >= 0)),
        total=total,
        diverged=len(gone),
        first_diverged=int(gone.min()) if len(gone) else -1,
    )


def quantile(ordered: Floats, share: float) -> float:
    """Return a quantile of sorted values (N,), linearly interpolated as in np.quantile."""
    place = share * (len(ordered) - 1)
    i = int(place)
    part = place - i
    below = float(ordered[i])
    return below if part == 0 else below + part * (float(ordered[i + 1]) - below)


@cache
def median_interval(total: int, level: float = 0.95) -> tuple[int, int]:
    """Return indices (l, N−1−l) of the order statistics of a confidence interval of the median.

    The coverage is at least `level`: l is the largest with P(Binomial(N, ½) ≤ l) ≤ (1 − level)/2,
    exact and distribution-free. (−1, −1) if N is too small for such an interval.
    """
    allowed = (1 - level) / 2
    log_half = total * math.log(0.5)
    below, place = 0.0, -1
    for k in range(total // 2):
        choose = math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        below += math.exp(choose + log_half)
        if below > allowed:
            break
        place = k
    return (place, total - 1 - place) if place >= 0 else (-1, -1)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.nan
