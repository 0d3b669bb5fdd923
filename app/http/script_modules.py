"""The page's ES modules: served under a URL with a hash of their content, and preloaded.

Imports are relative, so all modules come from the folder in the page's URL of the entry module,
`/assets/modules/<version>/`. Its content never changes and is cached as immutable.
"""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from dash import Dash
from flask import g

from app.components.client_config import CONFIG, PRELOADS, client_config, config_tag
from app.http.compression import ASSETS

FOLDER = "modules"


def files(app: Dash) -> list[Path]:
    """Return the paths of the modules, sorted by name."""
    return sorted((Path(app.config.assets_folder) / FOLDER).glob("*.mjs"))


def version(app: Dash) -> str:
    """Return a hash of all modules, equal on every machine that serves them."""
    return _digest(tuple((path, path.stat().st_mtime_ns) for path in files(app)))


@lru_cache(maxsize=4)
def _digest(stamped: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path, _ in stamped:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def address(app: Dash) -> str:
    """Return the URL of the folder of modules, with a trailing slash."""
    return f"{app.get_asset_url(FOLDER)}/{version(app)}/"


def preloads(app: Dash) -> str:
    """Return `modulepreload` links for all modules, so that no import waits for its importer."""
    home = address(app)
    return "\n".join(f'<link rel="modulepreload" href="{home}{p.name}">' for p in files(app))


def install(app: Dash) -> None:
    """Serve the modules; write their tags and the client configuration into the page's HTML."""
    mimetypes.add_type("text/javascript", ".mjs")  # some systems have no media type for it
    prefix, folder = app.config.routes_pathname_prefix, app.config.assets_url_path.strip("/")
    rule = f"{prefix}{folder}/{FOLDER}/<version>/<filename>"
    app.server.add_url_rule(rule, endpoint=ASSETS)

    def find(_: str | None, values: dict[str, Any] | None) -> None:
        if values and "version" in values:
            g.immutable = values.pop("version") == version(app)
            values["filename"] = f"{FOLDER}/{values['filename']}"

    app.server.url_value_preprocessor(find)
    plain = app.interpolate_index

    def interpolated(**parts: str) -> str:
        config = client_config(app.config.requests_pathname_prefix, address(app))
        html: str = plain(**parts)  # type: ignore[no-untyped-call]
        return html.replace(PRELOADS, preloads(app)).replace(CONFIG, config_tag(config))

    app.interpolate_index = interpolated  # type: ignore[method-assign, assignment]
