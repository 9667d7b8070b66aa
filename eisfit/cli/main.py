"""Run the command line; a user's mistake gives one sentence and an exit code."""

from __future__ import annotations

import gc
import importlib
import sys
from functools import cache
from typing import Any, NoReturn

import typer

from eisfit.cli.app import BAD_INPUT, DONE, NOTHING_READABLE, STOPPED, app
from eisfit.cli.console import allow_any_name, say, say_unread
from eisfit.cli.usage import plainer
from eisfit.errors import EisfitError
from eisfit.tools.stopping import caused_by_stop, finished, imported
from eisfit.workflow.read import NothingReadable
from eisfit.workflow.run import Stopped

_GARBAGE = (
    50_000,
    20,
    100,
)  # objects between two collections: with Python's 700, they take a tenth of the time


def main() -> NoReturn:
    """Run the command line; a user's mistake gives one sentence and an exit code, never a traceback."""
    allow_any_name()
    gc.set_threshold(*_GARBAGE)
    try:
        imported()
        code = _application()(standalone_mode=False)
        if code == STOPPED:
            raise KeyboardInterrupt
    except Stopped as error:
        say(str(error))
        sys.exit(STOPPED)
    except NothingReadable as error:
        say_unread(error.unread)
        say(str(error))
        sys.exit(NOTHING_READABLE)
    except EisfitError as error:
        say(str(error))
        sys.exit(BAD_INPUT)
    except typer.Exit as leave:
        sys.exit(leave.exit_code)
    except OSError as error:
        say(f"{error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        say("stopped; nothing is written")
        sys.exit(STOPPED)
    except Exception as error:
        if caused_by_stop(error):
            say("stopped; nothing is written")
            sys.exit(STOPPED)
        usage = getattr(error, "format_message", None)
        if usage is None:
            raise
        if usage():
            say(f"{plainer(usage(), sys.argv[1:])} See '{_asked(error)} --help'.")
        sys.exit(BAD_INPUT)
    finished()
    sys.exit(code if isinstance(code, int) else DONE)


@cache
def _application() -> Any:
    """Return the application with all its commands; typer would build them anew at every call."""
    importlib.import_module("eisfit.cli.commands")  # it adds the commands to the application
    return typer.main.get_command(app)


def _asked(error: Exception) -> str:
    """Return the command whose arguments are wrong."""
    command = getattr(getattr(error, "ctx", None), "info_name", None)
    names = {c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands}
    return f"eisfit {command}" if command in names else "eisfit"


if __name__ == "__main__":
    main()
