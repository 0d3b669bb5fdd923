"""Puts the page together: `create_app` is the only place that composes."""

from __future__ import annotations

import importlib
from pathlib import Path

import dash

from app.cache import Results
from app.metrics import blueprint as metrics
from app.settings import Settings

TITLE = "Saddlescape"


def assets_folder() -> Path:
    """Absolute path of the style sheets and scripts: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


def create_app(settings: Settings | None = None) -> dash.Dash:
    """The Dash app, whole; its `.server` is the WSGI application."""
    settings = settings or Settings.from_environment()
    app = dash.Dash(
        "app",
        assets_folder=str(assets_folder()),
        title=TITLE,
        update_title="",
        add_log_handler=False,
        serve_locally=True,
    )
    Results(app.server, settings)
    app.server.register_blueprint(metrics)
    layout = _landed("app.layout")
    app.layout = layout.layout if layout else dash.html.Main(TITLE)
    if callbacks := _landed("app.callbacks"):
        callbacks.register(app)
    if live := _landed("app.live"):
        app.server.register_blueprint(live.blueprint)
    return app


def _landed(name: str):  # type: ignore[no-untyped-def]
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith(error.name or "?") and not (error.name or "").startswith(
            ("app", "simulation")
        ):
            raise
        return None
    needed = {"app.layout": "layout", "app.callbacks": "register", "app.live": "blueprint"}[name]
    return module if hasattr(module, needed) else None
