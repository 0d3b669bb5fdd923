"""What the commands share: the format of a file, where it goes, a progress bar, Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from simulation.parameters import ParameterError

FAULT, INTERRUPTED = 2, 130  # exit codes: a bad argument, Ctrl-C


def add_output(parser: argparse.ArgumentParser, formats: Collection[str]) -> None:
    """Adds `-o FILE` and one flag for each format that can be printed."""
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write here; the ending tells the format: " + ", ".join(formats),
    )
    flags = parser.add_mutually_exclusive_group()
    for name in formats:
        if name != "npz":
            flags.add_argument(f"--{name}", dest="format", action="store_const", const=name,
                               help=f"{name.upper()}; printed without -o")  # fmt: skip


def chosen_format(given: argparse.Namespace, formats: Collection[str]) -> str:
    """The format asked for, '' for none; raises ParameterError."""
    if given.format:
        return str(given.format)
    if given.output is None:
        return ""
    ending = given.output.suffix.removeprefix(".")
    if ending not in formats:
        raise ParameterError("output", str(given.output), "ending in ." + ", .".join(formats), None)
    return str(ending)


def write(data: bytes, output: Path | None) -> None:
    """Writes to the file, or to the standard output."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(data)
        tell(f"{output}: {len(data):,} bytes")


def tell(text: str) -> None:
    """A line for the person at the terminal, beside the data."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left on a terminal; the function takes the share done, 0…1."""
    with click.progressbar(
        length=1000, label=label, file=sys.stderr, update_min_steps=1, show_percent=True
    ) as bar:

        def show(share: float) -> None:
            steps = round(1000 * share) - bar.pos
            if steps > 0:
                bar.update(steps)

        yield show


def guarded(command: Callable[[], int]) -> int:
    """Runs a command: a bad value is one line and exit code 2, Ctrl-C one line and 130."""
    try:
        return command()
    except (ParameterError, OSError) as error:
        tell(str(error))
        return FAULT
    except KeyboardInterrupt:
        tell("Stopped.")
        return INTERRUPTED
