"""The command `saddlescape`: serves the page; `saddlescape COMMAND` does something else."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module

from app.settings import Settings

# Command → "module:function" of (arguments: Sequence[str]) -> exit code, imported when asked for;
# and what it does.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("app.__main__:serve", "serve the page; so does no command at all"),
    "run": ("app.cli.run:main", "simulate a query of the address bar, write its numbers"),
    "sweep": ("app.cli.sweep:main", "escape times over a grid of experiments"),
    "warm": ("app.__main__:warm", "compile the kernels, serve nothing"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command of COMMANDS, `serve` where none is named; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words.pop(0) if words and words[0] in COMMANDS else "serve"
    module, _, function = COMMANDS[name][0].partition(":")
    command: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    return command(words)


def serve(arguments: Sequence[str]) -> int:
    """Compiles the kernels and serves the page until interrupted."""
    settings = Settings.from_environment()
    parser = argparse.ArgumentParser(
        prog="saddlescape",
        usage="%(prog)s [COMMAND] [options]",
        description="Why stochastic momentum escapes saddle points faster: serves the page.",
        epilog=listed(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default=settings.host, help="default: $HOST or %(default)s")
    parser.add_argument("--port", type=int, default=settings.port, help="default: $PORT or 8050")
    given = parser.parse_args(arguments)
    settings = replace(settings, host=given.host, port=given.port)
    tell(0.0)
    from waitress import create_server  # noqa: PLC0415 - after the progress line, not before

    from app.http import request_log  # noqa: PLC0415
    from app.server import create_app, warm_up  # noqa: PLC0415

    request_log.start(settings)
    app = create_app(settings)
    print(f"\rCompiling the kernels … done in {warm_up(app, tell):.1f} s", flush=True)
    server = create_server(
        app.server,
        host=settings.host,
        port=settings.port,
        threads=8,
        max_request_body_size=settings.max_body_bytes,
        ident="",
    )
    print(f"Saddlescape is at http://{settings.host}:{server.effective_port}/", flush=True)
    server.run()
    return 0


def listed() -> str:
    """The commands, a line each."""
    lines = [f"  {name:<8}{what}" for name, (_, what) in COMMANDS.items()]
    return "\n".join(["commands:", *lines, "", "saddlescape COMMAND --help says more of each."])


def tell(share: float) -> None:
    """The progress line: seconds the first time, then hardly seen."""
    print(f"\rCompiling the kernels … {share:.0%}", end="", flush=True)


def warm(arguments: Sequence[str]) -> int:
    """Compiles the kernels and draws one page, for an image's build; serves nothing."""
    from app.server import create_app, warm_up  # noqa: PLC0415

    print(f"warm after {warm_up(create_app()):.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
