"""Compression: scripts and styles once for all, answers as they go; revalidation stays right.

Flask-Compress does the answers. Files it would compress anew for each reader, and their 304s would
break; here a file is compressed once, and its ETag names content and coding.
"""

from __future__ import annotations

import hashlib
import threading

import brotli
from flask import Flask, Response, request
from flask_compress import Compress

TEXT = frozenset({"application/javascript", "text/javascript", "text/css", "image/svg+xml",
                  "application/json"})  # fmt: skip
LEVEL = 6  # of Brotli: 5 % larger than its best, in a tenth of the time
SMALLEST = 500
ALGORITHMS = {"zstd": 1, "br": 3, "gzip": 4}  # for answers: best for the time, first


class Files:
    """Compressed files by content, each made once."""

    def __init__(self) -> None:
        self._made: dict[bytes, bytes] = {}
        self._lock = threading.Lock()

    def compressed(self, data: bytes, digest: bytes) -> bytes:
        """`data`, whose digest is `digest`, through Brotli."""
        with self._lock:
            if digest not in self._made:
                self._made[digest] = brotli.compress(data, quality=LEVEL)
            return self._made[digest]


def install(server: Flask) -> None:
    """Adds compression to the app; its files are those of Dash's suites and of the assets."""
    files = Files()
    server.config |= {
        "COMPRESS_MIMETYPES": [*TEXT, "text/html", "text/plain", "text/csv"],
        "COMPRESS_ALGORITHM": list(ALGORITHMS),
        "COMPRESS_ZSTD_LEVEL": ALGORITHMS["zstd"],
        "COMPRESS_BR_LEVEL": ALGORITHMS["br"],
        "COMPRESS_LEVEL": ALGORITHMS["gzip"],
        "COMPRESS_MIN_SIZE": SMALLEST,
        "COMPRESS_STREAMS": False,
    }
    Compress(server)

    def send_file(response: Response) -> Response:
        if is_file() and response.status_code == 200 and response.mimetype in TEXT:
            response.direct_passthrough = False
            data = response.get_data()
            digest = hashlib.blake2b(data, digest_size=12)
            response.set_etag(digest.hexdigest())
            if len(data) >= SMALLEST and request.accept_encodings.best_match(["br"]):
                response.set_data(files.compressed(data, digest.digest()))
                response.set_etag(f"{digest.hexdigest()}-br")
                response.headers["Content-Encoding"] = "br"
            response.vary.add("Accept-Encoding")
            response.make_conditional(request)
        return response

    server.after_request(send_file)


def is_file() -> bool:
    """Whether the request is for a script or a style."""
    endpoint = request.endpoint or ""
    return request.method in ("GET", "HEAD") and (
        endpoint == "_dash_assets.static" or endpoint.startswith("/_dash-component-suites/")
    )
