"""The command line application and its exit codes."""

from __future__ import annotations

from typing import Annotated

import typer

DONE, SOME_FAILED, BAD_INPUT, NOTHING_READABLE, SOME_MISS = 0, 1, 2, 3, 4
STOPPED = 130  # by Ctrl-C


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Impedance spectra of heteroionic cells: contributions, activation energies, figures.\n\n"
    "Exit codes: 0 all done; 1 done, but a spectrum failed; 2 bad usage or input; 3 nothing readable; "
    "4 done, but a fit misses its data; 130 stopped by Ctrl-C: what was fitted until then is written.",
)


def exit_code(all_done: bool, any_missed: bool) -> int:
    """Return the code of a command that fits: what failed counts before what misses its data."""
    if not all_done:
        return SOME_FAILED
    return SOME_MISS if any_missed else DONE


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        import eisfit

        print(eisfit.__version__)
        raise typer.Exit
