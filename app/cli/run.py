"""`saddlescape run QUERY`: run an experiment without the page; QUERY is a page query."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from app.cli.output import EngineCommand, chosen_format, output_options, progress_bar, write
from app.state.links import experiment_of
from simulation.export import as_csv, as_json, npz, run_arrays, run_tables
from simulation.model.numbers import format_number
from simulation.results.summary import Summary, summarise
from simulation.runs.simulate import simulate
from simulation.runs.trajectories import Trajectories

# Format → encoder: NPZ has the recorded trajectories, CSV and JSON the numbers that the page draws.
FORMATS: Mapping[str, Callable[[Trajectories], bytes]] = {
    "npz": lambda run: npz(run_arrays(run)),
    "csv": lambda run: as_csv(*run_tables(summarise(run))),
    "json": lambda run: as_json(*run_tables(summarise(run))),
}


@click.command(cls=EngineCommand)
@click.argument("query")
@output_options(FORMATS)
@click.option(
    "--record",
    type=int,
    default=256,
    show_default=True,
    metavar="PATHS",
    help="Number of paths in an NPZ.",
)
@click.option(
    "--points",
    type=int,
    default=600,
    show_default=True,
    metavar="STEPS",
    help="About how many steps are recorded.",
)
@click.option("--threads", type=int, metavar="N",
              help="Threads of this machine.  [default: the cores]")  # fmt: skip
def run(
    query: str, output: Path | None, record: int, points: int, threads: int | None, **flags: bool
) -> None:
    """Simulate the experiment of QUERY and write its numbers; without a format, print a table.

    QUERY is a link to the page, or its part after the question mark, e.g. 'run=0,0.9&eta=0.01'.
    The keys of the page's view (tab, t, theme) change no number; lesson=3 is that lesson's
    experiment. An NPZ has the recorded trajectories, CSV and JSON the numbers that the page draws.
    """
    experiment = experiment_of(query)
    form = chosen_format(output, flags, FORMATS)
    with progress_bar("Running") as show:
        result = simulate(
            experiment, record_paths=record, points=points, threads=threads, progress=show
        )
    if form:
        write(FORMATS[form](result), output)
    else:
        click.echo(table(summarise(result)))


def table(summary: Summary) -> str:
    """Return a table: step size, median escape time, counts and exact median per contender."""
    rows = [("optimizer", "step size", "median", "95 % interval", "escaped", "diverged", "law")]
    pairs = zip(summary.experiment.contenders, summary.escape, strict=True)
    for i, (contender, escape) in enumerate(pairs):
        rows.append((
            contender.label,
            format_number(float(summary.step_sizes[i])),
            count(escape.median),
            f"{count(escape.ci_low)} … {count(escape.ci_high)}",
            f"{escape.escaped:,} of {escape.total:,}",
            f"{escape.diverged:,}",
            count(float(summary.predicted[i])),
        ))  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(w) if i == 0 else text.rjust(w)
                  for i, (text, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )  # fmt: skip


def count(steps: float) -> str:
    """Return a number of steps as text, a dash for NaN."""
    if math.isnan(steps):
        return "—"
    return f"{steps:,.1f}" if steps % 1 else f"{steps:,.0f}"
