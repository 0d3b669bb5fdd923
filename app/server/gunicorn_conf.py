"""gunicorn's configuration: `gunicorn --config python:app.server.gunicorn_conf`.

The application is loaded and warmed once, before the workers are forked from it: a new worker's
first response is as fast as its hundredth. Variables: docs/deploy.md.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from app.settings import Settings, address, exit_on_setting_error

with exit_on_setting_error():
    _settings = Settings.from_environment()


def scratch(variable: str) -> None:
    """Point a variable that is not set to a new folder of this run, in the temporary folder."""
    if not os.environ.get(variable, "").strip():
        os.environ[variable] = tempfile.mkdtemp(prefix="saddlescape-")
        _scratch.append(os.environ[variable])


_scratch: list[str] = []
scratch("CACHE_DIR")
scratch("PROMETHEUS_MULTIPROC_DIR")
# Only now: these count together if they find the folder when they are imported.
from prometheus_client import multiprocess  # noqa: E402

from app.http.request_log import config_of  # noqa: E402
from app.server import balanced_worker  # noqa: E402
from simulation.runs.simulate import cores  # noqa: E402

wsgi_app = "app.server:wsgi()"
bind = address(_settings.host, _settings.port)
workers = _settings.web_workers or cores()
threads = _settings.web_threads
worker_class = "app.server.balanced_worker.BalancedWorker"
when_ready = balanced_worker.register_all
pre_fork = balanced_worker.register
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 30
limit_request_line = 8190  # a longer one is refused before the application sees it
control_socket_disable = True  # nothing but /tmp can be written where the root is read-only
logconfig_dict: dict[str, Any] = config_of(_settings) | {
    "loggers": {
        "gunicorn.error": {"level": _settings.log_level.upper(), "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "propagate": False},  # the app logs its requests
    }
}


def child_exit(server: Any, worker: Any) -> None:
    """Keep the counters of a worker that has ended; drop its gauges and connections."""
    balanced_worker.connection_counts.remove(worker.age)
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_exit(server: Any, worker: Any) -> None:
    """End a worker at once after its last response: LLVM's teardown can take seconds."""
    logging.shutdown()
    os._exit(0)


def on_exit(server: Any) -> None:
    """Remove the folders of this run."""
    for folder in _scratch:
        shutil.rmtree(folder, ignore_errors=True)
