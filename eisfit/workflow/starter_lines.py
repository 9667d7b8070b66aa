"""Lines of a series.toml that is written for its reader."""

from __future__ import annotations

import json
import os
from pathlib import Path

_COLUMN = 34  # where comments begin


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def line(text: str, comment: str) -> str:
    """Return a line with its comment, all of which begin in one column."""
    return f"{text.ljust(_COLUMN)}  # {comment}"


def relative(path: Path, folder: Path) -> str:
    """Return a path as a manifest in a folder names it."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on two drives
        return path.as_posix()


def is_text(name: str) -> bool:
    """Tell whether a name can be written as UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
