"""Each lesson's sentences against the engine's outcome, with each of its controls at its ends.

What becomes of an optimizer is worked out here from the simulated paths, not from the text's facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from app import ids
from app.lessons.parser import lessons
from app.lessons.records import Lesson
from app.state.edits import apply
from app.state.page_state import State
from app.state.sliders import SLIDERS
from app.state.view import HIDEABLE
from app.tabs.registry import TAB_MODULES
from app.text.numbers import count, exact, ratio
from simulation.landscapes.registry import LANDSCAPES
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.rules import RULES
from simulation.runs.simulate import simulate
from tests.marks import breadth

pytestmark = pytest.mark.usefixtures("results_are_kept")

EDITS: dict[str, list[dict[str, Any]]] = {
    "chips": [{"select": 0, "beta": "0.5"}, {"select": 0, "beta": "0.9999"}, {"add": 1}],
    "rule": [{"rule": rule} for rule in RULES] + [{"remove": None}],
    "hold": [{"hold": hold} for hold in HOLDS],
    "landscape": [{"landscape": name} for name in LANDSCAPES] + [{"preset": 13}],
    "batch": [{"batch": "1"}, {"batch": "1000"}],
    "w0": [{"w0": [0.0, 0.0]}, {"w0": [5.0, 5.0]}, {"seed": "1"}],
    "axes": [{"axes": "log"}],
}
"""Control key → edits that set it to its ends; a slider's are those of its track."""

NOTES: dict[int, list[dict[str, Any]]] = {
    6: [{"eta": "1"}], 7: [{"batch": "1", "seed": str(seed)} for seed in (1, 4, 7)],
    8: [{"eta": "2"}, {"eta": "2.5"}, {"eta": "1.9999999"}],
}  # fmt: skip
"""Lesson → what its teacher's note, or a class, does."""

ODD = [
    "lesson=2&landscape=quadratic&w0=0,0&noise=none&run=0,0.9&T=100",
    "lesson=4&landscape=quadratic&run=0.9,0.5,0.9&T=3000",
    "lesson=1&landscape=quadratic&run=0,0.9&eta=1&T=1&w0=0,0.95",
    "lesson=5&landscape=quadratic&eig=1,0&run=0,0.9&T=50",
    "lesson=3&run=0,0.5&T=20",
    "lesson=1&landscape=quadratic&run=adam:0,0.9&noise=none&T=4000",
]
QUICK = ["7 {'batch': '1'}", "8 {'eta': '2'}", "6 {'eta': '1'}", *ODD]


def edits_of(lesson: Lesson) -> Iterator[dict[str, Any]]:
    """The lesson as it opens, and each visible control at each of its ends."""
    yield {}
    for key in lesson.controls:
        ends = [{key: end} for end in (SLIDERS[key].low, SLIDERS[key].high)] if key in SLIDERS else []
        yield from ends or EDITS[key]
    yield from NOTES.get(lesson.number, [])


CASES = [f"{lesson.number} {edits}" for lesson in lessons() for edits in edits_of(lesson)]


@cache
def state_of(case: str) -> State:
    """The revealed state of a case: a lesson's number and its edits, or an address."""
    if case.startswith("lesson="):
        return TAB_STATE(f"tab=lessons&{case}&reveal=1")
    number, edits = case.split(" ", 1)
    state = apply(State(), {"lesson": int(number)})
    return apply(state, eval(edits)).with_view(reveal=True)  # noqa: S307, the cases above


def TAB_STATE(query: str) -> State:
    from app.state.page_state import read

    return read(query, tuple(TAB_MODULES))[0]


def sentences(state: State) -> str:
    """Question, text, answer and note as the page has them, once hidden and once revealed."""
    parts = []
    for reveal in (False, True):
        shown = TAB_MODULES["lessons"].props(state.with_view(reveal=reveal), "light")
        assert shown[ids.fault("lessons")]["hidden"]
        parts.append(shown[ids.LESSON_QUESTION]["children"])
        for part in (ids.LESSON_TEXT, ids.LESSON_REVEAL, ids.LESSON_TEACHER):
            markdown = shown[part]["children"]
            parts.append(markdown.children if markdown else "")
    return " ".join("\n".join(parts).split())


def outcome(experiment: Experiment) -> list[tuple[str, float]]:
    """(what becomes of it, median steps) of each contender, from the paths alone."""
    run = simulate(experiment)
    found = []
    for times, gone in zip(run.escape_time, run.diverged_at, strict=True):
        if 2 * (gone >= 0).sum() >= len(gone):
            found.append(("diverges", float(gone[gone >= 0].min())))
            continue
        counted = np.where((times >= 0) & (gone < 0), times, np.inf)
        with np.errstate(invalid="ignore"):
            at = float(np.median(counted))
        kind = "has not escaped" if not np.isfinite(at) else "escapes" if at else "starts outside"
        found.append((kind, at))
    return found


@pytest.mark.parametrize("case", breadth([*CASES, *ODD], QUICK))
def test_every_sentence_is_true_of_the_paths(case: str) -> None:
    state = state_of(case)
    experiment = state.experiment
    said = sentences(state)
    found = outcome(experiment)
    names = [contender.label for contender in experiment.contenders]
    compared = {0, len(names) - 1}
    kinds = {found[i][0] for i in compared}
    still = simulate(experiment.replace(paths=1, steps=min(experiment.steps, 1000))).w
    at_rest = bool((still == still[:, :, :1]).all())

    for i in compared:
        kind, at = found[i]
        name = re.escape(names[i])
        told = set(re.findall(rf"(?<![=.\w]){name} (escapes|has not escaped|diverges)", said))
        if at_rest or kind == "starts outside":
            assert not told - {"diverges"}, told
            continue
        other_times = {f[1] for j, f in enumerate(found) if names[j] == names[i]}
        if len(other_times) > 1:
            continue
        neither = kind == "has not escaped" and "and neither has" in said
        assert told == {kind} or (neither and not told - {kind}), (told, kind)
        if kind == "escapes":
            steps = count(at)
            assert f"{names[i]} escapes after {steps} step{'s' * (steps != '1')}" in said
        if kind == "diverges":
            assert re.search(rf"{name} diverges [^;.]*\bstep {exact(int(at))}\b", said)

    results = re.findall(r"([\d.,]+)× (faster|slower) than ([^.*]+?\d*)[.*]", said)
    gains = {f"{ratio(found[0][1] / found[-1][1])}× faster" if found[0][1] > found[-1][1]
             else f"{ratio(found[-1][1] / found[0][1])}× slower"} if kinds == {"escapes"} else set()  # fmt: skip
    assert {f"{number}× {which}" for number, which, _ in results} <= gains
    if kinds != {"escapes"}:
        reveal = TAB_MODULES["lessons"].props(state, "light")[ids.LESSON_REVEAL]["children"].children
        assert not re.search(r"× (faster|slower)|as fast as", reveal), reveal
    assert ("The gradient" not in said or "stays zero" not in said) or at_rest
    assert ("stays zero, so no optimizer moves" in said) == at_rest
    assert ("already beyond the escape radius" in said) == (
        not at_rest and "starts outside" in kinds and "diverges" not in kinds
    )
    assert "diverges" not in kinds or "has **" not in said  # nothing settles


@pytest.mark.parametrize("case", breadth([*CASES, *ODD], QUICK))
def test_no_sentence_is_broken(case: str) -> None:
    said = sentences(state_of(case))
    broken = r"\bnan\b|\binf\b|∞|—×|\b0\.00×|no times|nothing here|\b1 (steps|samples|paths)\b|\{|\}"
    assert not re.search(broken, said), re.findall(broken, said)
    assert not re.search(r"\*\*\s|[.?!]\s*\.|:\s*$|\( *\)", said.replace("** ", "**.")), said
