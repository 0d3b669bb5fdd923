"""Serve one of the two pages, delaying callbacks and drag responses by a given time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress import create_server

from app import server
from benchmarks.page import naive

APPS = {"ours": server.create_app, "naive": naive.create_app}
SLOWED = ("/live", "/_dash-update-component")


def main() -> None:
    """`python -m benchmarks.page.serve ours|naive MILLISECONDS`; prints its port."""
    name, delay = sys.argv[1], float(sys.argv[2]) / 1000
    wsgi = APPS[name]().server

    def slowed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] in SLOWED:
            time.sleep(delay)
        return wsgi(environ, start)

    listening = create_server(slowed, host="127.0.0.1", port=0, threads=4)
    print(listening.effective_port, flush=True)
    listening.run()


if __name__ == "__main__":
    main()
