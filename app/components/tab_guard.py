"""Fault isolation: a tab that cannot be computed shows one sentence; the rest of the page works."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import html

from app import ids
from app.metrics import TAB_FAULTS
from simulation.model.parameters import ParameterError

log = logging.getLogger(__name__)
BROKEN = (
    "This tab could not be computed for this experiment; the fault has been logged. "
    "The other tabs still work."
)
Props = dict[str, dict[str, Any]]


def guarded(tab: str, compute: Callable[[], Props], empty: Callable[[], Props]) -> Props:
    """Return `compute()`, or `empty()` on failure, with the props of the tab's fault message.

    A ParameterError is shown as its message; any other exception is logged and counted.
    """
    try:
        return compute() | fault(tab, "")
    except ParameterError as error:
        return empty() | fault(tab, str(error))
    except Exception:
        log.exception("the tab %s could not be computed", tab)
        TAB_FAULTS.labels(tab).inc()
        return empty() | fault(tab, BROKEN)


def fault(tab: str, text: str) -> Props:
    """Return the props of the tab's fault message; hidden if the text is empty."""
    return {ids.fault(tab): {"children": text, "hidden": not text}}


def fault_outputs(tab: str) -> tuple[tuple[str, str], ...]:
    """Return the (id, prop) pairs of the fault message, for the tab's OUTPUTS."""
    return (ids.fault(tab), "children"), (ids.fault(tab), "hidden")


def fault_message(tab: str, shown: Props) -> html.P:
    """Return the fault message; `shown`: from `guarded`, or without its props if nothing failed."""
    props = shown.get(ids.fault(tab)) or fault(tab, "")[ids.fault(tab)]
    return html.P(id=ids.fault(tab), className="fault", role="alert", **props)
