"""Each lesson's sentences against the engine's outcome, with each of its controls at its ends.

What becomes of an optimizer is worked out here from the simulated paths, not from the text's facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from app import ids
from app.lessons.parser import lessons
from app.lessons.records import Lesson
from app.state.edits import apply
from app.state.page_state import State, read
from app.state.sliders import SLIDERS
from app.storage import compute
from app.tabs.registry import TAB_MODULES
from app.text.numbers import exact, ratio
from simulation.model.experiment import Experiment
from simulation.model.holds import HOLDS
from simulation.presets import PRESETS
from simulation.rules import RULES
from simulation.runs.simulate import simulate
from tests.marks import CORE_LANDSCAPES, breadth

pytestmark = pytest.mark.usefixtures("results_are_kept")
Edits = dict[str, Any]

ENDS: dict[str, list[Edits]] = {
    **{key: [{key: slider.low}, {key: slider.high}] for key, slider in SLIDERS.items()},
    "chips": [{"select": 0, "beta": "0.5"}, {"select": 0, "beta": "0.9999"}, {"add": 1}],
    "rule": [*({"rule": rule} for rule in RULES), {"select": 1, "remove": None}],
    "hold": [{"hold": hold} for hold in HOLDS],
    "landscape": [*({"landscape": name} for name in CORE_LANDSCAPES), {"preset": len(PRESETS) - 1}],
    "batch": [{"batch": "1"}, {"batch": "50"}],
    "w0": [{"w0": [0.0, 0.0]}, {"w0": [5.0, 5.0]}, {"seed": "1"}],
    "axes": [{"axes": "log"}],
}
"""Control key → edits that set the control to its ends; sliders: the ends of the track."""

NOTES: dict[int, list[Edits]] = {
    6: [{"eta": "1"}],
    7: [{"batch": "1", "seed": seed} for seed in ("1", "4", "7")],
    8: [{"eta": "2"}, {"eta": "1.9999999"}],
    9: [
        {"f": "a*x^4/4-x^2/2+y^2/2", "p1": "3"}, {"f": "x^2+y^2"}, {"f": "-x^2-y^2"},
        {"f": "x^3-3*x*y^2"}, {"f": "(u*v-1)^2/2"}, {"f": "(u*v*w-1)^2/2"}, {"f": "log(x)-y^2"},
        {"f": "x+y"}, {"f": "abs(x)-y^2"}, {"f": "sum(w_i^4/4)-w1^2/2", "d": "5"},
        {"landscape": "himmelblau", "at": "-0.27,-0.92"}, {"landscape": "rastrigin"},
    ],
}  # fmt: skip
"""Lesson → what its teacher's note asks for, or a class may try next."""

LINKS = (
    "lesson=2&landscape=quadratic&w0=0,0&noise=none&run=0,0.9&T=100",
    "lesson=4&landscape=quadratic&run=0.9,0.5,0.9&T=3000",
    "lesson=1&landscape=quadratic&run=0,0.9&eta=1&T=1&w0=0,0.95",
    "lesson=5&landscape=quadratic&eig=1,0&run=0,0.9&T=50",
    "lesson=5&landscape=quadratic&run=0,0.9&eta=2.5&w0=0,2&T=2000",
    "lesson=3&run=0,0.5&T=20",
    "lesson=1&landscape=quadratic&run=adam:0,0.9&noise=none&T=4000",
)


def edits_of(lesson: Lesson) -> Iterator[Edits]:
    yield {}
    for key in lesson.controls:
        yield from ENDS[key]
    yield from NOTES.get(lesson.number, [])


CASES = [
    f"{lesson.number} {json.dumps(edits)}" for lesson in lessons() for edits in edits_of(lesson)
]
QUICK = [
    "9 {}",
    '9 {"f": "log(x)-y^2"}',
    '7 {"batch": "1"}',
    '8 {"eta": "2"}',
    '6 {"eta": "1"}',
    '8 {"w0": [5.0, 5.0]}',
    *LINKS,
]


def state_of(case: str) -> State:
    """The state of a case: the number of a lesson and edits of it, or a link to one."""
    if case in LINKS:
        return read(f"tab=lessons&{case}", tuple(TAB_MODULES))[0]
    number, edits = case.split(" ", 1)
    return apply(apply(State(), {"lesson": int(number)}), json.loads(edits))


def told(state: State, reveal: bool) -> tuple[str, str]:
    """The question and the answer as the page has them."""
    shown = TAB_MODULES["lessons"].props(state.with_view(reveal=reveal), "light")
    assert shown[ids.fault("lessons")]["hidden"]
    answer = shown[ids.LESSON_REVEAL]["children"]
    return shown[ids.LESSON_QUESTION]["children"], " ".join(
        answer.children.split()
    ) if answer else ""


def outcome(experiment: Experiment) -> list[tuple[str, float]]:
    """(what becomes of it, median steps or first divergence) of each contender, from the paths."""
    run = simulate(experiment)
    found = []
    for times, gone in zip(run.escape_time, run.diverged_at, strict=True):
        if 2 * (gone >= 0).sum() >= len(gone):
            found.append(("diverges", float(gone[gone >= 0].min())))
            continue
        left = np.sort(np.where((times >= 0) & (gone < 0), times, np.inf))
        middle = float(left[(len(left) - 1) // 2] + left[len(left) // 2]) / 2
        kind = "escapes" if np.isfinite(middle) else "has not escaped"
        found.append((kind if middle else "starts beyond", middle))
    return found


def as_an_escape(text: str) -> str:
    """A text on a function without a saddle, in the words that it has with one."""
    assert not re.search("escapes|escaped", text), text
    said = re.sub(r"is not yet [\d.]+ away from its start", "has not escaped", text)
    said = re.sub(r"is [\d.]+ away from its start", "escapes", said)
    return said.replace("and neither is ", "and neither has ")


OUTSIDE = "already beyond|starts beyond the escape radius|there is no saddle"


def rests(experiment: Experiment) -> bool:
    """Whether no path of the engine ever moves."""
    w = simulate(experiment.replace(steps=min(experiment.steps, 2000))).w
    return bool((w == w[:, :, :1]).all())


def expect_clause(text: str, who: str, kind: str, at: float) -> None:
    """The text says of `who` what becomes of it, at its step, and nothing else."""
    said = set(re.findall(rf"{re.escape(who)} (escapes|has not escaped|diverges)", text))
    shared = kind == "has not escaped" and f"and neither has {who}." in text
    assert said == {kind} or (shared and not said), (who, kind, text)
    if kind == "escapes":
        assert f"{who} escapes after {exact(at)} step{'s' * (at != 1)}" in text
    if kind == "diverges":
        assert re.search(rf"{re.escape(who)} diverges [^;.]*\bstep {exact(int(at))}\b", text), text


@pytest.mark.parametrize("case", breadth([*CASES, *LINKS], QUICK))
def test_every_sentence_is_true_of_the_paths(case: str) -> None:
    state = state_of(case)
    experiment = state.experiment
    found, still = outcome(experiment), rests(experiment)
    (first, last), names = (found[0], found[-1]), [c.label for c in experiment.contenders]
    kinds = {first[0], last[0]}
    (question, _), (_, answer) = told(state, reveal=False), told(state, reveal=True)
    for text in (question, answer):
        assert ("stays zero, so no optimizer moves, at any β" in text) == still
        outside = "starts beyond" in kinds and not still
        assert not outside or re.search(OUTSIDE, text)
        assert outside or not re.search("already beyond|starts beyond", text)
    if not compute.summary_of(experiment).has_saddle:
        question, answer = as_an_escape(question), as_an_escape(answer)
    if not still and "starts beyond" not in kinds:
        expect_clause(question, names[0], *first)
        expect_clause(answer, names[-1], *last)
        if kinds != {"escapes"} and first != last:  # else "… than SGD", "neither has SGD"
            expect_clause(answer, names[0], *first)

    results = re.findall(r"(?:([\d.,]+)× (faster|slower) than|(about as fast) as) ", answer)
    if kinds != {"escapes"} or experiment.contenders[0] == experiment.contenders[-1]:
        assert not results
        assert not re.search(r"× (faster|slower)|about as fast", answer), answer
    else:
        gain = first[1] / last[1]
        word = "faster" if gain > 1 else "slower"
        close = ("", "", "about as fast")
        told_gain = (ratio(max(gain, 1 / gain)), word, "")
        assert results == [close if 1 / 1.05 <= gain <= 1.05 else told_gain]
    if "diverges" in kinds:
        assert "variance** of" not in answer  # it never settles


@pytest.mark.parametrize("case", breadth([*CASES, *LINKS], QUICK))
def test_no_sentence_is_broken(case: str) -> None:
    state = state_of(case)
    (question, _), (_, answer) = told(state, reveal=False), told(state, reveal=True)
    for text in (question, answer):
        broken = r"\bnan\b|\binf\b|∞|—×|(?<![\d,.])0\.00×|\b1 (steps|samples|paths)\b|[{}]|\.\."
        assert not re.search(broken, text), text
        assert "****" not in text
    assert question.rstrip().endswith((".", "?"))
