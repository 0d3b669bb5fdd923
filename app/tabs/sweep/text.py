"""Texts of the Sweep tab: cost, progress, hints in empty maps, and a summary of the map."""

from __future__ import annotations

from functools import lru_cache

from app import ids
from app.sweep_jobs.jobs import Status, law_of
from app.tabs.sweep.figures import agreement_words
from app.text.numbers import duration, number, plural
from simulation.model.parameters import ParameterError
from simulation.sweeps.chart import SweepChart, whole_lines
from simulation.sweeps.cost import check_sweep, expected_seconds
from simulation.sweeps.grid import Sweep
from simulation.sweeps.preview import Preview
from simulation.sweeps.theory_map import ridge
from simulation.theory.escape_line import OUTSIDE_REASON


@lru_cache(maxsize=64)
def cost_of(sweep: Sweep) -> tuple[str, str]:
    """Return (reason, cost): the reason why the sweep is refused, or '', and its expected cost."""
    try:
        check_sweep(sweep)
    except ParameterError as error:
        return f"{error.allowed[:1].upper()}{error.allowed[1:]}.", ""
    rows, columns = sweep.shape
    runs = rows * columns * sweep.experiment.paths
    return "", f"{rows * columns:,} cells, {runs:,} paths: {took(sweep)}."


@lru_cache(maxsize=64)
def took(sweep: Sweep) -> str:
    """Return the expected duration of the sweep."""
    return f"about {duration(expected_seconds(sweep, law_of(sweep)))} of one core"


def status_words(status: Status) -> str:
    """Return the progress of the sweep in one line."""
    said = {
        "idle": "Not started." if not status.done else "Stopped; finished cells are kept.",
        "waiting": "Waiting for another sweep to finish.",
        "running": "Computing.",
        "done": "Complete.",
        "failed": "",
    }[status.state]
    share = f"{status.done:,} of {status.cells:,} cells."
    left = "" if status.left is None else f"About {duration(status.left)} left."
    return " ".join(filter(None, [said, share, left, status.note]))


def coarse_words(coarse: Preview, sweep: Sweep) -> str:
    """Return a sentence on what is measured before the sweep is started."""
    (rows, columns), paths = coarse.sweep.shape, coarse.sweep.experiment.paths
    many = f"{paths} {plural(paths, 'path')} each"
    cells = sweep.shape[0] * sweep.shape[1]
    return f"Coarse for now: {columns} × {rows} cells, {many}. Start measures all {cells:,}."


def words(chart: SweepChart, coarse: Preview | None = None) -> str:
    """Return a summary of the map in a few sentences; `coarse` if that is what it shows."""
    sweep = chart.measured.sweep
    said = [coarse_words(coarse, sweep)] if coarse else []
    said += [chart.law.silence or agreement_words(chart)]
    if chart.agreement.cells and (sweep.x.varied.in_rule or sweep.y.varied.in_rule):
        said.append("Cells share their noise, so neighbours lie on the same side of it.")
    said.append(soonest_words(chart))
    if len(chart.never[0]):
        said.append("A dot marks a cell where fewer than half the paths escape by T.")
    if len(chart.diverged[0]):
        said.append("A cross marks a cell where at least half of the paths diverge.")
    if len(chart.outside[0]) and chart.law.reason != OUTSIDE_REASON:
        said.append(f"A cell without a colour: {lowered(OUTSIDE_REASON)}")
    return " ".join(filter(None, said))


def lowered(sentence: str) -> str:
    """Return a sentence with its first letter in lower case, to follow a colon."""
    return sentence[:1].lower() + sentence[1:]


def soonest_words(chart: SweepChart) -> str:
    """Return the range of β of the fastest escapes and its source; '' if there is none."""
    sweep, measured = chart.measured.sweep, bool(len(chart.ridge[0]))
    line = ridge(sweep, whole_lines(chart.measured) if measured else chart.law.median)
    beta = line[sweep.y.key == "beta"]
    if not len(beta) or (chart.measured.complete and not measured):
        return ""
    ends = " to ".join(dict.fromkeys(number(float(end), 4) for end in (beta.min(), beta.max())))
    lines = "columns" if sweep.y.key == "beta" else "rows"
    known = "by the law"
    if measured:
        part = f"so far, in the {chart.whole} of {chart.lines} {lines} that are complete"
        known = "measured" if chart.whole == chart.lines else part
    dashed = (
        " Dashed: the balance, where the escape grows as ringing dies."
        if len(chart.balance[0])
        else ""
    )
    return f"Solid: the least β within 2 % of the fastest escape: {ends}, {known}.{dashed}"


def hints(chart: SweepChart, status: Status, coarse: Preview | None = None) -> dict[str, str]:
    """Return graph id → hint in place of an empty map; there is none over a coarse map."""
    sweep, law = chart.measured.sweep, chart.law
    refusal, _ = cost_of(sweep)
    begin = "Too much for this server." if refusal else f"Click Start: {took(sweep)}."
    said = {
        "idle": f"Not measured yet. {begin}",
        "waiting": "Waiting for another sweep to finish.",
        "running": "The first cells are being computed.",
    }
    measured = OUTSIDE_REASON if len(chart.outside[0]) == chart.decades.size else ""
    nothing = "Filled in as the cells are measured."
    return {
        ids.SWEEP_MAP: measured if status.done else "" if coarse else said.get(status.state, ""),
        ids.SWEEP_LAW: law.silence,
        ids.SWEEP_DIFFERENCE: "Nothing to compare."
        if law.silence or (refusal and not status.done)
        else ""
        if status.done
        else nothing,
    }
