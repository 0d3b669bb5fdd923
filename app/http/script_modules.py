"""The page's ES modules: served under an address that names their content, and preloaded.

An import names a file beside the importing one, so that all modules come from the one folder that
the page names: `/assets/modules/<version>/`. What is there never changes and is cached for good.
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
    """The modules, by name."""
    return sorted((Path(app.config.assets_folder) / FOLDER).glob("*.mjs"))


def version(app: Dash) -> str:
    """A hash of all modules; the same on every machine that serves them."""
    return _digest(tuple((path, path.stat().st_mtime_ns) for path in files(app)))


@lru_cache(maxsize=4)
def _digest(stamped: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path, _ in stamped:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def address(app: Dash) -> str:
    """Address of the folder of modules, with a slash at its end."""
    return f"{app.get_asset_url(FOLDER)}/{version(app)}/"


def preloads(app: Dash) -> str:
    """Links that tell the browser of all modules at once, before it has read their imports."""
    home = address(app)
    return "\n".join(f'<link rel="modulepreload" href="{home}{p.name}">' for p in files(app))


def install(app: Dash) -> None:
    """Serve the modules, and write their tags and the configuration into the page's HTML."""
    mimetypes.add_type("text/javascript", ".mjs")  # some systems know no type for it
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
