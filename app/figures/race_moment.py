"""The moment of the race: the step of the first escape, and its description on the plot."""

from __future__ import annotations

import numpy as np

from app.text.divergence import diverged
from app.text.numbers import exact
from simulation.results.summary import Summary


def race_moment(summary: Summary) -> tuple[int, int | None]:
    """Return the step at which the first drawn path escapes, and its contender; (T, None) if none.

    With one path this is the measured escape time; with more, or if all that pass the radius
    diverge, the first recorded step at which the first path is past the radius. Contenders that
    diverge count only if no other escapes.
    """
    step, who = first_escape(summary)
    if summary.experiment.paths == 1 and who is not None:
        return step, who
    left = np.array([e.escaped + e.diverged > 0 for e in summary.escape])
    past = (summary.drawn_distance >= summary.radius) & left[:, None]
    if not past.any():
        return int(summary.steps[-1]), None
    reached = np.where(past.any(axis=1), past.argmax(axis=1), past.shape[1])
    first = _first(summary, np.where(past.any(axis=1), reached, np.inf))
    return int(summary.steps[reached[first]]), first


def cursor_index(summary: Summary, at: int | None = None) -> int:
    """Return the index of the recorded step nearest to step `at`, the cursor's.

    Without `at`, it is the first recorded step not before the moment of the race, so that the
    description of that moment holds.
    """
    if at is not None:
        return int(np.argmin(np.abs(shown_steps(summary) - at)))
    race = race_moment(summary)[0]
    return min(int(np.searchsorted(summary.steps, race)), len(summary.steps) - 1)


def escapes(summary: Summary) -> list[tuple[int, int]]:
    """Return (index of a recorded step, contender) of each escape of a first path, in order.

    With one path the index is that of the first recorded step not before the measured escape time;
    with more, of the first recorded step at which the path is past the radius.
    """
    if summary.experiment.paths == 1:
        at = np.array([e.median for e in summary.escape], dtype=np.float64)
        reached = np.searchsorted(summary.steps, np.where(np.isfinite(at), at, np.inf))
    else:
        left = np.array([e.escaped + e.diverged > 0 for e in summary.escape])
        past = (summary.drawn_distance >= summary.radius) & left[:, None]
        reached = np.where(past.any(axis=1), past.argmax(axis=1), past.shape[1])
    found = [(int(k), i) for i, k in enumerate(reached) if k < len(summary.steps)]
    return sorted(found)


def shown_steps(summary: Summary) -> np.ndarray:
    """Return the recorded steps (K,) as the time bar counts them: with each escape's own step.

    An escape lies between two recorded steps; the latter, at which it is drawn, is shown as the
    step of the escape, so that headline, map and time bar say one number.
    """
    steps = np.array(summary.steps, dtype=np.int64)
    if summary.experiment.paths == 1:
        for k, i in reversed(escapes(summary)):  # of several at one recorded step, the first
            steps[k] = int(summary.escape[i].median)
    return steps


def first_escape(summary: Summary) -> tuple[int, int | None]:
    """Return the smallest median escape time and its contender; (T, None) if there is none."""
    medians = np.array([e.median for e in summary.escape], dtype=np.float64)
    if not np.isfinite(medians).any():
        return int(summary.steps[-1]), None
    first = int(np.nanargmin(medians))
    return int(medians[first]), first


def _first(summary: Summary, at: np.ndarray) -> int:
    """Return the contender with the smallest of `at` (C,), preferring those that do not diverge."""
    stays = at.copy()
    stays[diverged(summary)] = np.inf
    return int(np.argmin(stays if np.isfinite(stays).any() else at))


def moment_words(summary: Summary, who: list[int]) -> str:
    """Return the description of a recorded step at which these contenders escape."""
    if len(who) == 1 or set(who) & set(diverged(summary)):
        return "; ".join(race_words(summary, i) for i in who)
    *names, last = (summary.experiment.contenders[i].label for i in who)
    where = " on this path" if summary.experiment.paths > 1 else ""
    did = "escaped" if summary.has_saddle else "left their start"
    return f"{', '.join(names)} and {last} have {did}{where}"


def moments(summary: Summary) -> dict[int, str]:
    """Return index of a recorded step → description of the escapes there, in order."""
    who: dict[int, list[int]] = {}
    for k, i in escapes(summary):
        who.setdefault(k, []).append(i)
    return {k: moment_words(summary, group) for k, group in who.items()}


def race_words(summary: Summary, first: int | None) -> str:
    """Return the description of the moment of the race; "" if no contender has escaped.

    With one path it has the escape time of the headline, which precedes the recorded step; with
    several, the escape of the drawn path and the median of the headline.
    """
    if first is None:
        return ""
    escape, name = summary.escape[first], summary.experiment.contenders[first].label
    known = bool(np.isfinite(escape.median))
    if first in diverged(summary):
        return f"{name} passed the radius, then diverged at {exact(escape.first_diverged)}"
    did = "escaped" if summary.has_saddle else "left its start"
    if summary.experiment.paths == 1:
        return f"{name} {did} at {exact(escape.median)}"
    median = f"; median {exact(escape.median)}" if known else ""
    return f"{name} has {did} on this path{median}"
