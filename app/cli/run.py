"""`saddlescape run QUERY`: runs an experiment without the page; the query is the page's own."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence

from app.cli.output import add_output, chosen_format, guarded, progress_bar, write
from app.http.api import as_csv, as_json, run_tables
from simulation.export import npz, run_arrays
from simulation.parameters import format_number
from simulation.query import parse_query
from simulation.run import simulate
from simulation.summary import Summary, summarise
from simulation.trajectories import Trajectories

# Format → bytes: NPZ has the recorded trajectories, CSV and JSON the numbers that the page draws.
FORMATS: Mapping[str, Callable[[Trajectories], bytes]] = {
    "npz": lambda run: npz(run_arrays(run)),
    "csv": lambda run: as_csv(*run_tables(summarise(run))),
    "json": lambda run: as_json(*run_tables(summarise(run))),
}


def main(arguments: Sequence[str]) -> int:
    """Runs the experiment; prints a table unless told otherwise. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="saddlescape run", description=__doc__)
    parser.add_argument("query", help="the part of a link after ?, e.g. 'run=0,0.9&eta=0.01'")
    add_output(parser, FORMATS)
    parser.add_argument(
        "--record",
        type=int,
        default=256,
        metavar="PATHS",
        help="how many paths an NPZ holds (default: %(default)s)",
    )
    parser.add_argument(
        "--points",
        type=int,
        default=600,
        help="about how many steps are recorded (default: %(default)s)",
    )
    parser.add_argument("--threads", type=int, help="default: the cores")  # fmt: skip
    given = parser.parse_args(arguments)
    return guarded(lambda: run(given))


def run(given: argparse.Namespace) -> int:
    """The command, its arguments read."""
    experiment = parse_query(given.query)
    form = chosen_format(given, FORMATS)
    with progress_bar("Running") as show:
        result = simulate(
            experiment,
            record_paths=given.record,
            points=given.points,
            threads=given.threads,
            progress=show,
        )
    if form:
        write(FORMATS[form](result), given.output)
    else:
        print(table(summarise(result)))
    return 0


def table(summary: Summary) -> str:
    """A line for each contender: step size, median escape with its interval, counts, the law's."""
    rows = [("contender", "step size", "median", "95 % interval", "escaped", "diverged", "law")]
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
    """A number of steps, a dash where there is none."""
    return "—" if math.isnan(steps) else f"{steps:,.0f}"
