"""Style recalculations and layouts in a trace of Chromium, and which of them a script forced.

A recalculation is forced when a script asks for a size or a style of what it has changed since: it
runs at once, inside the script, and often again at the end of the frame. Chromium then notes the
stack of the script.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CATEGORIES = (
    "-*", "devtools.timeline", "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.stack", "blink.user_timing",
)  # fmt: skip
STYLE, LAYOUT = "UpdateLayoutTree", "Layout"
BEGAN, ENDED = "drag-began", "drag-ended"  # marks that drag.js sets
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often style and layout were computed in a drag; `forced`: function → how often."""

    styles: int
    layouts: int
    forced: Counter[str]


def caller(event: Event) -> str:
    """The innermost function of the script that forced an event, `name file`; "" for none."""
    arguments = event.get("args", {})
    stack: Sequence[Event] = (
        arguments.get("beginData", {}).get("stackTrace")
        or arguments.get("data", {}).get("stackTrace")
        or ()
    )
    if not stack:
        return ""
    file = stack[0].get("url", "").partition("?")[0].rpartition("/")[2]
    return f"{stack[0].get('functionName') or 'anonymous'} {file or 'benchmark'}"


def window(events: Iterable[Event]) -> tuple[float, float, int]:
    """Begin and end of the drag, µs, and the process of its page; raises ValueError without marks.

    A browser has several pages and a trace all of them: what counts is the drag's own.
    """
    marks = {one["name"]: one for one in events if one.get("name") in (BEGAN, ENDED)}
    if set(marks) != {BEGAN, ENDED}:
        raise ValueError("the trace has no marks of a drag")
    return marks[BEGAN]["ts"], marks[ENDED]["ts"], marks[BEGAN]["pid"]


def counts(events: Sequence[Event]) -> Counts:
    """What was computed between the marks of a drag, in its page's process."""
    began, ended, process = window(events)
    computed = [
        one
        for one in events
        if one.get("name") in (STYLE, LAYOUT)
        and one.get("ph") in ("X", "B")
        and one["pid"] == process
        and began <= one["ts"] <= ended
    ]
    names = Counter(one["name"] for one in computed)
    forced = Counter(filter(None, map(caller, computed)))
    return Counts(names[STYLE], names[LAYOUT], forced)


def is_own(function: str) -> bool:
    """Whether a function is in a module of the page, and not in Dash or Plotly."""
    return function.endswith(".mjs")


def report(found: Counts, pictures: int) -> str:
    """What was computed a picture, and the functions that forced most."""
    if not pictures:
        return f"no picture; {found.styles} styles, {found.layouts} layouts"
    total = found.forced.total() / pictures
    own = sum(n for function, n in found.forced.items() if is_own(function)) / pictures
    most = ", ".join(f"{name} {n / pictures:.1f}" for name, n in found.forced.most_common(6))
    return (
        f"{found.styles / pictures:4.1f} styles, {found.layouts / pictures:4.1f} layouts; forced "
        f"{total:.1f}, by the page's own modules {own:.1f}: {most or 'none'}"
    )


def parse(trace: bytes) -> list[Event]:
    """The events of a trace as Playwright gives it."""
    events: list[Event] = json.loads(trace)["traceEvents"]
    return events
