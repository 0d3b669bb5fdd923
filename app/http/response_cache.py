"""Per-process cache of HTTP responses that depend only on URL and Accept-Encoding.

Least recently used responses are dropped first; bodies are stored compressed. Results of the engine
are cached separately, shared by processes (app/storage/results.py).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.security import safe_join

from app.http import compression
from app.storage.singleflight import SingleFlight

ROOM = 24_000_000  # capacity of a process's cache, bytes
OWN = ("Content-Length", "Date")  # headers that each response sets itself
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")


def asset() -> str:
    """Return the asset's content coding and modification time."""
    path = safe_join(assets(), request.view_args["filename"]) if request.view_args else None
    written = os.stat(path).st_mtime_ns if path and os.path.isfile(path) else 0
    return f"{compression.file_coding()} {written}"


def assets() -> str:
    """Return the path of the assets folder."""
    return str(current_app.blueprints["_dash_assets"].static_folder)


CACHED_ENDPOINTS: Mapping[str, Callable[[], str]] = {
    "/_dash-layout": compression.accepted,
    "/_dash-dependencies": compression.accepted,
    "live.live": compression.accepted,
    compression.ASSETS: asset,
    compression.SUITES: compression.file_coding,
}
"""Endpoint → function returning what its response depends on besides the URL."""


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response as bytes. uncacheable: it depends on more than its key and must not be stored."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    uncacheable: bool

    @property
    def size(self) -> int:
        """Return the approximate size in bytes."""
        return len(self.body) + 1000


class ResponseCache:
    """LRU cache of responses, at most `room` bytes; concurrent misses of a key compute once."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._taken = room, 0
        self._kept: OrderedDict[str, CachedResponse] = OrderedDict()
        self._flights = SingleFlight[CachedResponse]()
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], CachedResponse]) -> CachedResponse:
        """Return the response of `key`; every waiting caller gets an exception of `make`."""
        if (found := self._lookup(key)) is not None:
            return found
        return self._flights.do(key, lambda: self._lookup(key) or self._made(key, make))[0]

    def _lookup(self, key: str) -> CachedResponse | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _made(self, key: str, make: Callable[[], CachedResponse]) -> CachedResponse:
        response = make()
        self._keep(key, response)
        return response

    def _keep(self, key: str, response: CachedResponse) -> None:
        if response.uncacheable or response.status != 200 or 4 * response.size > self._room:
            return
        with self._lock:
            self._kept[key] = response
            self._taken += response.size + len(key)
            while self._taken > self._room:
                old, dropped = self._kept.popitem(last=False)
                self._taken -= dropped.size + len(old)


def install(server: Flask) -> None:
    """Cache the responses of CACHED_ENDPOINTS; call after every route is registered."""
    cache = ResponseCache()
    for endpoint, vary_key in CACHED_ENDPOINTS.items():
        view = server.view_functions[endpoint]
        server.view_functions[endpoint] = cached_view(cache, view, vary_key)


def cached_view(
    cache: ResponseCache, view: Callable[..., Any], vary_key: Callable[[], str]
) -> Callable[..., Response]:
    """Return the view with its responses cached by URL and vary_key()."""

    @wraps(view)
    def respond(**parts: Any) -> Response:
        key = f"{vary_key()} {request.full_path}"
        cached = cache.get(key, lambda: render_response(lambda: view(**parts)))
        response = Response(cached.body, cached.status)
        response.headers.clear()
        response.headers.extend(cached.headers)
        response.make_conditional(request)
        return response

    return respond


def render_response(view: Callable[[], Any]) -> CachedResponse:
    """Return the full response of a view, ignoring the request's conditional headers."""
    conditions = {name: request.environ.pop(name) for name in CONDITIONS if name in request.environ}
    try:
        response = compression.compressed(current_app.make_response(view()))
    finally:
        request.environ.update(conditions)
    response.direct_passthrough = False  # a file that is not compressed: its bytes are kept too
    if not response.get_etag()[0]:  # ETag of the body: a repeated load gets 304
        response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest())
    headers = tuple((name, value) for name, value in response.headers if name not in OWN)
    return CachedResponse(
        response.status_code, headers, response.get_data(), g.get("uncacheable", False)
    )
