"""Send ten thousand malformed URLs, edits and request bodies; no response may be 500 or above.

`python -m benchmarks.fuzz [CASES]`: malformed requests. `python -m benchmarks.fuzz --valid
[CASES]`: random valid experiments on every tab, in the API, as scripts and on the command line,
where in addition no tab may show its error message. The tests run fewer of the same cases.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, RemoteDisconnected
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.components.tab_guard import BROKEN
from app.server import create_app
from app.settings import Settings
from tests.app import readers
from tests.app.hostile import PATHS, TEXTS, bodies, edits, queries

APP = create_app(Settings())
Get = Callable[[str], int]
Post = Callable[[str, bytes], int]
JSON = "application/json"


def q(text: str, safe: str = "") -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)


def written(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{q(key)}={q(value)}" for key, value in pairs)


def kinds(get: Get, post: Post) -> dict[str, tuple[st.SearchStrategy, Callable[..., int]]]:
    """Kind of request → what is sent, and how; `get` and `post` give the status of an answer."""
    ways = st.sampled_from(PATHS) | TEXTS.map(lambda t: "/" + t)
    return {
        "address": (
            st.tuples(ways, queries()),
            lambda case: get(f"{q(case[0], '/')}?{written(case[1])}"),
        ),
        "page": (queries(), lambda pairs: get(f"/_dash-layout?{written(pairs)}")),
        "drag": (
            st.tuples(queries(), edits()),
            lambda case: get(f"/live?q={q(written(case[0]))}&edits={q(case[1])}&have="),
        ),
        "callback": (
            bodies(dict(APP.callback_map)), lambda body: post("/_dash-update-component", body)
        ),
    }  # fmt: skip


def here() -> tuple[Get, Post]:
    """The app in this process."""
    client = APP.server.test_client()
    return (
        lambda path: client.get(path).status_code,
        lambda path, body: client.post(path, data=body, content_type=JSON).status_code,
    )


def there(port: int) -> tuple[Get, Post]:
    """A server on the loopback, over one connection as long as it keeps it."""
    wire = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(method: str, path: str, body: bytes | None = None) -> int:
        try:
            wire.request(method, path, body, {"Content-Type": JSON} if body is not None else {})
            answer = wire.getresponse()
        except (RemoteDisconnected, ConnectionError):  # a kept connection, closed meanwhile
            wire.close()
            wire.request(method, path, body, {"Content-Type": JSON} if body is not None else {})
            answer = wire.getresponse()
        answer.read()
        return answer.status

    return partial(ask, "GET"), partial(ask, "POST")


def counting(send: Callable[..., int], seen: Counter[int]) -> Callable[[object], None]:
    """A test that only counts the answers' statuses."""

    def case(value: object) -> None:
        seen[send(value)] += 1

    return case


def run(cases: int, get: Get, post: Post) -> int:
    """Sends `cases` requests, a quarter of each kind; prints their statuses, returns the worst."""
    worst = 0
    for kind, (strategy, send) in kinds(get, post).items():
        seen: Counter[int] = Counter()

        case = settings(
            max_examples=cases // 4, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )(given(strategy)(counting(send, seen)))  # fmt: skip
        began = time.perf_counter()
        case()
        worst = max(worst, *seen)
        print(f"{kind:9} {sum(seen.values()):6} requests in {time.perf_counter() - began:5.0f} s: "
              f"{dict(sorted(seen.items()))}", flush=True)  # fmt: skip
    print("none ≥ 500" if worst < 500 else "FAULTS")
    return worst


def run_valid(cases: int, first: int = 0) -> int:
    """Asks for `cases` valid experiments, tab after tab; prints and counts what went wrong."""
    faults = 0
    get, post = readers.client(APP)
    began = time.perf_counter()
    for seed in range(first, first + cases):
        query, tab = readers.experiment(seed), readers.TABS[seed % len(readers.TABS)]
        asked = list(readers.answers(APP, get, post, query, tab))
        if seed % 10 == 0:
            asked += [*readers.numbers(get, query), readers.command(query)]
        wrong = [a for a in asked if a.status not in (0, 200, 204) or BROKEN in a.said]
        faults += len(wrong)
        for answer in wrong:
            print(f"seed {seed}: {answer.status} {answer.asked}\n{answer.said[-500:]}", flush=True)
        if (seed - first + 1) % 500 == 0:
            took = time.perf_counter() - began
            print(f"{seed - first + 1:6} experiments in {took:5.0f} s, {faults} faults", flush=True)
    print("no faults" if not faults else "FAULTS")
    return faults


def main() -> int:
    words = sys.argv[1:]
    valid = "--valid" in words
    cases = next((int(word) for word in words if word.isdecimal()), 10_000)
    return bool(run_valid(cases)) if valid else run(cases, *here()) >= 500


if __name__ == "__main__":
    sys.exit(main())
