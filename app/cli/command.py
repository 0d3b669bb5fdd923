"""A click command whose long options may be abbreviated, as in `--out` for `--output`."""

from __future__ import annotations

import click


class Command(click.Command):
    """A command that accepts a long option by any unambiguous prefix."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, with abbreviated options expanded."""
        names = [name for option in self.get_params(ctx) for name in option.opts]
        end = args.index("--") if "--" in args else len(args)
        words = [_whole(word, names) for word in args[:end]]
        return super().parse_args(ctx, words + args[end:])


def _whole(word: str, names: list[str]) -> str:
    """Return the word with its option's full name, if exactly one option has that prefix."""
    start, equals, value = word.partition("=")
    found = [name for name in names if name.startswith(start)]
    if not start.startswith("--") or start in names or len(found) != 1:
        return word
    return f"{found[0]}{equals}{value}"
