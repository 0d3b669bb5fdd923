"""Prometheus metrics and `/metrics`, summed over the workers of a server.

Metrics record the kind of a request only: no client address, no query (docs/deploy.md).
"""

from __future__ import annotations

from flask import Blueprint, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client import REGISTRY as PROCESS

from app.settings import read_setting

blueprint = Blueprint("metrics", __name__)

RUNS = Counter("saddlescape_engine_runs", "Computations by the engine", ["kind"])
RUN_SECONDS = Histogram(
    "saddlescape_engine_seconds", "Time of one computation", ["kind"],
    buckets=(0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)  # fmt: skip
CACHE = Counter(
    "saddlescape_cache",
    "Look-ups: hit, miss, joined (being computed), passed (of a drag)",
    ["answer"],
)
CACHE_FAULTS = Counter("saddlescape_cache_faults", "A shared cache that failed or was hung")
TAB_FAULTS = Counter("saddlescape_tab_faults", "Tabs that could not be computed", ["tab"])
REQUESTS = Counter("saddlescape_requests", "Answered requests", ["route", "status"])
REQUEST_SECONDS = Histogram(
    "saddlescape_request_seconds", "Time of one answer", ["route"],
    buckets=(0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 1, 3, 10),
)  # fmt: skip


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return all metrics of this server in Prometheus's text format."""
    registry = PROCESS
    if read_setting("prometheus_multiproc_dir"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
