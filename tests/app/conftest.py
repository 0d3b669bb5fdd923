"""What the app's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.server import create_app


@pytest.fixture(scope="module")
def results_are_kept() -> Iterator[None]:
    """An app's context, in which the engine computes each result once."""
    with create_app().server.app_context():
        yield
