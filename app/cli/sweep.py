"""`saddlescape sweep QUERY`: escape times over two varied numbers, on this machine or a cluster."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.cli.output import add_output, chosen_format, guarded, progress_bar, tell, write
from simulation.cluster import NoCluster, cluster
from simulation.export import MAP_FORMATS, map_arrays
from simulation.law_map import LawMap, agreement, law_map
from simulation.phase_map import PhaseMap
from simulation.run import cores
from simulation.store import FolderStore, user_folder
from simulation.sweep import format_sweep, parse_sweep
from simulation.sweep_budget import expected_seconds, tile_work
from simulation.sweep_run import Submit, run_sweep
from simulation.tiles import DIVERGED, NEVER

ADDRESS = "DASK_SCHEDULER_ADDRESS"


def main(arguments: Sequence[str]) -> int:
    """Computes the map; prints what it says unless told otherwise. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="saddlescape sweep", description=__doc__)
    parser.add_argument(
        "query",
        help="an experiment and two axes, key:low:high:cells:scale, e.g. "
        "'landscape=quadratic&N=256&x=beta:0:0.999:48:near-one&y=eta:0.003:0.3:48:log'",
    )
    add_output(parser, MAP_FORMATS)
    parser.add_argument(
        "--dask",
        default=os.environ.get(ADDRESS),
        metavar="ADDRESS",
        help=f"a Dask scheduler, tcp://host:8786 (default: ${ADDRESS})",
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=cores(),
        help="threads of this machine (default: %(default)s)",
    )
    parser.add_argument("--store", type=Path, default=user_folder(), metavar="FOLDER",
                        help="where finished tiles are kept, for an interrupted sweep to resume "
                             "(default: %(default)s)")  # fmt: skip
    given = parser.parse_args(arguments)
    return guarded(lambda: run(given))


def run(given: argparse.Namespace) -> int:
    """The command, its arguments read."""
    sweep = parse_sweep(given.query)
    form = chosen_format(given, MAP_FORMATS)
    law = law_map(sweep)
    seconds = expected_seconds(sweep, law)
    tell(f"{format_sweep(sweep)}\nabout {seconds:,.0f} s of one core")
    store = FolderStore(given.store)
    with workers(given.dask, given.threads) as (executor, at_once), progress_bar("Sweep") as show:
        measured = run_sweep(
            sweep,
            executor,
            store,
            on_tile=lambda _tile, _cells, progress: show(progress.share),
            at_once=at_once,
            work=tile_work(sweep, law),
        )
    if form:
        write(MAP_FORMATS[form](map_arrays(measured, law)), given.output)
    tell_or_print: Callable[[str], None] = tell if form else print
    tell_or_print(words(measured, law))
    return 0


@contextmanager
def workers(scheduler: str | None, threads: int) -> Iterator[tuple[Executor | Submit, int]]:
    """Where tiles are computed and how many at once: the cluster, else threads of this machine."""
    with ExitStack() as stack:
        if scheduler:
            try:
                yield stack.enter_context(cluster(scheduler))
                return
            except NoCluster as reason:
                tell(f"{reason} The sweep runs on this machine.")
        count = max(1, threads)
        yield stack.enter_context(ThreadPoolExecutor(count)), 2 * count


def words(measured: PhaseMap, law: LawMap) -> str:
    """What a map says in a few lines."""
    status = measured.cells["status"]
    said = [f"{status.size:,} cells, {int((status == NEVER).sum()):,} never escape, "
            f"{int((status == DIVERGED).sum()):,} diverge"]  # fmt: skip
    found = agreement(measured, law)
    if law.reason:
        said.append(law.reason)
    elif found.cells:
        said.append(f"{found.within:,} of {found.cells:,} cells where the exact law applies are "
                    f"within 3 standard errors of it ({found.share:.1%})")  # fmt: skip
    return "\n".join(said)
