"""Response time of a drag during a sweep in the same process, relative to that without one.

`python -m benchmarks live_beside_sweep`. The two cases alternate; each drag is to a β not requested
before.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from urllib.parse import quote

import numpy as np

from app.server import create_app, warm_up
from app.settings import Settings
from app.sweep_jobs.jobs import EXTENSION
from simulation.sweeps.grid import parse_sweep

# Nothing escapes and every path takes its 20,000 steps: minutes of one core.
SWEEP = parse_sweep(
    "landscape=quadratic&run=0.9&T=20000&R=100&N=256&x=beta:0:0.5:32&y=eta:1e-7:1e-6:96:log"
)
TURNS, ASKED, PAUSE = 2, 25, 0.03


def main() -> None:
    """Prints p50 and p95 of the answers' times, both ways, and their ratios."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ |= {"XDG_CACHE_HOME": cache, "CACHE_DIR": ""}  # no tile is there beforehand
        app = create_app(Settings(log_level="error"))
        warm_up(app)
        client, sweeps = app.server.test_client(), app.server.extensions[EXTENSION]
        dice, pause = np.random.default_rng(1), threading.Event()

        def answers() -> list[float]:
            took = []
            for _ in range(ASKED):
                query = quote(f"run=0,0.3,0.5,0.7,{dice.uniform(0.3, 0.99):.6f}&seed=1")
                began = time.perf_counter()
                said = client.get(f"/live?q={query}&edits=%7B%7D&have=&look=light")
                took.append(1000 * (time.perf_counter() - began))
                assert said.status_code == 200
                pause.wait(PAUSE)
            return took

        answers()
        alone, beside = [], []
        for seed in range(TURNS):
            alone += answers()
            sweep = SWEEP.replace(seed=seed)
            sweeps.start(sweep)
            while not any(thread.name.startswith("sweep") for thread in threading.enumerate()):
                pause.wait(PAUSE)
            beside += answers()
            assert sweeps.status(sweep).state == "running"
            sweeps.cancel(sweep)
            pause.wait(1)
    (soon, late), (soon95, late95) = (
        [float(np.percentile(took, share)) for took in (alone, beside)] for share in (50, 95)
    )
    print(f"a drag's answer, p50 {late:.0f} over {soon:.0f} ms = {late / soon:.2f}, "
          f"p95 {late95:.0f} over {soon95:.0f} ms = {late95 / soon95:.2f} (reach ≤ 2)")  # fmt: skip


if __name__ == "__main__":
    main()
