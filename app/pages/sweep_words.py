"""What the Sweep tab says: the cost, how far it is, in place of a map, and of a map."""

from __future__ import annotations

from functools import lru_cache

from app import ids
from app.figures.sweep import agreement_words
from app.figures.text import number
from app.sweeps import Status, law_of
from simulation.law_map import ridge
from simulation.parameters import ParameterError
from simulation.phase_chart import PhaseChart, whole_lines
from simulation.sweep import Sweep
from simulation.sweep_budget import check_sweep, expected_work, pace


@lru_cache(maxsize=64)
def cost_of(sweep: Sweep) -> tuple[str, str]:
    """Why the sweep is refused or '', and what it takes, told before it starts."""
    try:
        check_sweep(sweep)
    except ParameterError as error:
        return f"{error.allowed[:1].upper()}{error.allowed[1:]}.", ""
    rows, columns = sweep.shape
    runs = rows * columns * sweep.experiment.paths
    return "", f"{rows * columns:,} cells, {runs:,} runs: {took(sweep)}."


@lru_cache(maxsize=64)
def took(sweep: Sweep) -> str:
    """How long the sweep takes, told before it starts."""
    seconds = pace(sweep) * expected_work(sweep, law_of(sweep))
    return f"about {duration(seconds)} of one core"


def status_words(status: Status) -> str:
    """How the sweep is, in one line."""
    said = {
        "idle": "Not started." if not status.done else "Stopped; what is finished is kept.",
        "waiting": "Waiting for another sweep to finish.",
        "running": "Computing.",
        "done": "Complete.",
        "failed": "",
    }[status.state]
    share = f"{status.done:,} of {status.cells:,} cells."
    left = "" if status.left is None else f"About {duration(status.left)} left."
    return " ".join(filter(None, [said, share, left, status.note]))


def duration(seconds: float) -> str:
    """A time as a person says it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def words(chart: PhaseChart) -> str:
    """What the map says, in a few sentences."""
    sweep, begun = chart.measured.sweep, bool(len(chart.ridge[0]))
    said = [chart.law.reason or agreement_words(chart)]
    if chart.agreement.cells and (sweep.x.varied.in_rule or sweep.y.varied.in_rule):
        said.append("Cells share their noise, so neighbours lie on the same side of it.")
    line = ridge(sweep, whole_lines(chart.measured) if begun else chart.law.median)
    beta = line[sweep.y.key == "beta"]
    if len(beta):
        ends = f"{number(float(beta.min()), 4)} to {number(float(beta.max()), 4)}"
        said.append(f"Solid: the least β within 2 % of the soonest escape ({ends}). Dashed: the "
                    "balance value.")  # fmt: skip
    if len(chart.never[0]):
        said.append("A dot marks a cell where fewer than half the paths escape by T.")
    if len(chart.diverged[0]):
        said.append("A cross marks a cell that diverges.")
    return " ".join(filter(None, said))


def hints(chart: PhaseChart, status: Status) -> dict[str, str]:
    """Graph id → what a map without a number says in its place."""
    sweep, law = chart.measured.sweep, chart.law
    refusal, _ = cost_of(sweep)
    begin = "Too much for this server." if refusal else f"Press Start: {took(sweep)}."
    said = {
        "idle": f"Not measured yet. {begin}",
        "waiting": "Waiting for another sweep to finish.",
        "running": "The first cells are on their way.",
    }
    nothing = "Filled in as the cells are measured."
    return {
        ids.SWEEP_MAP: "" if status.done else said.get(status.state, ""),
        ids.SWEEP_LAW: law.reason,
        ids.SWEEP_DIFFERENCE: "Nothing to compare."
        if law.reason
        else ""
        if status.done
        else nothing,
    }
