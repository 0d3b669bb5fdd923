"""`saddlescape serve` and `saddlescape warm`: run the production server; compile the kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from app.cli.command import Command
from app.settings import RANGES, Settings, address


@click.command(cls=Command)
@click.option("--host", help="Address to listen on.  [default: $HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(*RANGES["PORT"]), metavar="PORT",
              help="Port to listen on, 0 for any free one.  [default: $PORT or 8050]")  # fmt: skip
def serve(host: str | None, port: int | None) -> None:
    """Compile the kernels, then serve the page until interrupted.

    The other settings are environment variables: docs/deploy.md lists them.
    """
    settings = Settings.from_environment()
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    show_compiling(0.0)
    from waitress import create_server  # noqa: PLC0415 - after the progress line, not before

    from app.http import request_log  # noqa: PLC0415
    from app.server import create_app, warm_up  # noqa: PLC0415

    request_log.start(settings)
    app = create_app(settings)
    click.echo(f"\rCompiling the kernels … done in {warm_up(app, show_compiling):.1f} s")
    try:
        server = create_server(
            app.server,
            host=settings.host,
            port=settings.port,
            threads=8,
            max_request_body_size=settings.max_body_bytes,
            ident="",
        )
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        where = address(settings.host, settings.port)
        raise click.ClickException(f"The page cannot be served at {where}: {reason}.") from None
    where = address(settings.host, listening_port(server))
    click.echo(f"Saddlescape is at http://{where}/")
    server.run()


def listening_port(server: Any) -> int:
    """Return the port of a waitress server; the first one if it has several sockets."""
    sockets = getattr(server, "effective_listen", None)
    return int(sockets[0][1] if sockets else server.effective_port)


@click.command(cls=Command)
def warm() -> None:
    """Compile the kernels and draw one page, for an image's build; serve nothing."""
    from app.server import create_app, warm_up  # noqa: PLC0415

    click.echo(f"Compiled in {warm_up(create_app()):.1f} s")


def show_compiling(share: float) -> None:
    """Show the fraction of kernels compiled, on one line that is overwritten."""
    click.echo(f"\rCompiling the kernels … {share:.0%}", nl=False)
