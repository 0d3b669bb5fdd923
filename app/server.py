"""Puts the app together: `create_app` is the only place that composes."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from pathlib import Path

import dash
from flask import Flask

from app import (
    answers,
    api,
    bodies,
    callbacks,
    compression,
    health,
    live,
    logs,
    metrics,
    missing,
    script_modules,
    security,
    sweep_files,
    sweeps,
    takeaway,
)
from app.cache import Results
from app.layout import layout
from app.settings import Settings
from simulation.warm import warm

TITLE = "Saddlescape"


def assets_folder() -> Path:
    """Absolute path of the style sheets and scripts: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


def create_app(settings: Settings | None = None) -> dash.Dash:
    """The Dash app, whole; its `.server` is the WSGI application. Raises SettingError."""
    settings = settings or Settings.from_environment()
    app = dash.Dash(
        "app",
        server=Flask("app", static_folder=None),  # type: ignore[arg-type]
        assets_folder=str(assets_folder()),
        assets_path_ignore=[f"^{script_modules.FOLDER}$"],  # no tags: main.mjs imports them
        title=TITLE,
        update_title="",
        add_log_handler=False,
        serve_locally=True,
        enable_mcp=False,
    )
    server: Flask = app.server
    Results(server, settings)
    sweeps.install(server, settings)
    app.layout = layout
    callbacks.register(app)
    script_modules.install(app)
    server.register_blueprint(live.blueprint)
    server.register_blueprint(api.blueprint)
    server.register_blueprint(metrics.blueprint)
    server.register_blueprint(sweep_files.blueprint)
    server.register_blueprint(takeaway.blueprint)
    server.register_blueprint(missing.blueprint)
    health.install(server)
    logs.install(server)
    security.install(server, settings, app.csp_hashes())
    compression.install(server)
    answers.install(server)
    bodies.install(app)
    return app


def wsgi() -> Flask:
    """The WSGI application of a production server: settings from the environment, warm."""
    settings = Settings.from_environment()
    logs.start(settings)
    app = create_app(settings)
    warm_up(app)
    server: Flask = app.server
    return server


def warm_up(app: dash.Dash, progress: Callable[[float], None] | None = None) -> float:
    """Compiles the kernels, draws the first page and compresses its files; seconds taken.

    progress is told the share of the kernels that are compiled, 0…1.
    """
    began = time.perf_counter()
    warm(progress)
    client = app.server.test_client()
    client.environ_base[logs.QUIET] = True
    page = client.get("/").get_data(as_text=True)
    client.get("/_dash-layout")
    client.get("/_dash-dependencies")
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        for coding in compression.CODINGS:
            client.get(address, headers={"Accept-Encoding": coding})
    gc.collect()
    gc.freeze()  # what is there now stays: the collector need not walk it in the midst of answers
    health.ready(app.server)
    return time.perf_counter() - began
