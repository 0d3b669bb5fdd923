"""gunicorn's configuration: `gunicorn --config python:app.server.gunicorn_conf`.

The application is loaded and warmed up once, before the workers are forked, so that a new worker's
first response is not slower than later ones. Environment variables: docs/deploy.md.
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
    """Set an unset variable to a new temporary folder, removed when the server exits."""
    if not os.environ.get(variable, "").strip():
        os.environ[variable] = tempfile.mkdtemp(prefix="saddlescape-")
        _scratch.append(os.environ[variable])


_scratch: list[str] = []
scratch("CACHE_DIR")
scratch("PROMETHEUS_MULTIPROC_DIR")
# After the variables are set: these modules read them on import.
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
control_socket_disable = True  # its socket cannot be created on a read-only root file system
logconfig_dict: dict[str, Any] = config_of(_settings) | {
    "loggers": {
        "gunicorn.error": {"level": _settings.log_level.upper(), "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "propagate": False},  # the app logs its requests
    }
}


def child_exit(server: Any, worker: Any) -> None:
    """Remove an ended worker's gauges and connection count; its counters are kept."""
    balanced_worker.connection_counts.remove(worker.age)
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_exit(server: Any, worker: Any) -> None:
    """Exit immediately after the last response: LLVM's teardown can take seconds."""
    logging.shutdown()
    os._exit(0)


def on_exit(server: Any) -> None:
    """Remove the temporary folders of this run."""
    for folder in _scratch:
        shutil.rmtree(folder, ignore_errors=True)
