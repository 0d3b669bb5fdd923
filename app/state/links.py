"""Links read strictly, for the command line and the API: what the page would repair is refused."""

from __future__ import annotations

import pkgutil
from pathlib import Path
from urllib.parse import urlencode

from app.state.page_state import PASSING_KEYS, State, read
from app.state.view import SWEEP_TAB, VIEW_KEYS
from simulation.model.experiment import Experiment
from simulation.model.link import query_pairs
from simulation.sweeps.grid import AXIS_KEYS, Sweep, parse_sweep

# The tabs are packages named by their keys; importing them would load Dash.
TABS = tuple(
    info.name
    for info in pkgutil.iter_modules([str(Path(__file__).parents[1] / "tabs")])
    if info.ispkg
)
SHOWN_ONLY = {*VIEW_KEYS, *PASSING_KEYS} - {*AXIS_KEYS}  # keys that change no sweep


def experiment_of(link: str) -> Experiment:
    """Return the experiment of a link: a query or a URL of the page, with the keys of its view.

    A lesson's link has the lesson's experiment. Raises ParameterError at the first fault.
    """
    return _read(link).experiment


def sweep_of(link: str) -> Sweep:
    """Return the sweep of a link; raises ParameterError at the first fault.

    A link to the Sweep tab or a lesson is read as by the page: one of its optimizers, `cellN`
    paths. Any other is read by `parse_sweep`.
    """
    pairs = query_pairs(link)
    given = dict(reversed(pairs))
    if given.get("tab") == SWEEP_TAB or "lesson" in given:
        return _read(link).sweep
    view = [pair for pair in pairs if pair[0] in SHOWN_ONLY]
    _read(urlencode([*view, *(pair for pair in pairs if pair[0] == "run")]))
    return parse_sweep(urlencode([pair for pair in pairs if pair not in view]))


def _read(link: str) -> State:
    state, repairs = read(link, TABS)
    if repairs:
        raise repairs[0].error()
    return state
