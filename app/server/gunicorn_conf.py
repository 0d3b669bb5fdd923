"""gunicorn's configuration: `gunicorn --config python:app.server.gunicorn_conf`.

The app is loaded and warmed once, before the workers are forked from it: a fresh worker's first
answer is as quick as its hundredth. Variables: docs/deploy.md.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any


def scratch(variable: str) -> None:
    """Points a variable that is not set to a new folder of this run, in the temporary one."""
    if not os.environ.get(variable):
        os.environ[variable] = tempfile.mkdtemp(prefix="saddlescape-")
        _scratch.append(os.environ[variable])


_scratch: list[str] = []
scratch("CACHE_DIR")
scratch("PROMETHEUS_MULTIPROC_DIR")
# Only now: these count together if they find the folder when they are imported.
from prometheus_client import multiprocess  # noqa: E402

from app.http.request_log import config_of  # noqa: E402
from app.server import balanced_worker  # noqa: E402
from app.settings import Settings  # noqa: E402
from simulation.run import cores  # noqa: E402

_settings = Settings.from_environment()

wsgi_app = "app.server:wsgi()"
bind = f"{_settings.host}:{_settings.port}"
workers = int(os.environ.get("WEB_WORKERS") or cores())
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "app.server.balanced_worker.BalancedWorker"
when_ready = balanced_worker.register_all
pre_fork = balanced_worker.register
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 30
limit_request_line = 8190  # a longer one is refused before the app sees it
control_socket_disable = True  # nothing but /tmp can be written where the root is read-only
logconfig_dict: dict[str, Any] = config_of(_settings) | {
    "loggers": {
        "gunicorn.error": {"level": _settings.log_level.upper(), "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "propagate": False},  # the app logs its requests
    }
}


def child_exit(server: Any, worker: Any) -> None:
    """A worker that is gone leaves its counts, not its gauges nor its connections."""
    balanced_worker.connection_counts.remove(worker.age)
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_exit(server: Any, worker: Any) -> None:
    """A worker that has answered its last goes at once: LLVM's teardown can take seconds."""
    logging.shutdown()
    os._exit(0)


def on_exit(server: Any) -> None:
    """The folders of this run go with it."""
    for folder in _scratch:
        shutil.rmtree(folder, ignore_errors=True)
