"""The class benchmark's own arithmetic, and its student against the app itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from dash import Dash

from app.server import create_app
from app.state.sliders import SLIDERS
from benchmarks.load.client import Answer, Connection, Log
from benchmarks.load.student import DRAG, RATE, Student, due, values_of
from benchmarks.load.tally import Drag, middle, tally


def run(what: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine, in a thread: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


def test_no_two_requests_of_a_class_are_the_same() -> None:
    beta = SLIDERS["beta"]
    seeds = set()
    for number in range(300):
        for drag in range(20):
            seed, positions = values_of(number, drag)
            seeds.add(seed)
            assert len({beta.at(p) for p in positions}) == len(positions) == RATE * DRAG
            assert beta.low <= positions[0] <= positions[-1] <= beta.high
    assert len(seeds) == 300 * 20


def test_the_hand_passes_every_value_in_its_time() -> None:
    passed = [due(n / 1000, 30) for n in range(2000)]
    assert passed[0] == 0
    assert set(passed) == set(range(30))
    assert all(0 <= after - before <= 1 for before, after in pairwise(passed))


def drag(student: int, began: float, took: list[float], settled: float | None) -> Drag:
    """A drag of a second whose answers follow one another, each asked for 0.1 s after its value."""
    answers, moved, at = [], [], began
    for one in took:
        moved.append(at - 0.1)
        answers.append(Answer(at, at + abs(one), 200 if one > 0 else 503, b""))
        at += abs(one)
    return Drag(student, began, began + 1, answers, moved, settled)


def test_the_tally_of_a_made_up_class() -> None:
    found = tally(
        [
            drag(0, 0, [0.2, 0.2, 0.2, 0.2], 1.5),
            drag(0, 5, [0.4, -0.4, 0.4], 7.5),  # one failed, one came after the release
            drag(1, 5, [2.0], None),
        ],
        began=0,
        ended=6,
    )
    assert (found.drags, found.lost, found.blind) == (3, 1, 1)
    assert found.answer[0] == pytest.approx(0.3)
    assert found.age[0] == pytest.approx(0.3)
    assert found.release == pytest.approx((1, 1.45))
    assert (found.pictures, found.slowest) == (1, 0)
    # 4 and a release, 1 of the second drag's 2 good answers; its release and the last drag are late
    assert found.capacity == pytest.approx((4 + 1 + 1) / 6)


def test_the_middle_of_turns_is_taken_number_by_number() -> None:
    turns = [tally([drag(0, 0, [0.1 * n, 0.2], 1 + n)], 0, 6) for n in (3, 1, 2)]
    assert middle(turns) == turns[2]
    odd = replace(turns[1], capacity=7)
    assert middle([turns[0], odd, turns[2]]).answer == turns[2].answer
    assert middle([odd, odd, turns[2]]) == odd


class Direct(Connection):
    """Asks an app in this process; `broken` answers 503 from then on."""

    def __init__(self, app: Dash) -> None:
        super().__init__("localhost", 80, "identity", 0, Log())
        self.client, self.broken = app.server.test_client(), False

    async def _get(self, path: str, most: int) -> tuple[int, bytes]:
        said = self.client.get(path)
        return (503, b"") if self.broken else (said.status_code, said.data[:most])


@pytest.fixture(scope="module")
def app() -> Dash:
    return create_app()


@pytest.fixture
def student(app: Dash) -> Student:
    return Student(3, Direct(app), query="seed=3001")


def test_a_student_sees_the_value_that_he_let_go_of(student: Student) -> None:
    assert run(student.let_go(1.25, moved_on=True)) is not None
    assert not student.connection.log.faults
    assert len(student.fingerprints.split(",")) == 4


@pytest.mark.parametrize("position", [0.75, 1.25])
def test_a_release_that_shows_another_value_is_lost(student: Student, position: float) -> None:
    run(student.live("drag", edits=json.dumps({"beta": 0.75})))
    settled = run(student.let_go(position, moved_on=False))
    assert (settled is None) == (position != 0.75)


def test_a_release_without_an_answer_is_lost(student: Student) -> None:
    student.connection.broken = True  # type: ignore[attr-defined]
    assert run(student.let_go(1.25, moved_on=True)) is None
    assert len(student.connection.log.faults) == 2


def test_the_page_lists_its_files(app: Dash) -> None:
    connection = Direct(app)
    run(Student(0, connection).open("seed=1"))
    assert len(connection.log.times["file"]) > 20
    assert not connection.log.faults
