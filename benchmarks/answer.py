"""CPU time that the server adds to the engine's time when answering a drag, in one process.

`python -m benchmarks.answer [DRAGS]`. Each drag is to a β not requested before, so that no result
is cached; the release after it requests the same run in full. CPU time of this process does not
include other work on the machine, which slows it only through the shared caches.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import numpy as np

from app.server import create_app, warm_up
from app.settings import Settings
from app.storage import compute

FIRST, LAST = 0.3, 0.99


class Clock:
    """Stands in for `simulate` and `summarise`: adds up the CPU time that they take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:
            began = time.process_time()
            try:
                return function(*args)
            finally:
                self.seconds += time.process_time() - began

        return timed


def main() -> int:
    """Prints quantiles of a drag, a release and a link that was opened before."""
    drags = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    clock = Clock()
    compute.simulate = clock.around(compute.simulate)  # type: ignore[assignment]
    compute.summarise = clock.around(compute.summarise)
    app = create_app(Settings(log_level="error"))
    warm_up(app)
    client = app.server.test_client()

    def ask(beta: float, have: str, more: str) -> tuple[float, float, bytes]:
        """CPU seconds outside the engine, inside it, and the answer."""
        query = quote(f"run=0,0.3,0.5,0.7,{beta:.6f}&seed=1")
        clock.seconds, began = 0.0, time.process_time()
        said = client.get(f"/live?q={query}&have={have}{more}", headers={"Accept-Encoding": "gzip"})
        took = time.process_time() - began
        assert said.status_code == 200
        return took - clock.seconds, clock.seconds, said.data

    plain = client.get("/live?q=seed%3D1")
    have = ",".join(json.loads(plain.data)["looks"].values())
    log: dict[str, list[tuple[float, float]]] = {"drag": [], "release": [], "link": []}
    for beta in np.linspace(FIRST, LAST, drags):
        for kind, more in (("drag", "&as=binary"), ("release", "&rest=1"), ("link", "&rest=1")):
            log[kind].append(ask(beta, have, more)[:2])
    for kind, took in log.items():
        outside, inside = np.array(took[5:]).T * 1000
        p50, p95 = np.percentile(outside, [50, 95])
        beside = np.percentile(inside, 50)
        ratio = f", {p50 / beside:.2f} of the engine's {beside:.1f} ms" if beside else ""
        print(f"  {kind:8} outside the engine p50 {p50:5.2f}  p95 {p95:5.2f} ms{ratio}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
