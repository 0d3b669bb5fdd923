"""Compressed responses: scripts and style sheets once per process, the rest per response.

Flask-Compress handles the rest. It would compress a file for each request and break conditional
requests (304); here a file is compressed once, and its ETag names content and coding.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Mapping

import brotli
from flask import Flask, Response, current_app, g, request
from flask_compress import Compress

TEXT = frozenset({"application/javascript", "text/javascript", "text/css", "image/svg+xml",
                  "application/json"})  # fmt: skip
LEVEL = 6  # Brotli's level: 5 % larger than at the highest level, in a tenth of the time
SMALLEST = 500
ASSETS = "_dash_assets.static"  # endpoint of the asset files
SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
EXTENSION = "saddlescape-compression"
ALGORITHMS = {"zstd": 1, "br": 3, "gzip": 4}  # dynamic responses, preferred first: levels


CODINGS: Mapping[str, Callable[[bytes], bytes]] = {  # for files: the smaller result first
    "br": lambda data: bytes(brotli.compress(data, quality=LEVEL)),
    "gzip": lambda data: gzip.compress(data, mtime=0),  # gzip: all that browsers accept without TLS
}


class Files:
    """Compressed files by coding and content digest, each compressed once."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, bytes], bytes] = {}
        self._lock = threading.Lock()

    def compressed(self, coding: str, data: bytes, digest: bytes) -> bytes:
        """Return `data`, whose digest is `digest`, in a coding of CODINGS."""
        with self._lock:
            key = coding, digest
            if key not in self._made:
                self._made[key] = CODINGS[coding](data)
            return self._made[key]


def install(server: Flask) -> None:
    """Install compression; the files are Dash's component suites and the assets."""
    server.config |= {
        "COMPRESS_MIMETYPES": [*TEXT, "text/html", "text/plain", "text/csv"],
        "COMPRESS_ALGORITHM": list(ALGORITHMS),
        "COMPRESS_ZSTD_LEVEL": ALGORITHMS["zstd"],
        "COMPRESS_BR_LEVEL": ALGORITHMS["br"],
        "COMPRESS_LEVEL": ALGORITHMS["gzip"],
        "COMPRESS_MIN_SIZE": SMALLEST,
        "COMPRESS_STREAMS": False,
    }
    server.extensions[EXTENSION] = Compress(server), Files()


def compressed(response: Response) -> Response:
    """Return the response in the coding that this request's client prefers."""
    compress, files = current_app.extensions[EXTENSION]
    if is_file() and response.status_code == 200 and response.mimetype in TEXT:
        send_file(response, files)
    out: Response = compress.after_request(response)
    return out


def send_file(response: Response, files: Files) -> None:
    """Compress a script or style sheet; its ETag names content and coding."""
    response.direct_passthrough = False
    data = response.get_data()
    digest = hashlib.blake2b(data, digest_size=12)
    response.set_etag(digest.hexdigest())
    coding = file_coding()
    if coding and len(data) >= SMALLEST:
        response.set_data(files.compressed(coding, data, digest.digest()))
        response.set_etag(f"{digest.hexdigest()}-{coding}")
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    # Dash puts an asset's modification time into its URL (`m`); the URL of a module holds a hash of
    # its content.
    if "m" in request.args or g.get("immutable"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"


def file_coding() -> str:
    """Return the coding of CODINGS that the client prefers; "" for none."""
    return request.accept_encodings.best_match(CODINGS) or ""


def accepted() -> str:
    """Return the request's Accept-Encoding."""
    return request.headers.get("Accept-Encoding", "")


def is_file() -> bool:
    """Return whether the request is for a script or a style sheet."""
    return request.endpoint in (ASSETS, SUITES)
