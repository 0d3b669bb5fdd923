"""Cursor data: what the browser needs, besides the figures, to draw the cursor on them.

With it and the figures' arrays the cursor moves without a request.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from app.figures.race_moment import cursor_index, moments, race_moment, race_words, shown_steps
from app.figures.truncate import truncate_at_divergence
from app.figures.typed_arrays import typed
from app.theme import Theme, styles
from simulation.results.summary import Summary


def cursor_data(
    summary: Summary, theme: Theme, at: int | None = None, alone: bool = False
) -> dict[str, Any]:
    """Return steps (K,), and m_t and g_t (C × K × 2, flat) along the first paths, as typed arrays.

    at: the cursor's step; None for the first contender's escape. alone: omit all arrows but those
    at the cursor. In the result, `race` and `said` are the step at which the race is decided and
    its description, and `escapes` the indices of the recorded steps at which the first paths
    escape, in order, with their descriptions; `first` is the recorded step of the first arrow;
    `weights` are ν and κ of each contender's step, null if its rule has no such form; `fresh` is
    the weight of g_t in m_t, or null. `styles` are each contender's name, color, text color and
    dash; `line` and `small` are the theme's, in px.
    """
    summary = truncate_at_divergence(summary)
    race, who = race_moment(summary)
    k, events = cursor_index(summary, at), moments(summary)
    arrows = summary.arrows
    kept = slice(k, k + 1) if alone else slice(None)
    return {
        "steps": typed(shown_steps(summary)),
        "race": race,
        "said": events.get(cursor_index(summary), race_words(summary, who)),
        "escapes": [[at, words] for at, words in events.items()],
        "styles": [asdict(style) for style in styles(summary.experiment.contenders, theme)],
        "line": theme.line,
        "small": theme.small,
        "alone": alone,
        "first": k if alone else 0,
        "momentum": typed(arrows.momentum[:, kept].ravel()),
        "gradient": typed(arrows.gradient[:, kept].ravel()),
        "fresh": [share if math.isfinite(share) else None for share in arrows.fresh.tolist()],
        "weights": [list(w) if all(map(math.isfinite, w)) else None for w in arrows.weights],
    }
