"""What the time bar needs beside the figures: the steps, and the arrows at each of them.

The browser moves the cursor from these and the figures' own numbers, without a request.
DESIGN.md section 7, Time bar.
"""

from __future__ import annotations

import math
from typing import Any

from app.figures.race_moment import cursor_index, race_moment, race_words
from app.figures.truncate import truncate_at_divergence
from app.figures.typed_arrays import typed
from simulation.results.summary import Summary
from simulation.results.terrain import Terrain


def cursor_data(
    summary: Summary, surface: Terrain, at: int | None = None, alone: bool = False
) -> dict[str, Any]:
    """Steps (K,), and m_t and g_t (C × K × 2, flat) along the first paths, as typed arrays.

    `at` is the cursor's step, None where it stands as the first contender escapes; `alone` leaves
    all arrows out but those at the cursor. `race`, `said`: the step at which it is decided, and
    what happens there; `first`: the recorded step of the first arrow; `weights`: ν and κ of each
    contender's step, null where it is no such sum; `fresh`: the share of g_t in m_t, likewise.
    """
    summary = truncate_at_divergence(summary)
    race, who = race_moment(summary, surface)
    k = cursor_index(summary, surface, at)
    arrows = summary.arrows
    kept = slice(k, k + 1) if alone else slice(None)
    return {
        "steps": typed(summary.steps),
        "race": race,
        "said": race_words(summary, who),
        "alone": alone,
        "first": k if alone else 0,
        "momentum": typed(arrows.momentum[:, kept].ravel()),
        "gradient": typed(arrows.gradient[:, kept].ravel()),
        "fresh": [share if math.isfinite(share) else None for share in arrows.fresh.tolist()],
        "weights": [list(w) if all(map(math.isfinite, w)) else None for w in arrows.weights],
    }
