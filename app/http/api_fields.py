"""Descriptions of the fields of `/api/v1`'s answers, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping

# C contenders, K recorded steps, L drawn paths, d weights.
_HEAD = {
    "query": "The experiment in its canonical form.",
    "engine": "Versions that determine the numbers: engine, NumPy, Numba, machine type.",
    "contender": "(C) The optimizers, as in the key `run`.",
    "radius": "The escape radius R.",
    "law_reason": "Empty, or why there is no exact law, or no escape time by it.",
    "step_size": "(C) Each optimizer's step size η, after `hold`.",
    "largest_stable_step": "(C) The largest η that is stable at the saddle.",
    "reference": "The optimizer that `predicted_speed_up` is relative to, and `speed_up` of /run.",
}
_BANDS = {
    "distance": "the distance from the saddle along the way out",
    "correlation": "the correlation of the momentum with the way out, positive outwards",
    "value": "the function value",
    "law": "the distance by the exact law",
}
_PARTS = {"median": "Median", "low": "10 % quantile", "high": "90 % quantile"}

RUN: Mapping[str, str] = {
    **_HEAD,
    "reference": "The optimizer that speed-ups are relative to: SGD unless it diverges, else the "
    "slowest that does not.",
    "start": "(2) The start in the coordinates of the landscape's picture.",
    "predicted_escape": "(C) Median escape time by the exact law, in steps.",
    "speed_up": "(C) Measured: the reference's median escape time over this optimizer's.",
    "predicted_speed_up": "(C) The same ratio by the exact law.",
    "lines": "(C, L, K, 2) Drawn paths in the coordinates of the landscape's picture.",
    "steps": "(K) The recorded steps.",
    "escape_median": "(C) Measured median escape time in steps; null if half of the paths have not "
    "escaped. A path that diverges by the last step has not escaped.",
    "escape_low": "(C) 10 % quantile of the same.",
    "escape_high": "(C) 90 % quantile of the same.",
    "escape_ci_low": "(C) Lower end of the 95 % confidence interval of the median.",
    "escape_ci_high": "(C) Upper end of it.",
    "escape_escaped": "(C) How many paths have escaped and not diverged.",
    "escape_total": "(C) How many paths there are.",
    "escape_diverged": "(C) How many paths diverge, before or after their escape; an optimizer "
    "diverges if at least half of its paths do.",
    "escape_first_diverged": "(C) The first step at which a path diverges; -1 if none does.",
    **{
        f"{band}_{part}": f"(C, K) {name} over the paths of {what}."
        for band, what in _BANDS.items()
        for part, name in _PARTS.items()
    },
}
"""Field of `/run` → its description."""

THEORY: Mapping[str, str] = {
    **_HEAD,
    "reference": "The optimizer that `predicted_speed_up` is relative to: SGD unless its step is "
    "unstable at the saddle, else the slowest that is stable.",
    "eigenvalues": "(d) Eigenvalues of the Hessian at the saddle.",
    "growth_rate": "(C) Growth per step along the way out, log μ₁.",
    "speed_up": "(C) Ratio of growth rates: this optimizer's over SGD's at the same step size, the "
    "optimizer's own. With `hold` other than `step` it differs from `speed_up` of /run; compare "
    "`predicted_speed_up`.",
    "predicted_speed_up": "(C) The reference's median escape time over this optimizer's, by the "
    "exact law: as in /run.",
    "escape_low": "(C) 10 % quantile of the escape time by the exact law, in steps.",
    "escape_median": "(C) Its median; `predicted_escape` of /run.",
    "escape_high": "(C) Its 90 % quantile.",
    "linear_end": "β up to which the speed-up is within 10 % of 1/(1−β), at the given η.",
    "balance": "β at which the escape grows as fast as ringing dies, at the given η.",
    "ninety_percent": "β at which the growth rate has 90 % of its limit, at the given η.",
}
"""Field of `/theory` → its description."""
