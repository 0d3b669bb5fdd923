"""One student: opens the page with its files, then drags β, lets go, thinks, and drags again."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.state.page_state import read
from app.state.sliders import SLIDERS
from benchmarks.load.client import WHOLE, Answer, Connection
from benchmarks.load.tally import Drag

RATE = 30  # values a second
DRAG = 1.0  # s
THINK = (1.0, 5.0)  # s between two drags
STEP = 0.01  # of β's slider
QUERY = re.compile(rb'"query":\s*("(?:[^"\\]|\\.)*")')
FINGERPRINTS = re.compile(rb'"looks":\s*(\{[^}]*\})')


def values_of(number: int, drag: int) -> tuple[int, list[float]]:
    """Seed and positions of β's slider of a student's drag: his own, and none of them twice."""
    dice = random.Random(f"{number} {drag}")
    first = round(dice.uniform(0.5, 2.0), 2)
    return 1000 * number + drag + 1, [round(first + STEP * n, 2) for n in range(round(RATE * DRAG))]


def due(elapsed: float, count: int) -> int:
    """Index of the value where the hand is, `elapsed` s after the beginning."""
    return min(int(elapsed * RATE), count - 1)


@dataclass(slots=True)
class Student:
    """What the page of a student knows."""

    number: int
    connection: Connection
    query: str = ""
    fingerprints: str = ""

    async def open(self, query: str) -> None:
        """Opens the page with all its files."""
        page = await self.connection.ask("page", f"/?{query}", WHOLE)
        for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.head.decode(errors="replace")):
            await self.connection.ask("file", path)
        await self.connection.ask("layout", f"/_dash-layout?{query}")
        await self.connection.ask("layout", "/_dash-dependencies")
        self.query = query

    async def live(self, kind: str, **more: str) -> Answer:
        """GET /live as the page asks for it; a good answer's query and fingerprints are kept."""
        asked = {"q": self.query, "look": "light", "have": self.fingerprints, **more}
        answer = await self.connection.ask(kind, f"/live?{urlencode(asked)}")
        if answer.good:
            query, looks = QUERY.search(answer.head), FINGERPRINTS.search(answer.head)
            assert query is not None
            assert looks is not None
            self.query = json.loads(query[1])
            self.fingerprints = ",".join(json.loads(looks[1]).values())
        return answer

    async def drag(self, seed: int, positions: Sequence[float]) -> Drag:
        """One drag of β: one request in flight, the newest value wins; then all paths of the last.

        The seed is new, and so is every value: the engine runs for each answer.
        """
        self.query = f"seed={seed}"
        began = time.monotonic()
        answers: list[Answer] = []
        moved: list[float] = []
        sent = -1
        while (elapsed := time.monotonic() - began) < DRAG:
            now = due(elapsed, len(positions))
            if now == sent:
                await asyncio.sleep(min((sent + 1) / RATE, DRAG) - elapsed)
                continue
            sent = now
            moved.append(began + sent / RATE)
            edits = json.dumps({"beta": positions[sent]})
            answers.append(await self.live("drag", edits=edits, **{"as": "binary"}))
        settled = await self.let_go(positions[-1], sent < len(positions) - 1)
        return Drag(self.number, began, began + DRAG, answers, moved, settled)

    async def let_go(self, position: float, moved_on: bool) -> float | None:
        """The last value, where it was not asked for yet, then all its paths: when they came.

        None where the release is lost: an answer failed, or the last one is of another value.
        """
        if moved_on:
            await self.live("last", edits=json.dumps({"beta": position}))
        answer = await self.live("release", rest="1")
        beta = SLIDERS["beta"]
        is_there = answer.good and beta.get(read(self.query)[0]) == beta.at(position)
        return answer.ended if is_there else None

    async def drags(self, until: float) -> list[Drag]:
        """Drags and thinks until the time is up."""
        done: list[Drag] = []
        dice = random.Random(self.number)
        await asyncio.sleep(dice.uniform(0, THINK[1]))
        while time.monotonic() < until:
            done.append(await self.drag(*values_of(self.number, len(done))))
            await asyncio.sleep(dice.uniform(*THINK))
        return done
