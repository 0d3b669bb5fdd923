"""The application factory."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from pathlib import Path

import dash
from flask import Flask

from app import metrics
from app.callbacks import registry as callbacks
from app.http import (
    api,
    callback_validation,
    compression,
    downloads,
    health,
    live,
    not_found,
    page_meta,
    request_log,
    response_cache,
    script_modules,
    security,
)
from app.layout import layout
from app.settings import Settings, exit_on_setting_error
from app.state.page_title import NAME
from app.storage.results import Results
from app.sweep_jobs import jobs
from simulation.precompile import precompile


def assets_folder() -> Path:
    """Return the path of the assets: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


def create_app(settings: Settings | None = None) -> dash.Dash:
    """Return the Dash app; its `.server` is the WSGI application. Raises SettingError."""
    settings = settings or Settings.from_environment()
    app = dash.Dash(
        "app",
        server=Flask("app", static_folder=None),  # type: ignore[arg-type]
        assets_folder=str(assets_folder()),
        assets_path_ignore=[f"^{script_modules.FOLDER}$"],  # no tags: main.mjs imports them
        title=NAME,
        update_title="",
        add_log_handler=False,
        serve_locally=True,
        enable_mcp=False,
    )
    server: Flask = app.server
    Results(server, settings)
    jobs.install(server, settings)
    app.layout = layout
    callbacks.register(app)
    script_modules.install(app)
    page_meta.install(app)
    server.register_blueprint(live.blueprint)
    server.register_blueprint(api.blueprint)
    server.register_blueprint(metrics.blueprint)
    server.register_blueprint(downloads.blueprint)
    server.register_blueprint(not_found.blueprint)
    health.install(server)
    request_log.install(server)
    security.install(server, settings, app.csp_hashes())
    compression.install(server)
    response_cache.install(server)
    callback_validation.install(app)
    return app


def wsgi() -> Flask:
    """Return the WSGI application for production: configured from the environment, warmed up."""
    with exit_on_setting_error():
        settings = Settings.from_environment()
        request_log.start(settings)
        app = create_app(settings)
    warm_up(app)
    server: Flask = app.server
    return server


def warm_up(app: dash.Dash, progress: Callable[[float], None] | None = None) -> float:
    """Compile the kernels, render the first page, compress its files; return the seconds taken.

    progress: called with the fraction of kernels compiled, 0…1.
    """
    began = time.perf_counter()
    precompile(progress)
    client = app.server.test_client()
    client.environ_base[request_log.QUIET] = True
    page = client.get("/").get_data(as_text=True)
    client.get("/_dash-layout")
    client.get("/_dash-dependencies")
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        for coding in compression.CODINGS:
            client.get(address, headers={"Accept-Encoding": coding})
    gc.collect()
    gc.freeze()  # long-lived objects: keep the garbage collector from scanning them
    health.ready(app.server)
    return time.perf_counter() - began
