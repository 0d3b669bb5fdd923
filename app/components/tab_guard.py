"""A tab that cannot be computed shows one sentence; the page and the other tabs go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import html

from app import ids
from app.metrics import TAB_FAULTS
from app.state.edits import spoken_error
from simulation.model.parameters import ParameterError

log = logging.getLogger(__name__)
BROKEN = (
    "This tab could not be computed for this experiment; the fault has been logged. "
    "The other tabs still work."
)
Props = dict[str, dict[str, Any]]


def guarded(tab: str, compute: Callable[[], Props], empty: Callable[[], Props]) -> Props:
    """`compute()`, or `empty()` and the reason; with the props of the tab's fault message.

    A ParameterError says its own sentence; any other exception is logged and counted.
    """
    try:
        return compute() | fault(tab, "")
    except ParameterError as error:
        return empty() | fault(tab, spoken_error(error))
    except Exception:
        log.exception("the tab %s could not be computed", tab)
        TAB_FAULTS.labels(tab).inc()
        return empty() | fault(tab, BROKEN)


def fault(tab: str, text: str) -> Props:
    """The props of the tab's fault message; hidden where there is no text."""
    return {ids.fault(tab): {"children": text, "hidden": not text}}


def fault_outputs(tab: str) -> tuple[tuple[str, str], ...]:
    """The (id, prop) pairs of the fault message, for the tab's OUTPUTS."""
    return (ids.fault(tab), "children"), (ids.fault(tab), "hidden")


def fault_message(tab: str, shown: Props) -> html.P:
    """The fault message; `shown` as `guarded` returns it, or without it where nothing failed."""
    props = shown.get(ids.fault(tab)) or fault(tab, "")[ids.fault(tab)]
    return html.P(id=ids.fault(tab), className="fault", role="alert", **props)
