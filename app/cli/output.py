"""Shared by the commands: options of an output file, writing of bytes, a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from app.cli.command import Command
from simulation.model.parameters import ParameterError

F = TypeVar("F", bound=Callable[..., object])


class EngineCommand(Command):
    """A command that reports invalid values and unusable files in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises ClickException for ParameterError and OSError."""
        try:
            return super().invoke(ctx)
        except (ParameterError, OSError) as error:
            raise click.ClickException(str(error)) from error


def output_options(formats: Collection[str]) -> Callable[[F], F]:
    """Return a decorator that adds `-o FILE` and a flag for each printable format.

    The command's function gets `output` and one boolean per flag.
    """
    endings = ", ".join(f".{name}" for name in formats)
    file = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Write to FILE; its ending tells the format: {endings}.",
    )
    flags = [
        click.option(f"--{name}", is_flag=True, help=f"{name.upper()}; printed without -o.")
        for name in formats if name != "npz"
    ]  # fmt: skip

    def add(function: F) -> F:
        for option in reversed((file, *flags)):
            function = option(function)
        return function

    return add


def chosen_format(output: Path | None, flags: dict[str, bool], formats: Collection[str]) -> str:
    """Return the requested format, '' for none; raises click.UsageError."""
    asked = [name for name in formats if flags.get(name)]
    if len(asked) > 1:
        raise click.UsageError(" and ".join(f"--{name}" for name in asked) + " exclude each other.")
    if asked:
        return asked[0]
    if output is None:
        return ""
    ending = output.suffix.removeprefix(".")
    if ending not in formats:
        endings = ", ".join(f".{name}" for name in formats)
        raise click.UsageError(f"Output “{output}” must be a file ending in {endings}.")
    return ending


def write(data: bytes, output: Path | None) -> None:
    """Write to the file, or to standard output if `output` is None."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(data)
        tell(f"{output}: {len(data):,} bytes")


def tell(text: str) -> None:
    """Print a line on standard error, so that standard output holds data only."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
    """Show a progress bar with the time left; yield a function of the fraction done, 0…1."""
    with click.progressbar(
        length=1000, label=label, file=sys.stderr, update_min_steps=1, show_percent=True
    ) as bar:

        def show(share: float) -> None:
            steps = round(1000 * share) - bar.pos
            if steps > 0:
                bar.update(steps)

        yield show
