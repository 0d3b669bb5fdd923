"""The command `saddlescape`: serves the page; `saddlescape COMMAND` does something else."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module

from app.settings import Settings

# Command → "module:function" of (arguments: Sequence[str]) -> exit code; imported when asked for.
COMMANDS: Mapping[str, str] = {
    "serve": "app.__main__:serve",
    "run": "app.commands.run:main",
    "sweep": "app.commands.sweep:main",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command of COMMANDS, `serve` where none is named; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words.pop(0) if words and words[0] in COMMANDS else "serve"
    module, _, function = COMMANDS[name].partition(":")
    command: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    return command(words)


def serve(arguments: Sequence[str]) -> int:
    """Compiles the kernels and serves the page until interrupted."""
    settings = Settings.from_environment()
    parser = argparse.ArgumentParser(prog="saddlescape", description="Serve the page.")
    parser.add_argument("--host", default=settings.host, help="default: $HOST or %(default)s")
    parser.add_argument("--port", type=int, default=settings.port, help="default: $PORT or 8050")
    given = parser.parse_args(arguments)
    settings = replace(settings, host=given.host, port=given.port)
    warm()
    from waitress import create_server  # noqa: PLC0415

    from app.server import create_app  # noqa: PLC0415 — after the progress line, not before

    server = create_server(
        create_app(settings).server, host=settings.host, port=settings.port, threads=8
    )
    print(f"Saddlescape is at http://{settings.host}:{server.effective_port}/", flush=True)
    server.run()
    return 0


def warm() -> None:
    """Compiles the kernels (seconds the first time, then from the disk cache), saying so."""
    if importlib.util.find_spec("simulation.warm") is None:
        return
    began = time.perf_counter()
    print("Compiling the kernels … ", end="", flush=True)
    import_module("simulation.warm").warm()
    print(f"done in {time.perf_counter() - began:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
