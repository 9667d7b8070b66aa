"""An interrupt by the user (Ctrl-C) while the command is still being imported."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import PurePath
from types import FrameType

EXIT_CODE = 130  # of a process that Ctrl-C has ended, as shells give it: 128 + SIGINT


def while_importing() -> None:
    """Let Ctrl-C end the command ``eisfit`` with one line, until `imported`; other programs are left alone."""
    if is_command() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def imported() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def finished() -> None:
    """Let Ctrl-C change nothing any more: all is written, and the command ends."""
    if is_command():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def caused_by_stop(error: BaseException) -> bool:
    """Tell whether an error has come of an interrupt, as an import that was stopped may raise one of its own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(2, b"eisfit: stopped; nothing is written\n")
    os._exit(EXIT_CODE)


def is_command() -> bool:
    """Tell whether this process is the command, started by its script or with ``python -m``."""
    given = sys.orig_argv
    if "-m" in given[:-1] and given[given.index("-m") + 1] in ("eisfit", "eisfit.cli"):
        return True
    return bool(sys.argv) and PurePath(sys.argv[0]).stem in ("eisfit", "eisfit-script")


while_importing()  # with this module, which `eisfit` imports first
