"""Logging: one line per request and event, as text or JSON, without client addresses or queries.

A request is logged by its route, status, duration and size, never by its contents.
"""

from __future__ import annotations

import json
import logging
import logging.config
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

from app.metrics import REQUEST_SECONDS, REQUESTS
from app.settings import Settings

log = logging.getLogger("saddlescape.request")
QUIET = "saddlescape.quiet"  # WSGI environment key: the request is neither logged nor counted
_FIELDS = ("method", "route", "status", "ms", "bytes")


class JsonLines(logging.Formatter):
    """Formats a record as a JSON line: time, level, logger, message, and a request's fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: vars(record)[name] for name in _FIELDS if name in vars(record)}
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def config_of(settings: Settings) -> dict[str, Any]:
    """Return the `logging.config` dictionary for this app and the server that runs it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": JsonLines},
            "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": settings.log_format}},
        "root": {"level": settings.log_level.upper(), "handlers": ["out"]},
        "loggers": {"werkzeug": {"level": "ERROR"}},
    }


def start(settings: Settings) -> None:
    """Configure the process's logging; call once at start-up."""
    logging.config.dictConfig(config_of(settings))


def install(server: Flask) -> None:
    """Log and count every request of the app."""
    server.before_request(_begin)
    server.after_request(_end)


def route() -> str:
    """Return the URL rule that the request matches, never its path; 'none' if there is no match."""
    return request.url_rule.rule if request.url_rule else "none"


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if request.environ.get(QUIET):
        return response
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    REQUESTS.labels(route(), response.status_code).inc()
    REQUEST_SECONDS.labels(route()).observe(seconds)
    said = {
        "method": request.method,
        "route": route(),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": response.content_length or 0,
    }
    if log.isEnabledFor(logging.INFO):
        log.info("%(method)s %(route)s %(status)s %(ms)s ms %(bytes)s B", said, extra=said)
    return response
