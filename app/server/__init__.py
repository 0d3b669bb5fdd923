"""The WSGI application, gunicorn's configuration and the health check.

`create_app`, `warm_up` and `wsgi` are imported on first use: gunicorn's configuration sets
environment variables that the application's modules read on import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.server.factory import create_app, warm_up, wsgi

__all__ = ["create_app", "warm_up", "wsgi"]


def __getattr__(name: str) -> Any:
    """Return a name in `__all__` from `app.server.factory`."""
    if name in __all__:
        return getattr(import_module("app.server.factory"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
