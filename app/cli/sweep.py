"""`saddlescape sweep QUERY`: escape times over two varied parameters, local or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from app.cli.output import EngineCommand, chosen_format, output_options, progress_bar, tell, write
from app.settings import read_setting
from app.state.links import sweep_of
from simulation.export import MAP_FORMATS, map_arrays
from simulation.runs.simulate import cores
from simulation.storage import FolderStore, user_folder
from simulation.sweeps.cost import expected_seconds, tile_work
from simulation.sweeps.dask_backend import NoCluster, dask_cluster
from simulation.sweeps.grid import format_sweep
from simulation.sweeps.result_map import ResultMap
from simulation.sweeps.runner import Submit, run_sweep
from simulation.sweeps.theory_map import TheoryMap, agreement, theory_map
from simulation.sweeps.tiles import DIVERGED, NEVER


@click.command(cls=EngineCommand)
@click.argument("query")
@output_options(MAP_FORMATS)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Dask scheduler, tcp://host:8786.  [default: $DASK_SCHEDULER_ADDRESS]",
)
@click.option(
    "--threads",
    type=int,
    default=cores,
    metavar="N",
    help="Threads of this machine.  [default: the cores]",
)
@click.option("--store", type=click.Path(path_type=Path), default=user_folder, metavar="FOLDER",
              help="Folder of finished tiles, from which an interrupted sweep resumes.  "
                   "[default: ~/.cache/saddlescape/tiles]")  # fmt: skip
def sweep(
    query: str, output: Path | None, dask: str | None, threads: int, store: Path, **flags: bool
) -> None:
    """Compute the escape times of QUERY's grid and write them; without a format, print a summary.

    QUERY is an experiment and two axes, each key:low:high:cells:scale, or a link to the page's
    Sweep tab. Finished tiles are kept: the same command resumes an interrupted sweep. For example:

    \b
    saddlescape sweep -o map.npz \\
        'landscape=quadratic&x=beta:0:0.999:48:near-one&y=eta:0.003:0.3:48:log'
    """
    grid = sweep_of(query)
    form = chosen_format(output, flags, MAP_FORMATS)
    scheduler = read_setting("dask_scheduler_address") if dask is None else dask
    law = theory_map(grid)
    seconds = expected_seconds(grid, law)
    tell(f"{format_sweep(grid)}\nabout {seconds:,.0f} s of one core")
    with workers(scheduler, threads) as (executor, at_once), progress_bar("Sweep") as show:
        measured = run_sweep(
            grid,
            executor,
            FolderStore(store),
            on_tile=lambda _tile, _cells, progress: show(progress.share),
            at_once=at_once,
            work=tile_work(grid, law),
        )
    if form:
        write(MAP_FORMATS[form](map_arrays(measured, law)), output)
    tell_or_print: Callable[[str], None] = tell if form else click.echo
    tell_or_print(words(measured, law))


@contextmanager
def workers(scheduler: str | None, threads: int) -> Iterator[tuple[Executor | Submit, int]]:
    """Yield an executor (the cluster, else local threads) and how many tiles to submit at once."""
    with ExitStack() as stack:
        if scheduler:
            try:
                yield stack.enter_context(dask_cluster(scheduler))
                return
            except NoCluster as reason:
                tell(f"{reason} The sweep runs on this machine.")
        count = max(1, threads)
        yield stack.enter_context(ThreadPoolExecutor(count)), 2 * count


def words(measured: ResultMap, law: TheoryMap) -> str:
    """Return a summary of a map in a few lines of text."""
    status = measured.cells["status"]
    said = [f"{status.size:,} cells, {int((status == NEVER).sum()):,} never escape, "
            f"{int((status == DIVERGED).sum()):,} diverge"]  # fmt: skip
    found = agreement(measured, law)
    if law.silence:
        said.append(law.silence)
    elif found.cells:
        said.append(f"{found.within:,} of {found.cells:,} cells where the exact law applies are "
                    f"within 3 standard errors of it ({found.share:.1%})")  # fmt: skip
    return "\n".join(said)
