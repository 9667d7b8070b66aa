"""The command app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import app as commands
from eisfit.cli.console import say


@commands.command()
def app(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Data files, a folder, a series.toml, or results (eisfit.h5); nothing to begin empty."
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="Of 127.0.0.1. Default: any that is free.")] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, and open no browser.")
    ] = False,
    session: Annotated[
        Path | None,
        typer.Option(
            help="Folder in which all that is done is kept. Default: one for these files, in your home."
        ),
    ] = None,
) -> None:
    """Open the pages in a browser: look, mask, choose a template, fit, export; Ctrl-C ends them, and nothing is lost.

    They are for one user on this computer. The address, with its token, is printed on stdout.
    """
    from eisfit.app.server import serve

    def told(text: str) -> None:
        print(text, flush=True) if text.startswith("http") else say(text)

    serve(files or [], port=port, browser=not no_browser, session=session, told=told)
