"""The command group of `saddlescape`; a command's module is imported on first use."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from app.settings import SettingError

FAILURE, INTERRUPTED = 2, 130  # exit codes: an invalid argument or setting; Ctrl-C
DEFAULT = "serve"
HELP = ("-h", "--help")


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """The import target of a command, "module:function", and its one-line summary."""

    target: str
    summary: str

    def load(self) -> click.Command:
        """Import and return the command."""
        module, _, name = self.target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


COMMANDS: Mapping[str, LazyCommand] = {
    "serve": LazyCommand("app.cli.serve:serve", "Serve the page (the default command)."),
    "run": LazyCommand("app.cli.run:run", "Simulate one experiment and write its numbers."),
    "sweep": LazyCommand("app.cli.sweep:sweep", "Escape times over a grid of experiments."),
    "warm": LazyCommand("app.cli.serve:warm", "Compile the kernels and exit."),
}


class CommandGroup(click.Group):
    """The group of COMMANDS; defaults to `serve` if the first argument is an option or absent."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, with the default command inserted."""
        own = {name for option in self.get_params(ctx) for name in option.opts}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args.insert(0, DEFAULT)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        return COMMANDS[cmd_name].load() if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; raises NoSuchCommand with the closest one."""
        if args[0] not in COMMANDS:
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name without importing the commands."""
        return [
            CompletionItem(name, help=command.summary)
            for name, command in COMMANDS.items()
            if name.startswith(incomplete)
        ]


def show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print the version and exit."""
    if wanted and not ctx.resilient_parsing:
        from simulation.version import __version__  # noqa: PLC0415 - the engine takes a second to import

        click.echo(f"saddlescape {__version__}")
        ctx.exit()


@click.group(cls=CommandGroup, context_settings={"help_option_names": HELP})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version,
              help="Show the version and exit.")  # fmt: skip
def cli() -> None:
    """Why stochastic momentum escapes saddle points faster.

    Without a command the page is served: `saddlescape --port 8060`. Each command has a --help of
    its own.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command from the command line, or from `arguments`; return its exit code.

    An invalid argument or setting prints one line on standard error and returns 2; Ctrl-C returns
    130.
    """
    words = None if arguments is None else list(arguments)
    try:
        code: Any = cli.main(words, prog_name="saddlescape", standalone_mode=False)
    except click.ClickException as error:
        return failed(error.format_message())
    except SettingError as error:
        return failed(str(error))
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def failed(text: str) -> int:
    """Print a message on standard error; return the exit code of a failure."""
    click.echo(" ".join(text.split()), err=True)
    sys.stderr.flush()
    return FAILURE
