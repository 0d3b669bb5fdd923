"""Serve one of the two pages, with a given time added to each answer.

`python benchmarks/page/serve.py ours|naive MILLISECONDS` prints its port once it has drawn the
page for itself: kernels are compiled then. `app` is imported from PYTHONPATH, so that this file can
serve another revision than its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from waitress import create_server

MODULES = {"ours": "app.server", "naive": "benchmarks.page.naive"}
THREADS = 16  # an answer that waits holds one


def main() -> None:
    """Serves until it is stopped."""
    name, delay = sys.argv[1], float(sys.argv[2]) / 1000
    wsgi = import_module(MODULES[name]).create_app().server
    assert wsgi.test_client().get("/_dash-layout").status_code == 200

    def delayed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(delay)
        answer: Iterable[bytes] = wsgi(environ, start)
        return answer

    listening = create_server(delayed, host="127.0.0.1", port=0, threads=THREADS)
    print(listening.effective_port, flush=True)
    listening.run()


if __name__ == "__main__":
    main()
