"""In the command, Matplotlib is imported without the help texts of its setters, which nobody can ask for there."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist

from eisfit.tools.stopping import is_command

_WRITES_HELP = "_update_set_signature_and_docstring"  # of Matplotlib 3.10 and 3.11; a quarter of its import


def without_help_texts() -> None:
    """Leave them out of all classes that are imported from now on, if this process is the command."""
    writer: Any = Artist
    if is_command() and hasattr(writer, _WRITES_HELP):
        setattr(writer, _WRITES_HELP, classmethod(lambda cls: None))


without_help_texts()  # with this module, which `eisfit.plots` imports first
