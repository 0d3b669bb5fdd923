"""Type ten thousand different formulas into the page; no response may be 500 or above.

`python -m benchmarks.fuzz_formulas [CASES]`: first as many different formulas are read, lowered and
evaluated. Then the hostile texts of the tests and generated ones, all different, are typed; one in
25 is opened as a link on a tab, with all that the page asks for there; one in 250 goes to the API,
both scripts and the command line. The memory of the process has to stay flat both times: what is
kept of a formula is in caches of a fixed size.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, count, islice
from pathlib import Path
from random import Random
from urllib.parse import quote, unquote

import numpy as np

from app.components.tab_guard import BROKEN
from app.server import create_app
from app.settings import Settings
from benchmarks.common.measure import machine
from simulation.formula.arrays import Field
from simulation.formula.errors import FormulaError
from simulation.formula.formula import bind, formula_of
from simulation.formula.tape import lower
from simulation.model.query import format_query, repair_query
from tests.app import readers
from tests.simulation.formula_cases import HOSTILE, written

PAGE = 4096  # bytes
LINKED = 25  # one in so many is opened as a link too
BLOCK = 500  # formulas between two lines
REACH = 30  # MB that the memory may grow by over the second half
SMALL = "landscape=formula&T=20&N=1"


def generated(seed: int) -> str:
    """A text that is mostly a formula, or a formula that the page's grammar reads."""
    random = Random(seed)
    return written(random) if seed % 2 else unquote(readers.formula(random))


def texts() -> Iterator[str]:
    """The hostile texts, then generated ones without end; none comes twice."""
    seen: set[str] = set()
    for text in chain(HOSTILE, map(generated, count())):
        if text not in seen:
            seen.add(text)
            yield text


def is_formula(text: str) -> bool:
    """Whether the text is read as a formula of two weights or more."""
    try:
        return formula_of(text, 10).dimension > 1
    except FormulaError:
        return False


def megabytes() -> float:
    """The resident memory of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE / 1e6


def declare(cases: int) -> float:
    """Read, lower and evaluate `cases` different formulas; return MB that the second half added."""
    began, memory = time.perf_counter(), [0.0]
    for number, text in enumerate(islice(filter(is_formula, texts()), cases), 1):
        formula = formula_of(text, 10)
        with suppress(FormulaError):  # a tape that would be too long
            lower(formula)
        field, w = Field(formula, bind(formula, {})), np.ones((3, formula.dimension))
        field.value(w), field.gradient(w), field.hessian(w)
        if number in (cases // 2, cases):
            memory.append(megabytes())
    grown = memory[-1] - memory[-2]
    print(f"{cases} formulas read, lowered and evaluated in {time.perf_counter() - began:.0f} s: "
          f"over the second half the memory grew by {grown:.0f} MB (reach ≤ {REACH})")  # fmt: skip
    return grown


class Reader:
    """Asks the app, in this process, for formula after formula."""

    def __init__(self) -> None:
        self.app = create_app(Settings(log_level="error"))
        self.get, self.post = readers.client(self.app)
        self.statuses: Counter[int] = Counter()

    def ask(self, number: int, text: str) -> list[readers.Answer]:
        """Ask for one formula, in ways that depend on its number; return the faults."""
        typed = f"/live?q={quote(SMALL)}&edits={quote(json.dumps({'f': text}))}&have=&hand=off"
        answers = [readers.Answer(f"typed {text!r}", *self.get(typed))]
        if number % LINKED == 0:
            query = format_query(repair_query(f"{SMALL}&f={quote(text)}")[0])
            tab = readers.TABS[number // LINKED % len(readers.TABS)]
            answers += readers.answers(self.app, self.get, self.post, query, tab)
            if number % (10 * LINKED) == 0:
                answers += [*readers.numbers(self.get, query), readers.command(query)]
        self.statuses.update(answer.status for answer in answers)
        return [a for a in answers if a.status not in (0, 200, 204) or BROKEN in a.said]


def run(cases: int) -> int:
    """Type `cases` formulas; print the statuses and the memory, return the number of faults."""
    reader, faults, read, slowest = Reader(), 0, 0, (0.0, "")
    began, memory = time.perf_counter(), []
    for number, text in enumerate(islice(texts(), cases), 1):
        before = time.perf_counter()
        for answer in reader.ask(number, text):
            faults += 1
            print(f"{answer.status} {answer.asked[:200]}\n{answer.said[-500:]}", flush=True)
        read += is_formula(text)
        slowest = max(slowest, (time.perf_counter() - before, text))
        if number % BLOCK == 0 or number == cases:
            memory.append(megabytes())
            took = time.perf_counter() - began
            print(f"{number:6} texts, {read} of them formulas, in {took:5.0f} s: {faults} faults, "
                  f"{memory[-1]:.0f} MB", flush=True)  # fmt: skip
    grown = memory[-1] - memory[len(memory) // 2]
    print(f"statuses {dict(sorted(reader.statuses.items()))}; the slowest took {slowest[0]:.1f} s: "
          f"{slowest[1][:100]!r}; over the second half the memory grew by {grown:.0f} MB "
          f"(reach ≤ {REACH})")  # fmt: skip
    print("FAULTS" if faults else "no faults")
    return faults + (grown > REACH)


def main() -> int:
    """0, or 1 where a response was a fault or the memory grew."""
    logging.disable(logging.CRITICAL)
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(machine(), flush=True)
    grown = declare(cases)
    return bool(run(cases)) or grown > REACH


if __name__ == "__main__":
    sys.exit(main())
