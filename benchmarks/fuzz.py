"""Ten thousand hostile addresses, edits and bodies: none may be answered 500 or more.

`python -m benchmarks.fuzz [CASES]`. The same strategies run with 500 cases in the tests.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.server import create_app
from app.settings import Settings
from tests.app.hostile import PATHS, TEXTS, bodies, edits, queries

APP = create_app(Settings())
CLIENT = APP.server.test_client()


def q(text: str, safe: str = "") -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)


def written(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{q(key)}={q(value)}" for key, value in pairs)


def address(case: tuple[str, list[tuple[str, str]]]) -> int:
    path, pairs = case
    return CLIENT.get(f"{q(path, '/')}?{written(pairs)}").status_code


def page(pairs: list[tuple[str, str]]) -> int:
    return CLIENT.get(f"/_dash-layout?{written(pairs)}").status_code


def drag(case: tuple[list[tuple[str, str]], str]) -> int:
    pairs, said = case
    return CLIENT.get(f"/live?q={q(written(pairs))}&edits={q(said)}&have=").status_code


def callback(body: bytes) -> int:
    path = "/_dash-update-component"
    return CLIENT.post(path, data=body, content_type="application/json").status_code


KINDS: dict[str, tuple[st.SearchStrategy, Callable[..., int]]] = {
    "address": (
        st.tuples(st.sampled_from(PATHS) | TEXTS.map(lambda t: "/" + t), queries()), address
    ),
    "page": (queries(), page),
    "drag": (st.tuples(queries(), edits()), drag),
    "callback": (bodies(dict(APP.callback_map)), callback),
}  # fmt: skip


def counting(send: Callable[..., int], seen: Counter[int]) -> Callable[[object], None]:
    """A test that only counts the answers' statuses."""

    def case(value: object) -> None:
        seen[send(value)] += 1

    return case


def main() -> int:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    worst = 0
    for kind, (strategy, send) in KINDS.items():
        seen: Counter[int] = Counter()

        case = settings(
            max_examples=cases // len(KINDS), deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )(given(strategy)(counting(send, seen)))  # fmt: skip
        began = time.perf_counter()
        case()
        worst = max(worst, *seen)
        print(f"{kind:9} {sum(seen.values()):6} requests in {time.perf_counter() - began:5.0f} s: "
              f"{dict(sorted(seen.items()))}", flush=True)  # fmt: skip
    print("none ≥ 500" if worst < 500 else "FAULTS")
    return worst >= 500


if __name__ == "__main__":
    sys.exit(main())
